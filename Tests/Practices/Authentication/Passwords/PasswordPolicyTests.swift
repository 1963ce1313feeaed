import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Password policy")
struct PasswordPolicyTests {
    @Test(
        "length counts code points after NFC and decides the class",
        arguments: [
            (14, false, nil), (15, false, .standard), (256, false, .standard), (257, false, nil), (7, true, nil),
            (8, true, .needsSecondFactor), (14, true, .needsSecondFactor), (15, true, .standard),
            (256, true, .standard),
            (257, true, nil), (0, false, nil), (0, true, nil),
        ] as [(Int, Bool, PasswordClass?)])
    func lengths(count: Int, hasSecondFactor: Bool, expected: PasswordClass?) {
        // Two code points each when typed (e and a combining accent), one after NFC.
        let decomposed = PasswordPolicy.normalized(SecretString(String(repeating: "e\u{301}", count: count)))
        #expect((try? PasswordPolicy.measure(decomposed, hasSecondFactor: hasSecondFactor)) == expected)
        let shields = SecretString(String(repeating: "🛡", count: count))
        #expect((try? PasswordPolicy.measure(shields, hasSecondFactor: hasSecondFactor)) == expected)
    }

    @Test("the refusal names the length that this account needs")
    func minimums() throws {
        #expect(throws: PasswordRefusal.tooShort(minimum: 15)) {
            try Self.evaluate("short one 14 c", hasSecondFactor: false)
        }
        #expect(throws: PasswordRefusal.tooShort(minimum: 8)) { try Self.evaluate("seven c", hasSecondFactor: true) }
        #expect(throws: PasswordRefusal.tooLong) { try Self.evaluate(String(repeating: "ab c", count: 65)) }
        #expect(throws: PasswordRefusal.tooLong) { try Self.evaluate(String(repeating: "x", count: 10_000_000)) }
    }

    @Test("control characters are refused", arguments: ["\u{0}", "\n", "\r", "\t", "\u{7F}", "\u{85}", "\u{1B}"])
    func controlCharacters(character: String) {
        #expect(throws: PasswordRefusal.controlCharacter) {
            try Self.evaluate("a fairly long " + character + "password")
        }
    }

    @Test(
        "spaces, every script and every sign are welcome",
        arguments: [
            "correct horse battery", "Täglich grüßt das Murmeltier", "我今天早上喝了三杯绿茶然后去散步了", "vqzt-mwlk-ruby-9143",
            "   leading and trailing   ", "🛡🐎🔋📎 and four words", "пусть всегда будет солнце", "d3$gk-92!xQ&mZ(7v",
        ])
    func accepted(text: String) throws {
        #expect(try Self.evaluate(text).passwordClass == .standard)
    }

    @Test(
        "common passwords are refused with digits, signs and look-alikes around them",
        arguments: [
            "password12345678", "Password12345678!", "P@ssw0rd12345678", "1234567password", "$unshine123456789",
            "iloveyouforever",
            "IloveYouForever!", "qwertyuiopasdfghjkl", "correcthorsebatterystaple", "!!!!welcome2026!!!!",
            "ＰＡＳＳＷＯＲＤ12345678",
            "pássword12345678", "1qaz2wsx3edc4rfv5tgb", "monkey-----20262026",
        ])
    func common(text: String) {
        #expect { try Self.evaluate(text) } throws: { ($0 as? PasswordRefusal)?.isGuessable == true }
    }

    @Test(
        "repetitions are refused",
        arguments: [
            "aaaaaaaaaaaaaaaa", "abababababababab", "xkcdxkcdxkcdxkcd", "zebra-47zebra-47", "1212121212121212",
            "zq7zq7zq7zq7zq7z",
            "aaaabbbbccccdddd",
        ])
    func repetition(text: String) {
        #expect(throws: PasswordRefusal.guessable(.repetition)) { try Self.evaluate(text) }
    }

    @Test(
        "sequences are refused",
        arguments: [
            "abcdefghijklmnop", "123456789012345", "987654321098765", "zyxwvutsrqponmlk", "qwertyuiop[]1234",
            "abcdefgh12345678",
            "0123456789abcdef", "asdfghjkl;qwerty",
        ])
    func sequence(text: String) {
        #expect { try Self.evaluate(text) } throws: { error in
            [.guessable(.sequence), .guessable(.common)].contains(error as? PasswordRefusal)
        }
    }

    @Test(
        "little more than the service's name or the person's address is refused",
        arguments: [
            "acmenotes-acmenotes1", "AcmeNotes20262026", "ann.wonderland2026", "wonderlandexample",
            "ann.wonderland@example.org",
            "acme2026notes2026",
        ])
    func context(text: String) {
        #expect(throws: PasswordRefusal.guessable(.context)) { try Self.evaluate(text) }
    }

    @Test(
        "the own name beside enough of something else is accepted",
        arguments: [
            "wonderland beneath purple glass", "my acme tractor is rusty", "notes on growing quinces",
        ])
    func contextBesideMore(text: String) throws {
        #expect(try Self.evaluate(text).passwordClass == .standard)
    }

    @Test("a breached password is refused, and an unreadable set refuses everything")
    func breached() {
        let password = "vqzt-mwlk-ruby-9143"
        #expect(throws: PasswordRefusal.breached) { try Self.evaluate(password, breached: FixedSet([password])) }
        #expect(throws: StoreError.unavailable) { try Self.evaluate(password, breached: UnreadableSet()) }
    }

    @Test("the accepted text is NFC, so that two keyboards mean the same password")
    func normalized() throws {
        let composed = try Self.evaluate("caf\u{E9} au lait sur la terrasse")
        let decomposed = try Self.evaluate("cafe\u{301} au lait sur la terrasse")
        #expect(composed.text == decomposed.text)
    }

    @Test("the built-in list has a few thousand entries, in the form in which they are compared")
    func list() {
        #expect((2000...10_000).contains(CommonPasswords.count))
        for text in ["password", "qwertyuiop", "iloveyou", "1q2w3e4r5t6y"] { #expect(CommonPasswords.contains(text)) }
        #expect(!CommonPasswords.contains(""))
    }

    static func evaluate(
        _ text: String, hasSecondFactor: Bool = false, breached: any BreachedPasswordSet = NoBreachedPasswords()
    ) throws -> AcceptedPassword {
        let context = PasswordContext(
            email: try Email(parsing: "ann.wonderland@example.org"), hasSecondFactor: hasSecondFactor)
        return try PasswordPolicy(serviceName: "Acme Notes", breached: breached)
            .evaluate(SecretString(text), context: context)
    }
}

extension PasswordRefusal {
    fileprivate var isGuessable: Bool { if case .guessable = self { true } else { false } }
}

private struct FixedSet: BreachedPasswordSet {
    let passwords: Set<SecretString>
    init(_ texts: [String]) { passwords = Set(texts.map(SecretString.init)) }
    func contains(_ password: SecretString) throws(StoreError) -> Bool { passwords.contains(password) }
}

private struct UnreadableSet: BreachedPasswordSet {
    func contains(_ password: SecretString) throws(StoreError) -> Bool { throw .unavailable }
}
