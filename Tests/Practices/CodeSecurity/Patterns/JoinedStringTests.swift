#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("Strings that are put together")
    struct JoinedStringTests {
        private func found(_ code: String) throws -> [String] {
            let source = SourceText(path: "a.swift", text: code)
            let analysis = FileAnalysis(tree: FrontEnds.tree(of: source, language: .swift))
            return try Pattern(parsing: "\"$S\"", language: .swift).matches(in: analysis).compactMap { match in
                guard case .text(let text)? = match.bindings["$S"], analysis.tree[match.node].kind == .binary else {
                    return nil
                }
                return text
            }
        }

        @Test("a chain of constants is one string wherever it stands")
        func anywhere() throws {
            #expect(try found("f(\"a\" + \"b\" + \"c\")") == ["abc"])
            #expect(try found("func f() -> String { let a = \"x\"\n return a + \"y\" }") == ["xy"])
            #expect(try found("g(key: [\"a\" + \"b\", \"c\"])") == ["ab"])
        }

        @Test("the longest part that is known counts, and sums of numbers and of unknown values are no strings")
        func parts() throws {
            #expect(try found("f(\"a\" + \"b\" + x)") == ["ab"])
            #expect(try found("f(x + \"a\")") == [])
            #expect(try found("f(1 + 2)") == [])
            #expect(try found("f(\"a\" + \"\\(x)\")") == [])
        }

        @Test("a rule finds a secret in an argument that is written in two parts, once")
        func rule() throws {
            let yaml = """
                patterns:
                      - pattern: '"$S"'
                      - metavariable-regex: {metavariable: $S, regex: 'tok_[a-z]{6}$'}
                """
            let engine = ScanEngine(rules: try TestRules.rules(yaml))
            let code = "start(\"tok_\" + \"abcdef\")\nstart(\"\" + \"tok_abcdef\")\nstart(\"tok_\" + x)"
            let lines = engine.scan(MemoryFiles(["a.swift": code])).findings.map(\.start.line)
            #expect(lines == [1, 2])
        }
    }
#endif
