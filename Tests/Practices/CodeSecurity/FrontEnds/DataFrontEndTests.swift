import Testing

@testable import CodeSecurity

@Suite("Front ends of data")
struct DataFrontEndTests {
    private func list(_ text: String, path: String = "Info.plist") -> PropertyList {
        let source = SourceText(path: path, text: text)
        return PropertyList(tree: FrontEnds.tree(of: source, language: Language(path: path) ?? .propertyList))
    }

    private func value(_ key: String, in list: PropertyList) -> String? {
        list.root.flatMap { list.entry(key, of: $0) }.flatMap { list.text($0.value) }
    }

    @Test("character references, CDATA and comments make one value")
    func xmlText() {
        let list = list(
            "<plist><dict><key>a&amp;b</key><string>x &lt;<!-- no -->&#x79;<![CDATA[<&z>]]></string></dict></plist>")
        #expect(value("a&b", in: list) == "x <y<&z>")
    }

    @Test("entities of a document type stay as they are written")
    func noEntityExpansion() {
        let list = list(
            "<!DOCTYPE p [<!ENTITY a \"bbbb\"><!ENTITY b '&a;&a;'>]><plist><dict><key>k</key><string>&b;</string></dict></plist>"
        )
        #expect(value("k", in: list) == "&b;")
    }

    @Test("a pair reaches from its key to the end of its value")
    func places() throws {
        let list = list("<plist>\n<dict>\n\t<key>k</key>\n\t<true/>\n</dict></plist>")
        let root = try #require(list.root)
        let entry = try #require(list.entry("k", of: root))
        #expect(list.tree.text(entry.node) == "<key>k</key>\n\t<true/>")
        #expect(list.tree.source.position(at: Int(list.tree[entry.node].start)).line == 3)
        #expect(list.boolean(entry.value) == true)
    }

    @Test(
        "every prefix of a property list can be read",
        arguments: ["Info.plist", "project.pbxproj", "a.json", "a.storyboard", "a.xcconfig"])
    func truncated(path: String) {
        let texts = [
            "Info.plist":
                "<?xml version=\"1.0\"?><plist><dict><key>a</key><array><string>x</string><integer>3</integer></array></dict></plist>",
            "project.pbxproj": "// !$*UTF8*$!\n{ a = { b = (c, \"d\\\"e\", /* f */ <0a>); }; }",
            "a.json": "{\"a\": [1, true, null, \"\\u00e9\\\"\"], \"b\": {\"c\": -1.5e3}}",
            "a.storyboard": "<document a=\"1\" b='2'><x y=z/>text<![CDATA[t]]></document>",
            "a.xcconfig": "#include \"x\"\nA[sdk=iphone*] = b // c\nD = $(A)\n",
        ]
        let text = texts[path] ?? ""
        for count in 0...text.utf8.count {
            let source = SourceText(path: path, bytes: Array(text.utf8.prefix(count)))
            let tree = FrontEnds.tree(of: source, language: Language(path: path) ?? .text)
            #expect(tree.nodes.allSatisfy { $0.start <= $0.end && Int($0.end) <= count })
        }
    }

    @Test("nesting far beyond the bound is read without recursion")
    func deep() {
        for text in [String(repeating: "<array>", count: 100_000), String(repeating: "(", count: 100_000)] {
            let list = list("<plist><dict><key>k</key>" + text)
            #expect(list.root != nil)
        }
    }

    @Test("old property lists have strings, arrays and dictionaries")
    func ascii() throws {
        let list = list("{ name = Release; \"quoted key\" = \"a\\\"b\"; list = (x, y,); }", path: "project.pbxproj")
        #expect(value("name", in: list) == "Release")
        #expect(value("quoted key", in: list) == "a\"b")
        let root = try #require(list.root)
        let array = try #require(list.entry("list", of: root)?.value)
        #expect(list.entries(of: array).count == 2)
    }

    @Test("build settings end before a comment and lose their condition")
    func settings() {
        let list = list("A[config=Release] = YES // no\n// B = 1\n", path: "x.xcconfig")
        #expect(value("A", in: list) == "YES")
        #expect(value("B", in: list) == nil)
    }

    @Test("columns in a line as long as the file are those of UTF-16")
    func longLine() {
        let source = SourceText(path: "x", text: String(repeating: "é😀a", count: 5_000) + "b")
        #expect(source.position(at: source.bytes.count - 1).column == 20_001)
        #expect(source.position(at: 7 * 4_000).column == 16_001)
    }
}
