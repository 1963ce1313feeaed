#if Scanner
    import CodeSecurity
    import Foundation
    import Testing

    @Suite("Rule catalogue")
    struct RuleCatalogueTests {
        @Test("Docs/Rules.md is what the rules and their samples say")
        func page() throws {
            let files = RuleFolder()
            let rules = RuleFiles(files).rules
            let samples = FixtureRun(rules: rules, files: files).samplesByRule()
            try expectGenerated("Docs/Rules.md", RuleCatalogue(rules: rules, samples: samples).markdown)
        }
    }

    /// The files below `Rules/` of this checkout.
    private struct RuleFolder: ProjectFiles {
        private static let folder = "Rules/"

        func list() -> (files: [ProjectFile], notes: [ScanNote]) {
            let paths = (try? Repository.current.files(below: Self.folder)) ?? []
            return (paths.map { ProjectFile(path: String($0.dropFirst(Self.folder.count)), byteCount: 0) }, [])
        }

        func bytes(of file: ProjectFile) -> [UInt8]? {
            (try? Data(contentsOf: Repository.current.root.appending(path: Self.folder + file.path))).map {
                [UInt8]($0)
            }
        }
    }
#endif
