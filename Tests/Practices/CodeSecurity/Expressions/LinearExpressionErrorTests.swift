import Testing

@testable import CodeSecurity

@Suite("LinearExpression refusals")
struct LinearExpressionErrorTests {
    @Test(
        "a malformed or unsupported pattern is refused with the reason and its offset",
        arguments: [
            ("a(b", .unbalancedParenthesis, 1), ("ab)", .unbalancedParenthesis, 2), ("(?i", .unbalancedParenthesis, 0),
            ("x[a", .unterminatedClass, 1), ("[]", .unterminatedClass, 0), ("*a", .misplacedQuantifier, 0),
            ("a**", .misplacedQuantifier, 2), ("a|+", .misplacedQuantifier, 2), ("({2})", .misplacedQuantifier, 1),
            ("a{2}{3}", .misplacedQuantifier, 4), ("[z-a]", .reversedRange, 1), ("a{3,2}", .reversedRange, 1),
            ("ab\\", .invalidEscape, 2), ("\\y", .invalidEscape, 0), ("\\x4", .invalidEscape, 0),
            ("\\x{}", .invalidEscape, 0), ("\\x{41", .invalidEscape, 0), ("\\xZZ", .invalidEscape, 0),
            ("\\x{110000}", .invalidScalar, 0), ("\\uD800", .invalidScalar, 0), ("[[:foo:]]", .unknownClassName, 1),
            ("(?q)", .unknownGroupSyntax, 2), ("(?)", .unknownGroupSyntax, 2), ("(?P<1a>b)", .invalidGroupName, 4),
            ("(?<>b)", .invalidGroupName, 3), ("(?<a>b)(?<a>c)", .invalidGroupName, 10),
            ("a(?=b)", .lookaroundUnsupported, 1), ("(?!b)", .lookaroundUnsupported, 0),
            ("(?<=b)", .lookaroundUnsupported, 0), ("x(?<!b)", .lookaroundUnsupported, 1),
            ("(a)\\1", .backreferenceUnsupported, 3), ("(?P=a)", .backreferenceUnsupported, 0),
            ("\\k<a>", .backreferenceUnsupported, 0), ("(?>a)", .atomicUnsupported, 0), ("a++", .atomicUnsupported, 2),
            ("\\pL", .unicodePropertyUnsupported, 0), ("[\\p{L}]", .unicodePropertyUnsupported, 1),
            ("a{70000}", .repetitionTooLarge, 1), ("(?:a{1000}){1000}", .programTooLarge, 0),
            ("(?:a{0,30000}){0,30000}", .programTooLarge, 0),
        ] as [(String, ExpressionError.Reason, Int)])
    func refusal(pattern: String, reason: ExpressionError.Reason, offset: Int) {
        #expect(throws: ExpressionError(reason, at: offset)) { try LinearExpression(parsing: pattern) }
    }

    @Test("nesting is bounded, before the stack is")
    func nesting() throws {
        let allowed = String(repeating: "(", count: 200) + String(repeating: ")", count: 200)
        _ = try LinearExpression(parsing: allowed)
        #expect(throws: ExpressionError(.nestingTooDeep, at: 200)) {
            try LinearExpression(parsing: "(" + allowed + ")")
        }
        #expect(throws: ExpressionError.self) {
            try LinearExpression(parsing: String(repeating: "(?:", count: 1_000_000))
        }
    }

    @Test("an empty body repeated many times costs nothing")
    func emptyRepetition() throws {
        let expression = try LinearExpression(parsing: "(?:(?:(?:){60000}){60000}){60000}a")
        #expect(expression.isMatch("a"))
    }

    @Test("an error explains itself")
    func description() {
        #expect(ExpressionError(.reversedRange, at: 3).description == "range that runs backwards at byte 3")
    }
}
