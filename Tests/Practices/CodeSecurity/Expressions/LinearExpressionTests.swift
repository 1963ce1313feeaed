import Testing

@testable import CodeSecurity

@Suite("LinearExpression")
struct LinearExpressionTests {
    @Test(
        "the leftmost match is found, and of those the one Perl prefers",
        arguments: [
            ("a|ab", "xab", 1..<2), ("ab|a", "xab", 1..<3), ("a*", "baaa", 0..<0), ("a+", "baaa", 1..<4),
            ("a+?", "baaa", 1..<2), ("(?:a|ab)(?:c|bcd)", "abcd", 0..<4), ("a{2,3}", "aaaa", 0..<3),
            ("a{2,3}?", "aaaa", 0..<2), ("a{2}", "aaaa", 0..<2), ("a{2,}", "aaaa", 0..<4), ("x*y", "xxxy", 0..<4),
            (".*b", "abab\nb", 0..<4), (".*?b", "abab", 0..<2), ("", "abc", 0..<0), ("b|", "abc", 0..<0),
            ("samwise|sam", "samwise", 0..<7), ("sam|samwise", "samwise", 0..<3), ("(?:a*)*b", "aab", 0..<3),
            ("(?:|a)+", "aaa", 0..<0), ("(?:a|b*)*c", "abbac", 0..<5), ("a??", "a", 0..<0), ("a{0}b", "ab", 1..<2),
        ])
    func leftmostFirst(pattern: String, text: String, expected: Range<Int>) throws {
        let expression = try LinearExpression(parsing: pattern)
        #expect(expression.firstMatch(in: Array(text.utf8))?.range == expected)
        #expect(expression.isMatch(text))
    }

    @Test(
        "assertions look at both sides of a place",
        arguments: [
            ("^b", "ab", nil), ("(?m)^b", "a\nb", 2..<3), ("a$", "a\n", nil), ("(?m)a$", "a\n", 0..<1),
            ("\\Aa", "ba", nil), ("a\\z", "ba", 1..<2), ("\\bfoo\\b", "xfoo foo_ foo", 10..<13),
            ("\\Boo", "oo foo", 4..<6), ("\\b", "", nil), ("\\B", "", 0..<0), ("^$", "", 0..<0), ("$^", "", 0..<0),
            ("(?m)^$", "a\n\nb", 2..<2), ("a\\bb", "ab", nil), ("\\b\\w+$", "one two", 4..<7),
            ("é\\b", "é", nil), ("(?:^|x)y", "ay xy", 3..<5), ("(?m)$\\n^b", "a\nb", 1..<3),
        ] as [(String, String, Range<Int>?)])
    func assertions(pattern: String, text: String, expected: Range<Int>?) throws {
        let expression = try LinearExpression(parsing: pattern)
        #expect(expression.firstMatch(in: Array(text.utf8))?.range == expected)
    }

    @Test(
        "classes, escapes and flags mean what the rules of gitleaks and Semgrep expect",
        arguments: [
            ("[a-c]+", "xabcd", 1..<4), ("[^a-c]+", "abxyc", 2..<4), ("[]a]+", "x]a", 1..<3),
            ("[^]a]", "]ab", 2..<3), ("[a-]+", "x-a", 1..<3), ("[\\w.-]+", " a.b-c ", 1..<6),
            ("[[:alnum:]_]+", "-aZ9_-", 1..<5), ("[[:^digit:]]", "1a", 1..<2),
            ("\\d\\D\\w\\W\\s\\S", "1aa- b", 0..<6), ("\\x41\\x{42}\\u0043", "ABC", 0..<3),
            ("\\n\\t\\r\\f\\v\\e\\a\\0", "\n\t\r\u{0C}\u{0B}\u{1B}\u{07}\0", 0..<8),
            ("\\.\\*\\{\\/\\-", ".*{/-", 0..<5), ("(?i)akIA", "xAkia", 1..<5), ("(?i:a)b", "Ab", 0..<2),
            ("(?i)a(?-i:b)c", "AbC", 0..<3), ("(?i)[^a]", "Ab", 1..<2), ("a(?i)b|c", "aC", 1..<2),
            ("(a(?i)b)c", "aBc", 0..<3), ("a.b", "a\nb a-b", 4..<7), ("(?s)a.b", "a\nb", 0..<3),
            ("(?is-m:A.B)$", "a\nb", 0..<3), ("\\Qa.b\\E+", "a.bb", 0..<4), ("a{,2}", "a{,2}", 0..<5),
            ("{a", "{a", 0..<2), ("a{x}", "a{x}", 0..<4), ("x]}", "x]}", 0..<3), ("(?x) a  b # c\n c", "abc", 0..<3),
            ("a(?#no)b", "ab", 0..<2), ("[\\]\\\\]+", "]\\", 0..<2), ("[\\x41-\\x43]+", "ABCD", 0..<3),
            ("[\\b]", "\u{8}", 0..<1), ("[a\\-z]+", "-az", 0..<3), ("[%-]", "-", 0..<1), ("[\\w-.]+", "a-.b", 0..<4),
            ("\\h+", "a \t", 1..<3),
        ])
    func syntax(pattern: String, text: String, expected: Range<Int>) throws {
        let expression = try LinearExpression(parsing: pattern)
        #expect(expression.firstMatch(in: Array(text.utf8))?.range == expected)
    }

