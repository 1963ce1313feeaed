#if Scanner
    import Synchronization
    import Testing

    @testable import CodeSecurity

    @Suite("The history")
    struct HistoryScanTests {
        private final class Versions: FileHistory {
            private let left: Mutex<[FileVersion]>

            init(_ versions: [(commit: String, path: String, text: String)]) {
                left = Mutex(
                    versions.enumerated().map {
                        FileVersion(
                            commit: $1.commit, path: $1.path, bytes: Array($1.text.utf8), number: $0 + 1)
                    })
            }

            func next() -> FileVersion? { left.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
        }

        private func found(_ versions: [(commit: String, path: String, text: String)], threads: Int = 2) throws
            -> [String]
        {
            let rules =
                try TestRules.rules("pattern-regex: 'token_[a-z]{8}'", id: "leak", area: "secrets") + TestRules.danger()
            let engine = ScanEngine(rules: rules)
            var options = ScanOptions()
            options.threadCount = threads
            let present = engine.scan(MemoryFiles(["a.swift": "let t = \"token_presentt\""]), options: options)
            return engine.withHistory(Versions(versions), of: present, options: options).findings.map {
                "\($0.ruleID) \($0.path):\($0.start.line) \($0.commit ?? "-")"
            }
        }

        @Test("a secret that was removed is reported once, with the oldest commit that has it")
        func removed() throws {
            let versions = [
                ("c3", "a.swift", "let t = \"token_presentt\""), ("c2", "a.swift", "\nlet t = \"token_goneaway\""),
                ("c1", "a.swift", "let t = \"token_goneaway\""),
            ]
            #expect(try found(versions) == ["leak a.swift:1 -", "leak a.swift:1 c1"])
            #expect(try found(versions, threads: 8) == ["leak a.swift:1 -", "leak a.swift:1 c1"])
        }

        @Test("only rules about secrets look at the history")
        func onlySecrets() throws {
            #expect(try found([("c1", "b.swift", "danger(1)")]) == ["leak a.swift:1 -"])
        }

        @Test("binary, vendored and unknown files are left out as in the files of today")
        func leftOut() throws {
            let token = "let t = \"token_abcdefgh\""
            let versions = [
                ("c1", "Pods/b.swift", token), ("c1", "b.unknown", token), ("c1", "b.swift", "\0" + token),
            ]
            #expect(try found(versions) == ["leak a.swift:1 -"])
        }
    }
#endif
