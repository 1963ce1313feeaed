import Testing

@testable import CodeSecurity

@Suite("Expressions of rules, kept from file to file")
struct ExpressionScannersTests {
    @Test("an expression has one scanner, whichever file asks")
    func kept() throws {
        let scanners = ExpressionScanners()
        let source = ExpressionSource("a+b")
        let first = try #require(scanners.scanner(for: source))
        #expect(scanners.matchesPrefix(source, of: "aab"))
        #expect(scanners.scanner(for: source) === first)
        #expect(scanners.scanner(for: ExpressionSource("a+b")) !== first)
        #expect(scanners.count == 2)
    }

    @Test("what was learnt is forgotten when it takes more memory than allowed, and answers stay the same")
    func trimmed() {
        let scanners = ExpressionScanners()
        let source = ExpressionSource("[a-f]{3}|x.*y")
        let texts = ["abc", "xy", "x y", "ab", "zabc", ""]
        let before = texts.map { scanners.matchesPrefix(source, of: $0) }
        scanners.trim(to: 1 << 30)
        #expect(scanners.count == 1)
        scanners.trim(to: 16)
        #expect(scanners.count == 0)
        #expect(texts.map { scanners.matchesPrefix(source, of: $0) } == before)
        #expect(before == [true, true, true, false, false, false])
        #expect(texts.map { scanners.isMatch(source, $0) } == [true, true, true, false, true, false])
    }

    @Test("a text that is no expression matches nothing")
    func unusable() {
        let scanners = ExpressionScanners()
        let source = ExpressionSource("a(")
        #expect(!scanners.matchesPrefix(source, of: "a("))
        #expect(scanners.matches(source, in: Array("a(".utf8)).isEmpty)
        #expect(throws: ExpressionError.self) { try source.expression() }
    }

    @Test("an expression of a rule file is read at once, one of the pack when it is needed")
    func late() throws {
        let written = RuleValue(.text("a("), line: 7)
        let error = #expect(throws: RuleError.self) { try ExpressionSource(written, path: "x.yaml") }
        #expect(error?.line == 7)
        #expect(throws: Never.self) { try ExpressionSource(RuleValue(.text("a("), line: 0), path: "x.yaml") }
        #expect(throws: RuleError.self) { try ExpressionSource(RuleValue(.list([]), line: 0), path: "x.yaml") }
    }
}
