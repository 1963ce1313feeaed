#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("Rules and their samples")
    struct RuleFixtureTests {
        private static let repository = RepositoryFiles(folder: "Rules")
        private static let loaded = RuleFiles(repository)
        private static let run = FixtureRun(rules: loaded.rules, files: repository)

        @Test("every rule file can be read")
        func readable() {
            #expect(Self.loaded.errors.isEmpty, "\(Self.loaded.errors)")
            #expect(Self.loaded.rules.count >= 40)
        }

        @Test("a sample is found where it says so and nowhere else", arguments: run.samples.map(\.path))
        func sample(path: String) throws {
            let file = try #require(Self.run.samples.first { $0.path == path })
            #expect(Self.run.failures(in: file) == [])
        }

        @Test("every rule has two positive and two negative samples")
        func enough() {
            #expect(Self.run.rulesWithTooFewMarks() == [])
        }

        @Test("a rule that has a number of MASWE's beta has one of version 1.0.0 too")
        func weaknesses() {
            for rule in Self.loaded.rules where !rule.metadata.masweBeta.isEmpty {
                #expect(!rule.metadata.maswe.isEmpty, "\(rule.id)")
            }
        }

        @Test("ids are unique")
        func unique() {
            let ids = Self.loaded.rules.map(\.id)
            #expect(Set(ids).count == ids.count)
        }

        @Test("the program carries these rules; `buckler-scan rules pack` writes them anew")
        func packed() throws {
            let pack = try RulePack.pack(Self.loaded.values)
            #expect(pack == PackedRules.json, "PackedRules.swift is behind Rules/")
            let carried = try RulePack.builtIn()
            #expect(carried.map(\.id).sorted() == Self.loaded.rules.map(\.id).sorted())
        }

        @Test("words worked out ahead are those worked out now")
        func words() throws {
            let carried = Dictionary(uniqueKeysWithValues: try RulePack.builtIn().map { ($0.id, $0.requiredWords) })
            for rule in Self.loaded.rules {
                #expect(
                    Set((carried[rule.id] ?? []).map(Set.init)) == Set(rule.requiredWords.map(Set.init)), "\(rule.id)")
            }
        }
    }
#endif
