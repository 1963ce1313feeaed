import Testing

@testable import CodeSecurity

@Suite("LinearExpression work and encoding")
struct LinearExpressionWorkTests {
    @Test(
        "patterns that ruin backtracking engines need work in proportion to the text",
        arguments: [
            "(a|aa)+$", "(a*)*$", "(a*)*b", "(?:a+)+b", "(a|a)*b", "(x+x+)+y", "(.*)*z", "(?:a?){50}a{50}b",
            "(a|b|ab)*c",
        ])
    func linearWork(pattern: String) throws {
        let scanner = try LinearExpression(parsing: pattern).makeScanner()
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
        let match = scanner.firstMatch(in: text)
        #expect((match != nil) == pattern.hasSuffix("$"))
        if let match { #expect(match.range == 0..<100_000) }
        #expect(scanner.workCount < 100_000 * 25)
    }

    @Test("states that explode are thrown away, and the result is still right")
    func boundedStates() throws {
        var limits = ExpressionLimits()
        limits.maximumCacheByteCount = 50_000
        let scanner = try LinearExpression(parsing: "[ab]*a[ab]{14}c", limits: limits).makeScanner()
        var random = SplitMix(seed: 3)
        var text = (0..<20_000).map { _ in UInt8(ascii: random.below(2) == 0 ? "a" : "b") }
        #expect(scanner.firstMatch(in: text) == nil)
        text.append(contentsOf: Array("abbbbbbbbbbbbbbc".utf8))
        #expect(scanner.firstMatch(in: text)?.range == 0..<text.count)
        #expect(scanner.workCount < 20_000 * 100)
    }

    @Test(
        "a dot and a negated class take one scalar, or what is left of one",
        arguments: [
            ([0xC3, 0xA9], true), ([0xE2, 0x82, 0xAC], true), ([0xF0, 0x9F, 0x98, 0x80], true), ([0x61], true),
            ([0xFF], true), ([0x80], true), ([0xC3], true), ([0xE2, 0x82], true), ([0xF0, 0x9F, 0x98], true),
            ([0x0A], false), ([], false), ([0xC3, 0x61], false), ([0x61, 0xA9], false), ([0xC3, 0xA9, 0xA9], false),
            ([0xE2, 0x82, 0xE2], false),
        ] as [([UInt8], Bool)])
    func scalars(bytes: [UInt8], isOne: Bool) throws {
        for pattern in ["^.$", "^[^x\\n]$", "^(.)$"] {
            #expect((try LinearExpression(parsing: pattern).firstMatch(in: bytes) != nil) == isOne, "\(pattern)")
        }
    }

    @Test("classes and literals above ASCII are matched by scalar")
    func beyondASCII() throws {
        #expect(try LinearExpression(parsing: "^[ä-ü]+$").isMatch("äéü"))
        #expect(try !LinearExpression(parsing: "[ä-ü]").isMatch("Ää\u{0}".replacing("ä", with: "")))
        #expect(try LinearExpression(parsing: "^[^é]$").isMatch("è"))
        #expect(try !LinearExpression(parsing: "[^é]").isMatch("é"))
        #expect(try LinearExpression(parsing: "^é{2}$").isMatch("éé"))
        #expect(try LinearExpression(parsing: "^[\\u0080-\\x{10FFFF}]{3}$").isMatch("é€😀"))
        #expect(try LinearExpression(parsing: "^[\\u07ff-\\x{10000}]{3}$").isMatch("\u{7FF}\u{800}\u{10000}"))
        #expect(try !LinearExpression(parsing: "[\\u0800-\\x{ffff}]").isMatch("\u{7FF}\u{10000}"))
        #expect(try LinearExpression(parsing: "(?i)É").isMatch("É"))
        #expect(try !LinearExpression(parsing: "(?i)É").isMatch("é"))
    }

    @Test(
        "the literals every match contains are found for a prefilter",
        arguments: [
            ("AKIA[0-9A-Z]{16}", ["AKIA"], false), ("(?i)\\b(AKIA|ASIA)\\w+", ["akia", "asia"], true),
            ("(?:ghp|gho)_[0-9a-zA-Z]{36}", ["ghp_", "gho_"], false), ("\\w+", [], false), ("a?", [], false),
            ("(?:key|secret).*=", ["key", "secret"], false), ("x[ab]y", ["xay", "xby"], false),
            (".*longword.*ab", ["longword"], false), ("(?:abc)+", ["abc"], false), ("(?:abc)*z", ["z"], false),
            ("abc|\\d", [], false), ("é", ["é"], false), ("\\d(?i:pass)word", ["password"], true), ("", [], false),
            ("a{3}\\d", ["aaa"], false), ("colou?r\\d", ["color", "colour"], false),
        ])
    func requiredLiterals(pattern: String, expected: [String], ignoresCase: Bool) throws {
        let expression = try LinearExpression(parsing: pattern)
        let found = expression.requiredLiterals.map { String(decoding: $0, as: UTF8.self) }
        #expect(Set(found) == Set(expected))
        #expect(expression.requiredLiteralsIgnoreCase == ignoresCase)
    }

    @Test("one expression serves several threads, each with a scanner of its own")
    func concurrency() async throws {
        let expression = try LinearExpression(parsing: "(?i)\\btoken\\s*=\\s*\"(\\w+)\"")
        let text = Array((String(repeating: "let a = 1\n", count: 500) + "Token = \"abc\"").utf8)
        let ranges = await withTaskGroup(of: Range<Int>?.self) { group in
            for _ in 0..<8 { group.addTask { expression.makeScanner().firstMatch(in: text)?[group: 1] } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ranges == Array(repeating: 5_009..<5_012, count: 8))
    }
}
