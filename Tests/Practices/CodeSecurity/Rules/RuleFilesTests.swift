#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("Rule files")
    struct RuleFilesTests {
        private func errors(_ texts: [String: String]) -> [String] {
            RuleFiles(MemoryFiles(texts)).errors.map { "\($0.path):\($0.line): \($0.reason)" }
        }

        private let right = TestRules.yaml("pattern: danger(...)", id: "right")

        @Test(
            "a wrong file is left out with its line and the reason; the others stay",
            arguments: [
                ("rules:\n  - id: a\n    colour: red\n", 3, "unknown key colour"),
                ("rules:\n  - id: A b\n    severity: note\n", 2, "lower case"),
                ("rules:\n  - id: a\n", 2, "severity is missing"), ("rules: []\n", 1, "no list named rules"),
                ("nothing: here\n", 1, "no list named rules"), ("- a\n", 1, "no list named rules"),
                ("rules:\n  - {id: a, severity: loud}\n", 2, "severity is error, warning or note"),
                ("rules:\n  - id: a\n    severity: note\n    languages: [cobol]\n", 2, "unknown language cobol"),
                ("rules: [\n", 0, "not YAML"), ("", 0, "empty"), ("\u{0}", 0, "not YAML"),
            ])
        func wrong(yaml: String, line: Int, reason: String) throws {
            let files = RuleFiles(MemoryFiles(["a.yaml": yaml, "b.yaml": right]))
            #expect(files.rules.map(\.id) == ["right"])
            let error = try #require(files.errors.first)
            #expect(files.errors.count == 1 && error.path == "a.yaml")
            #expect(error.reason.contains(reason), "\(error)")
            #expect(error.line >= line)
        }

        @Test(
            "a wrong search is refused with its line",
            arguments: [
                ("pattern: ''", "pattern is a text"), ("pattern: $X", "not usable"),
                ("pattern-regex: '('", "not usable"),
                ("pattern-not: a()", "nothing in the rule says what to find"), ("patterns: []", ""),
                ("pattern: a()\n    pattern-regex: b", "a rule has one of"), ("mode: taint", "pattern-sources"),
                ("patterns: [{pattern: a(), colour: red}]", "unknown key colour"),
                (
                    "patterns: [{pattern: $X(1)}, {metavariable-regex: {metavariable: X, regex: a}}]",
                    "metavariable is missing"
                ),
                (
                    "patterns: [{pattern: $X(1)}, {metavariable-comparison: {comparison: '$X is big'}}]",
                    "comparison is written"
                ),
                ("patterns: [{pattern: $X(1)}, {metavariable-constant: {metavariable: $X, kind: odd}}]", "kind is"),
                ("pattern-regex: '(a*)*{1000}{1000}'", "not usable"),
            ])
        func wrongSearch(search: String, reason: String) throws {
            let files = RuleFiles(MemoryFiles(["a.yaml": TestRules.yaml(search)]))
            let error = try #require(files.errors.first, "\(search) was taken")
            #expect(error.reason.contains(reason), "\(error)")
            #expect(error.line > 1)
        }

        @Test(
            "a rule that asks for what it never binds, and one whose brackets do not close, are refused",
            arguments: [
                ("pattern: 'KDF.derive(password: $P'", "m", "( has no partner"), ("pattern: 'foo((('", "m", "( has"),
                ("pattern: 'foo(])'", "m", "] has no partner"), ("pattern: 'foo(\"a)'", "m", "\" has no partner"),
                ("pattern: f($A)", "the $B", "binds $B"),
                (
                    "patterns: [{pattern: f($A)}, {metavariable-regex: {metavariable: $NOPE, regex: a}}]", "m",
                    "binds $NOPE"
                ),
                ("patterns: [{pattern: f($A)}, {pattern-not: f($B)}]", "$B", "binds $B"),
                ("patterns: [{pattern: f($A)}, {focus-metavariable: $B}]", "m", "binds $B"),
                ("patterns: [{pattern: f($A)}, {metavariable-comparison: {comparison: $C < 3}}]", "m", "binds $C"),
            ])
        func unbound(search: String, message: String, reason: String) throws {
            let yaml = TestRules.yaml(search).replacing("message: m", with: "message: \(message)")
            let error = try #require(RuleFiles(MemoryFiles(["a.yaml": yaml])).errors.first, "\(search) was taken")
            #expect(error.reason.contains(reason), "\(error)")
            #expect(error.line > 1)
        }

        @Test(
            "what patterns, parts of an expression, property lists and nested conditions bind is known",
            arguments: [
                ("pattern: f($A, $...REST)", "$A and $REST"), ("pattern-regex: 'a(b)'", "$1 for $5"),
                (
                    "patterns: [{pattern: f($A)}, {pattern-not: {patterns: [{pattern: f($B)}, "
                        + "{metavariable-regex: {metavariable: $B, regex: a}}]}}]", "$A"
                ),
                ("patterns: [{pattern: f($A)}, {pattern-inside: 'g($B, ...)'}]", "$A in $B"),
            ])
        func bound(search: String, message: String) throws {
            let yaml = TestRules.yaml(search).replacing("message: m", with: "message: \(message)")
            #expect(RuleFiles(MemoryFiles(["a.yaml": yaml])).errors.isEmpty)
        }

        @Test("numbers that MASWE does not have are refused", arguments: ["maswe: [MASWE-9999]", "maswe-beta: [0001]"])
        func weaknesses(member: String) throws {
            let yaml = TestRules.yaml("pattern: f(...)").replacing("cwe: [CWE-1]", with: "cwe: [CWE-1], \(member)")
            let error = try #require(RuleFiles(MemoryFiles(["a.yaml": yaml])).errors.first)
            #expect(error.reason.contains("of MASWE"))
        }

        @Test("a message ends as a sentence, whatever the file says")
        func sentences() throws {
            #expect(try TestRules.danger().map(\.message) == ["m."])
        }

        @Test("an id that stands twice, in a file or in two, is refused")
        func duplicates() {
            #expect(
                errors(["a.yaml": right, "b.yaml": right]) == ["b.yaml:0: the id right stands in another file too"])
            let twice = right + right.split(separator: "\n").dropFirst().joined(separator: "\n")
            #expect(errors(["a.yaml": twice]) == ["a.yaml:0: the id right stands twice"])
        }

        @Test("a folder without rules says so, and a single file may have any name")
        func names() {
            #expect(errors(["a.txt": "", "b.txt": ""]).count == 1)
            #expect(RuleFiles(MemoryFiles(["mine.yml": right])).rules.map(\.id) == ["right"])
        }

        @Test("a file over 256 KiB is refused")
        func large() {
            #expect(
                errors(["a.yaml": "# " + String(repeating: "x", count: 300_000)]).first?.contains("256 KiB") == true)
        }
    }
#endif
