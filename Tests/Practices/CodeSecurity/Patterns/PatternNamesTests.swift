#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("Names that patterns need")
    struct PatternNamesTests {
        private func names(_ text: String) throws -> Set<UInt64> {
            Set(try Pattern(parsing: text, language: .swift).requiredNames)
        }

        private func hashes(_ names: String...) -> Set<UInt64> { Set(names.map { CodeTree.hash($0) }) }

        @Test("callees, members and names count; holes, labels, literals and what an ellipsis passes over do not")
        func collected() throws {
            #expect(try names("Insecure.MD5.hash(data: $X)") == hashes("Insecure", "MD5", "hash"))
            #expect(try names("func $F(...) { ... <... danger($X, of: \"y\") ...> ... }") == hashes("danger"))
            #expect(try names("var $N = $T(...)") == [])
            #expect(try names("let $X = a + b.c[0]") == hashes("a", "b", "c"))
            #expect(try names("$X.$F(...)") == [])
        }

        @Test("a formula needs all of its parts, one of its alternatives, and what stands around")
        func formulas() throws {
            let source = SourceText(path: "a.swift", text: "func f() { one(two) }")
            let analysis = FileAnalysis(tree: FrontEnds.tree(of: source, language: .swift))
            func pattern(_ text: String) -> Formula { .pattern(PatternSource(text, line: 1)) }
            let (one, two, none) = (pattern("one(...)"), pattern("two"), pattern("three(...)"))
            #expect(analysis.mayHold(.all([one, two])))
            #expect(!analysis.mayHold(.all([one, none])))
            #expect(analysis.mayHold(.any([none, two])))
            #expect(!analysis.mayHold(.any([none, none])))
            #expect(!analysis.mayHold(.all([one, .inside(none)])))
            #expect(analysis.mayHold(.all([one, .not(none), .notInside(none)])))
            #expect(analysis.mayHold(.all([one, .only([.objectiveC], .inside(none))])))
            #expect(!analysis.mayHold(.only([.objectiveC], one)))
        }

        @Test("no pattern of a rule holds in a sample that lacks its names", arguments: samples())
        func sound(path: String) throws {
            let bytes = try #require(Self.repository.bytes(of: ProjectFile(path: path, byteCount: 0)))
            let language = try #require(Language(path: path))
            let source = SourceText(path: path, bytes: bytes)
            let analysis = FileAnalysis(tree: FrontEnds.tree(of: source, language: language))
            let area = path.split(separator: "/").first.map(String.init)
            for rule in Self.rules where rule.metadata.area == area {
                for source in rule.search.patterns {
                    guard let pattern = try? source.pattern(in: language), !analysis.mayHold(pattern) else { continue }
                    #expect(pattern.search(in: analysis).isEmpty, "\(rule.id), line \(source.line)")
                }
            }
        }

        private static let repository = RepositoryFiles(folder: "Rules")
        private static let rules = RuleFiles(repository).rules
        private static func samples() -> [String] {
            repository.list().files.map(\.path).filter {
                Language(path: $0).map { $0 == .swift || $0 == .objectiveC } ?? false
            }
        }
    }
#endif
