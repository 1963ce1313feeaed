#if Scanner
    import Synchronization
    import Testing

    @testable import CodeSecurity

    @Suite("The engine")
    struct ScanEngineTests {
        /// Says for every file that has its word where it lies, and notes what it saw.
        private struct Witness: FilePass {
            let words = [RequiredWord("witness")]

            func run(_ file: FileInput) -> FilePassResult {
                guard file.has(RequiredWord("witness")) else { return FilePassResult() }
                let place = file.source.position(at: 0)
                let fact = Fact(
                    kind: "seen", value: file.language.rawValue, path: file.source.path, start: place, end: place,
                    context: file.context)
                return FilePassResult(
                    facts: [fact], notes: [ScanNote(kind: .configuration, path: file.source.path, text: "seen")])
            }
        }

        /// One finding in the first file that a witness named, with how many there were.
        private struct Jury: ProjectPass {
            func run(facts: [Fact], paths: [String]) -> [Finding] {
                guard let first = facts.first else { return [] }
                return [
                    Finding(
                        ruleID: "jury", severity: .note, message: "\(facts.count) of \(paths.count)", path: first.path,
                        start: first.start, end: first.end, snippet: [], context: first.context, fingerprint: "jury")
                ]
            }
        }

        private let files = MemoryFiles([
            "App/a.swift": "// witness\ndanger(1)", "App/b.m": "int witness;", "AppTests/c.swift": "// witness",
            "Pods/d.swift": "// witness", "e.swift": "danger(2)", "f.unknown": "witness",
        ])

        private func scan(_ change: (inout ScanOptions) -> Void = { _ in }) throws -> ScanResult {
            var options = ScanOptions()
            change(&options)
            let engine = ScanEngine(rules: try TestRules.danger(), passes: [Witness()], projectPasses: [Jury()])
            return engine.scan(files, options: options)
        }

        @Test("passes see the chosen files, in the order of their paths, and project passes all facts")
        func passes() throws {
            let result = try scan()
            #expect(result.notes.map(\.path) == ["App/a.swift", "App/b.m", "AppTests/c.swift", ""])
            #expect(
                result.findings.map { "\($0.ruleID) \($0.path) \($0.message)" } == [
                    "jury App/a.swift 3 of 6", "danger App/a.swift m.", "danger e.swift m.",
                ])
            #expect(result.fileCount == 4)
        }

        @Test("vendored code and tests are read as the options say")
        func choices() throws {
            #expect(try scan { $0.includesVendored = true }.fileCount == 5)
            #expect(try scan { $0.includesTests = false }.fileCount == 3)
            #expect(try scan { $0.excluded = [PathGlob("App/**")] }.fileCount == 2)
        }

        @Test("a file is parsed only when a rule's words stand in it")
        func lazy() throws {
            #expect(try scan().parsedFileCount == 2)
        }

        @Test("the order of results does not depend on the number of threads")
        func stable() throws {
            var texts: [String: String] = [:]
            for number in 0..<200 {
                texts["f\(number).swift"] = String(repeating: "danger(\(number))\n", count: number % 7)
            }
            let engine = ScanEngine(rules: try TestRules.danger())
            func run(_ threads: Int) -> [String] {
                var options = ScanOptions()
                options.threadCount = threads
                return engine.scan(MemoryFiles(texts), options: options).findings.map { "\($0.path):\($0.start.line)" }
            }
            let one = run(1)
            #expect(one.count == (0..<200).reduce(0) { $0 + $1 % 7 })
            #expect(run(2) == one)
            #expect(run(16) == one)
            #expect(run(0) == one)
        }

        @Test("progress counts every file")
        func progress() throws {
            let steps = Mutex<[Int]>([])
            _ = ScanEngine(rules: try TestRules.danger()).scan(files) { done, total in
                #expect(total == 4)
                steps.withLock { $0.append(done) }
            }
            #expect(steps.withLock { $0.sorted() } == [1, 2, 3, 4])
        }

        @Test("a rule leaves test code alone unless it says otherwise")
        func testCode() throws {
            let files = MemoryFiles(["AppTests/a.swift": "danger(1)"])
            #expect(ScanEngine(rules: try TestRules.danger()).scan(files).findings.isEmpty)
            let yaml = TestRules.yaml("pattern: danger(...)\n    tests: true")
            let found = ScanEngine(rules: try TestRules.rules(yaml: yaml)).scan(files).findings
            #expect(found.map(\.context) == [.test])
        }

        @Test("a file that imports the test framework is test code wherever it lies")
        func importsOfTests() throws {
            let engine = ScanEngine(rules: try TestRules.danger())
            let texts = [
                "Tour/a.swift": "import XCTest\ndanger(1)", "Tour/b.swift": "// import XCTest\ndanger(1)",
                "Tour/c.m": "#import <XCTest/XCTest.h>\nvoid f(void) { danger(1); }",
                "Tour/d.swift": "import Foundation\n@testable import App\ndanger(1)",
            ]
            var options = ScanOptions()
            options.includesTests = false
            #expect(engine.scan(MemoryFiles(texts), options: options).findings.map(\.path) == ["Tour/b.swift"])
            #expect(engine.scan(MemoryFiles(texts)).findings.map(\.path) == ["Tour/b.swift"])
        }

        @Test("code inside #if DEBUG and previews says so")
        func contexts() throws {
            let text = "danger(0)\n#if DEBUG\ndanger(1)\n#endif\n#if !DEBUG\ndanger(2)\n#endif\n#Preview { danger(3) }"
            let found = ScanEngine(rules: try TestRules.danger()).scan(MemoryFiles(["a.swift": text])).findings
            #expect(found.map(\.context) == [.production, .debug, .production, .preview])
        }

        @Test("a fingerprint survives moved lines and blanks, and tells equal places apart")
        func fingerprints() throws {
            let engine = ScanEngine(rules: try TestRules.danger())
            func prints(_ text: String) -> [String] {
                engine.scan(MemoryFiles(["a.swift": text])).findings.map(\.fingerprint)
            }
            let before = prints("danger(1, 2)\ndanger(1, 2)\ndanger(3)")
            #expect(Set(before).count == 3)
            #expect(prints("import X\n\ndanger(1,\n   2)\n  danger(1, 2)\nfunc f() { danger(3) }") == before)
        }

        @Test("rules that exclude a path do not speak about it")
        func excludedPaths() throws {
            let rules = try TestRules.rules("pattern: danger(...)\n    paths: {exclude: ['Demo/**']}")
            let found = ScanEngine(rules: rules).scan(
                MemoryFiles(["Demo/a.swift": "danger(1)", "App/a.swift": "danger(1)"]))
            #expect(found.findings.map(\.path) == ["App/a.swift"])
        }
    }
#endif
