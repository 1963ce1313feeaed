import BucklerPrimitives
import Testing

@Suite("Secrets")
struct SecretTests {
    @Test("secret bytes are a copy of their own, so that wiping them at the end wipes what was kept")
    func copy() {
        let source = [UInt8](repeating: 7, count: 64)
        let secret = SecretBytes(source)
        let own = secret.withExposedBytes { $0.withUnsafeBytes { $0.baseAddress } }
        #expect(own != source.withUnsafeBytes { $0.baseAddress })
        #expect(secret == SecretBytes(source))
    }

    @Test("a secret shows itself through none of the five doors")
    func neverPrints() {
        struct Owner { let secret = SecretString("hunter2-hunter2"); let bytes = SecretBytes([104, 117, 110, 116]) }
        let owner = Owner()
        var dumped = ""
        dump(owner, to: &dumped)
        for text in ["\(owner)", String(reflecting: owner), "\(owner.secret)", String(reflecting: owner.bytes), dumped]
        {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"))
        }
        #expect(!((owner.secret as Any) is any Encodable))
        #expect(!((owner.bytes as Any) is any Encodable))
    }

    @Test("equality compares contents")
    func equality() {
        #expect(SecretString("a") == SecretString("a"))
        #expect(SecretString("a") != SecretString("b"))
        #expect(SecretString("a") != SecretString("ab"))
    }
}

@Suite("Strict base64url")
struct Base64URLTests {
    @Test("every length survives the round trip")
    func roundTrip() {
        for length in 0..<70 {
            let bytes = Entropy.seeded(UInt64(length)).bytes(length)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test(
        "padding, foreign alphabets, white space and spare bits are refused",
        arguments: [
            "QQ==", "QQ=", "Q", "QR", "QUJ", "Q+==", "a/b_", " QQ", "QQ\n", "QUI\u{0}", "é", "QUJDR",
        ])
    func refusals(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