    @Test("a quoted text needs no end and may be empty")
    func quotation() throws {
        #expect(try LinearExpression(parsing: "\\Q(*\\E").matchesWhole("(*"))
        #expect(try LinearExpression(parsing: "\\Q(*").matchesWhole("(*"))
        #expect(try LinearExpression(parsing: "a\\Q\\E").matchesWhole("a"))
    }

    @Test("groups report where they last took part, and nil where they did not")
    func captures() throws {
        let expression = try LinearExpression(parsing: "(?P<key>\\w+)=(?:(\\d+)|(?<text>[a-z]+))(x)?")
        #expect(expression.groupNames == ["key": 1, "text": 3])
        #expect(expression.groupCount == 4)
        let match = try #require(expression.firstMatch(in: Array(" ab=cd;".utf8)))
        #expect(match.groups == [1..<6, 1..<3, nil, 4..<6, nil])
        #expect(match[group: 3] == 4..<6)
        #expect(match[group: 9] == nil)
        let repeated = try LinearExpression(parsing: "(?:(a)|(b))+")
        #expect(repeated.firstMatch(in: Array("ab".utf8))?.groups == [0..<2, 0..<1, 1..<2])
        let lazy = try LinearExpression(parsing: "(a+?)(a*)")
        #expect(lazy.firstMatch(in: Array("aaa".utf8))?.groups == [0..<3, 0..<1, 1..<3])
    }

    @Test("all matches are found without overlap, empty ones not directly after another")
    func allMatches() throws {
        func ranges(_ pattern: String, _ text: String) throws -> [Range<Int>] {
            try LinearExpression(parsing: pattern).matches(in: Array(text.utf8)).map(\.range)
        }
        #expect(try ranges("aa", "aaaaa") == [0..<2, 2..<4])
        #expect(try ranges("a*", "baac") == [0..<0, 1..<3, 4..<4])
        #expect(try ranges("", "aé") == [0..<0, 1..<1, 3..<3])
        #expect(try ranges("\\bx", "x xx x") == [0..<1, 2..<3, 5..<6])
        #expect(try ranges("(?m)^", "a\nb") == [0..<0, 2..<2])
        #expect(try ranges("q", "aaa").isEmpty)
    }

    @Test("a search from the middle sees the bytes before it")
    func searchFrom() throws {
        let expression = try LinearExpression(parsing: "\\bb|^c")
        #expect(expression.firstMatch(in: Array("ab b".utf8), from: 1)?.range == 3..<4)
        #expect(expression.firstMatch(in: Array("ac".utf8), from: 1) == nil)
        #expect(expression.firstMatch(in: Array("b".utf8), from: 2) == nil)
        #expect(expression.firstMatch(in: Array("b".utf8), from: -1) == nil)
        let long = try LinearExpression(parsing: "a+b")
        #expect(long.firstMatch(in: Array("aaab".utf8), from: 2)?.range == 2..<4)
    }

    @Test("prefix and whole matches are anchored, and a whole match may be one Perl does not prefer")
    func anchoredMatches() throws {
        let expression = try LinearExpression(parsing: "a|ab")
        #expect(expression.matchesPrefix(of: "abc"))
        #expect(!expression.matchesPrefix(of: "ba"))
        #expect(expression.matchesWhole("ab"))
        #expect(!expression.matchesWhole("abc"))
        #expect(!expression.matchesWhole(""))
        #expect(try LinearExpression(parsing: "a*?").matchesWhole("aaa"))
    }

    @Test("an expression equals another of the same text")
    func equality() throws {
        #expect(try LinearExpression(parsing: "a+") == LinearExpression(parsing: "a+"))
        #expect(try LinearExpression(parsing: "a+") != LinearExpression(parsing: "a*"))
        #expect(try Set([LinearExpression(parsing: "a"), LinearExpression(parsing: "a")]).count == 1)
    }
}
