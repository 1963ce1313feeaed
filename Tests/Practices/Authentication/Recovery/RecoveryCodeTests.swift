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
    @Test(
        "each set of proofs opens each level or not",
        arguments: [
            ([], false, false), ([.emailCode], true, false), ([.recoveryCode], false, false),
            ([.enrolledFactor], false, false),
            ([.emailCode, .recoveryCode], true, true), ([.emailCode, .enrolledFactor], true, true),
            ([.recoveryCode, .enrolledFactor], false, true),
            ([.emailCode, .recoveryCode, .enrolledFactor], true, true),
        ] as [(Set<RecoveryProof>, Bool, Bool)])
    func table(proofs: Set<RecoveryProof>, opensLevelOne: Bool, opensLevelTwo: Bool) {
        #expect(RecoveryPolicy.isAllowed(level: .one, proofs: proofs) == opensLevelOne)
        #expect(RecoveryPolicy.isAllowed(level: .two, proofs: proofs) == opensLevelTwo)
        #expect(RecoveryPolicy.isAllowed(level: .three, proofs: proofs) == opensLevelTwo)
    }

    @Test("a forgotten password proves nothing")
    func password() { #expect(RecoveryProof(.password) == nil) }
}
