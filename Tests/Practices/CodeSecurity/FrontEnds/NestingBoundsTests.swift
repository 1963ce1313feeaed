import Testing

@testable import CodeSecurity

@Suite("Nesting for the parser of Swift")
struct NestingBoundsTests {
    private func bounded(_ text: String) -> String? {
        NestingBounds.bounded(Array(text.utf8)).map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
    }

    @Test("brackets as deep as people write them stay")
    func ordinary() {
        #expect(bounded(nested(NestingBounds.maximumSquareDepth)) == nil)
        #expect(bounded("let a = [[1], [2]]; b[c[d]] = []") == nil)
        #expect(bounded("]]]]" + nested(3)) == nil)
    }

    @Test("deeper ones become blanks, and every byte keeps its place")
    func deep() {
        let limit = NestingBounds.maximumSquareDepth
        let blanks = String(repeating: " ", count: 3)
        let outer = String(repeating: "[", count: limit)
        let inner = String(repeating: "]", count: limit)
        #expect(bounded(nested(limit + 3)) == outer + blanks + "1" + blanks + inner)
    }

    @Test("what is open when a brace closes is forgotten, what is open around it is not")
    func braces() {
        let half = String(repeating: "[", count: NestingBounds.maximumSquareDepth / 2 + 1)
        #expect(bounded("{ \(half) } { \(half) }") == nil)
        #expect(bounded("{ \(half) { \(half) } }") != nil)
    }

    @Test("parentheses, braces, conditionals and branches are bounded as well; what people write stays")
    func others() {
        func repeated(_ unit: String, _ count: Int) -> String { String(repeating: unit, count: count) }
        for (open, close) in [("(", ")"), ("{", "}")] {
            let limit = NestingBounds.maximumDepth
            #expect(bounded(repeated(open, limit) + "1" + repeated(close, limit)) == nil)
            #expect(
                bounded(repeated(open, limit + 2) + "1" + repeated(close, limit + 2))
                    == repeated(open, limit) + "  1  " + repeated(close, limit))
        }
        #expect(bounded(repeated("let a = b ? c : d\n", 500)) == nil)
        #expect(bounded(repeated("a ? ", 17)) == repeated("a ? ", 16) + "a   ")
        #expect(bounded("let a = b" + repeated(" ?? c", 500)) == nil)
        #expect(bounded(repeated("if a { b() } else { c() }\n", 500)) == nil)
        let chain = "if a { }" + repeated(" else if a { }", 257)
        #expect(bounded(chain) == "if a { }" + repeated(" else if a { }", 256) + "      if a { }")
    }

    @Test("a file that goes too deep again and again is read up to there")
    func cut() {
        let opened = NestingBounds.maximumSquareDepth + NestingBounds.maximumBlanks
        let kept = String(repeating: "[", count: NestingBounds.maximumSquareDepth)
        #expect(
            bounded(String(repeating: "[", count: 100_000))
                == kept + String(repeating: " ", count: opened - NestingBounds.maximumSquareDepth))
    }

    @Test("after a stretch that is left out, what is open is closed and the next declaration is read")
    func gap() throws {
        let text = "let a = " + String(repeating: "[", count: 500) + "\nfunc b() {}\n"
        let result = try #require(bounded(text))
        #expect(result.utf8.count == text.utf8.count)
        #expect(
            result.hasSuffix(" " + String(repeating: "]", count: NestingBounds.maximumSquareDepth) + "\nfunc b() {}\n"))
        #expect(NestingBounds.bounded(Array(text.utf8))?.partialFrom == 8 + NestingBounds.maximumSquareDepth)
    }

    @Test("brackets in strings and comments say nothing about the code")
    func texts() throws {
        for text in [
            "let a = \"[\"\n", "let a = #\"[\"(\"#\n", "// [ { (\n", "/* [ /* ( */ { */ a()\n",
            "\"\"\"\n[ \\(b) {\n\"\"\"\n",
        ] {
            #expect(bounded(String(repeating: text, count: 300)) == nil, "\(text)")
        }
        let deep = "let a = \"" + String(repeating: "[", count: 300) + "\"; b()"
        let result = try #require(NestingBounds.bounded(Array(deep.utf8)))
        #expect(result.partialFrom == nil)
        #expect(result.bytes.count == deep.utf8.count)
    }

    @Test("comments and strings between the links of a chain do not hide it")
    func hidden() {
        for unit in [".c()/**/", ".c(\"\")", "/*;*/.c", ".c(a, b)\n  // d\n", "[0]", "()", ".0"] {
            let chain = "a" + String(repeating: unit, count: NestingBounds.maximumLinks + 2)
            #expect(NestingBounds.bounded(Array(chain.utf8))?.partialFrom != nil, "\(unit)")
        }
        #expect(bounded(String(repeating: "a ? /*;*/ ", count: 17)) != nil)
    }

    #if Scanner
        @Test(
            "a file of nested brackets is read in an instant", .timeLimit(.minutes(5)), arguments: [40, 2_000, 200_000])
        func time(depth: Int) {
            let source = SourceText(path: "a.swift", text: "danger(1)\nlet a = " + nested(depth))
            let tree = FrontEnds.tree(of: source, language: .swift)
            #expect(FileAnalysis(tree: tree).calls(named: CodeTree.hash("danger")).count == 1)
        }
    #endif
}
