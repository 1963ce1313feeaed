import BucklerPrimitives
import Testing

@testable import Authentication

@Suite("Recovery codes")
struct RecoveryCodeTests {
    @Test("a code is a digit and sixteen letters of 80 random bits")
    func form() {
        for (index, code) in RecoveryCode.makeSet(.seeded(3)).enumerated() {
            code.text.withExposedText { text in
                #expect(text.wholeMatch(of: #/[0-9](-[0-9A-HJKMNP-TV-Z]{4}){4}/#) != nil)
                #expect(text.hasPrefix("\(index)-"))
            }
        }
    }

    @Test("what people type is read generously")
    func typed() throws {
        let code = RecoveryCode(index: 7, random: .seeded(9))
        code.text.withExposedText { text in
            let variants = [
                text, text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: " "), " \(text) ",
                text.replacing("1", with: "l"), text.replacing("1", with: "I"), text.replacing("0", with: "o"),
            ]
            for variant in variants { #expect(RecoveryCode(typed: SecretString(variant)) == code, "\(variant)") }
            #expect(RecoveryCode(typed: SecretString(text))?.text == code.text)
        }
    }

    @Test(
        "what cannot be a code is refused before any hash",
        arguments: [
            "", "3", "A-ABCD-ABCD-ABCD-ABCD", "3-ABCD-ABCD-ABCD-ABC", "3-ABCD-ABCD-ABCD-ABCDE", "3-ABCD-ABCD-ABCD-ABCU",
            "３-ABCD-ABCD-ABCD-ABCD",
            "3-ABCD-ABCD-ABCD-AB🛡D", "-1-ABCD-ABCD-ABCD-ABC", "3_ABCD_ABCD_ABCD_ABCD", "123456",
        ])
    func refused(text: String) {
        #expect(RecoveryCode(typed: SecretString(text)) == nil)
    }

    @Test("huge input is refused without being walked")
    func huge() { #expect(RecoveryCode(typed: SecretString(String(repeating: "-", count: 1_000_000))) == nil) }

    @Test("a code does not print")
    func redacted() {
        let code = RecoveryCode(index: 1, random: .seeded(9))
        var dumped = ""
        dump(code, to: &dumped)
        code.text.withExposedText { text in
            #expect(!"\(code)".contains(text.dropFirst(2)) && !dumped.contains(text.dropFirst(2)))
        }
    }
}

@Suite("Recovery policy")
struct RecoveryPolicyTests {
    @Test("no proof opens nothing, at any level", arguments: AuthenticationLevel.allCases)
    func nothing(level: AuthenticationLevel) { #expect(RecoveryPolicy.decide(level: level, proofs: []) == .refused) }

    @Test(
        "one proof opens a level-1 account and only starts the hold of a higher one", arguments: RecoveryProof.allCases)
    func one(proof: RecoveryProof) {
        #expect(RecoveryPolicy.decide(level: .one, proofs: [proof]) == .allowed)
        #expect(RecoveryPolicy.decide(level: .two, proofs: [proof]) == .held(.hours(72)))
        #expect(RecoveryPolicy.decide(level: .three, proofs: [proof]) == .held(.hours(72)))
    }

    @Test("two different proofs open every account", arguments: RecoveryProof.allCases, RecoveryProof.allCases)
    func two(first: RecoveryProof, second: RecoveryProof) {
        for level in AuthenticationLevel.allCases where first != second {
            #expect(RecoveryPolicy.decide(level: level, proofs: [first, second]) == .allowed)
        }
    }
}
