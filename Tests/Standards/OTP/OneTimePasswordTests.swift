import BucklerOTP
import BucklerPrimitives
import Testing

@Suite("HOTP and TOTP")
struct OneTimePasswordTests {
    @Test("the vectors of RFC 4226 appendix D")
    func hotp() {
        let key = SecretBytes("12345678901234567890".utf8)
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ]
        for (counter, code) in codes.enumerated() {
            #expect(HOTP.code(key: key, counter: UInt64(counter)) == code)
        }
    }

    @Test(
        "the vectors of RFC 6238 appendix B",
        arguments: [
            (59, "94287082", "46119246", "90693936"), (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"), (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"), (20_000_000_000, "65353130", "77737706", "47863826"),
        ] as [(Int64, String, String, String)])
    func totp(seconds: Int64, sha1: String, sha256: String, sha512: String) {
        let counter = UInt64(TOTP.step(at: Timestamp(seconds: seconds)))
        func code(_ length: Int, _ algorithm: OTPAlgorithm) -> String {
            let digits = String(repeating: "1234567890", count: 7).prefix(length)
            return HOTP.code(key: SecretBytes(digits.utf8), counter: counter, digits: 8, algorithm: algorithm)
        }
        #expect(code(20, .sha1) == sha1)
        #expect(code(32, .sha256) == sha256)
        #expect(code(64, .sha512) == sha512)
    }
}

@Suite("TOTP verification")
struct TOTPVerificationTests {
    static let secret = TOTPSecret(random: .seeded(6238))
    static let now = Timestamp(seconds: 1_767_225_615)
    static let step: Int64 = 1_767_225_615 / 30

    static func code(steps: Int) -> String { secret.code(at: now + .seconds(30 * steps)) }

    @Test("the present step and its neighbours are accepted", arguments: [-1, 0, 1])
    func accepted(offset: Int) {
        let result = TOTP.acceptedStep(code: Self.code(steps: offset), secret: Self.secret, at: Self.now, after: nil)
        #expect(result == Self.step + Int64(offset))
    }

    @Test("codes of further steps are refused", arguments: [-20, -3, -2, 2, 3, 20])
    func drift(offset: Int) {
        #expect(TOTP.acceptedStep(code: Self.code(steps: offset), secret: Self.secret, at: Self.now, after: nil) == nil)
    }

    @Test("the step ends exactly at its last millisecond")
    func boundary() {
        let start = Timestamp(seconds: Self.step * 30)
        let code = Self.secret.code(at: start)
        let last = start + .seconds(60) - .milliseconds(1)
        #expect(TOTP.acceptedStep(code: code, secret: Self.secret, at: last, after: nil) == Self.step)
        #expect(TOTP.acceptedStep(code: code, secret: Self.secret, at: start + .seconds(60), after: nil) == nil)
        let first = start - .seconds(30)
        #expect(TOTP.acceptedStep(code: code, secret: Self.secret, at: first, after: nil) == Self.step)
        #expect(TOTP.acceptedStep(code: code, secret: Self.secret, at: first - .milliseconds(1), after: nil) == nil)
    }

    @Test("a used step, and every step before it, is refused")
    func used() {
        for offset in -1...1 {
            let code = Self.code(steps: offset)
            let step = Self.step + Int64(offset)
            #expect(TOTP.acceptedStep(code: code, secret: Self.secret, at: Self.now, after: step) == nil)
            #expect(TOTP.acceptedStep(code: code, secret: Self.secret, at: Self.now, after: step + 1) == nil)
            #expect(TOTP.acceptedStep(code: code, secret: Self.secret, at: Self.now, after: step - 1) == step)
        }
    }

    @Test("other texts are refused", arguments: ["", "12345", "1234567", "abcdef", "１２３４５６", "      ", "000000\u{0}"])
    func malformed(text: String) {
        #expect(TOTP.acceptedStep(code: text, secret: Self.secret, at: Self.now, after: nil) == nil)
    }

    @Test("one digit off is refused")
    func nearMiss() {
        let valid = Set((-1...1).map { Self.code(steps: $0) })
        let digits = Array(Self.code(steps: 0).utf8)
        for index in digits.indices {
            var wrong = digits
            wrong[index] = wrong[index] == UInt8(ascii: "9") ? UInt8(ascii: "0") : wrong[index] + 1
            let text = String(decoding: wrong, as: UTF8.self)
            guard !valid.contains(text) else { continue }
            #expect(TOTP.acceptedStep(code: text, secret: Self.secret, at: Self.now, after: nil) == nil)
        }
    }

    @Test("spaces that people type are ignored")
    func spaces() {
        let code = Self.code(steps: 0)
        let typed = "\(code.prefix(3)) \(code.suffix(3)) "
        #expect(
            TOTP.acceptedStep(code: SecretString(typed), secret: Self.secret, at: Self.now, after: nil) == Self.step)
    }

    @Test("another secret's code is refused, and a clock before 1970 does not crash")
    func others() {
        let other = TOTPSecret(random: .seeded(1))
        #expect(TOTP.acceptedStep(code: other.code(at: Self.now), secret: Self.secret, at: Self.now, after: nil) == nil)
        let early = Timestamp(seconds: -100_000)
        #expect(TOTP.acceptedStep(code: "000000", secret: Self.secret, at: early, after: nil) == nil)
    }
}

@Suite("TOTP secret")
struct TOTPSecretTests {
    @Test("it has 160 bits and survives its text form")
    func roundTrip() {
        let secret = TOTPSecret(random: .seeded(3))
        #expect(secret.bytes.count == 20)
        #expect(TOTPSecret(base32: secret.base32) == secret)
        #expect(TOTPSecret(bytes: secret.bytes) == secret)
    }

    @Test("short, long and foreign secrets are refused")
    func refused() {
        #expect(TOTPSecret(bytes: SecretBytes([UInt8](repeating: 1, count: 15))) == nil)
        #expect(TOTPSecret(bytes: SecretBytes([UInt8](repeating: 1, count: 65))) == nil)
        #expect(TOTPSecret(base32: SecretString("not base32!")) == nil)
    }

    @Test("the key URI escapes both names and states the profile")
    func uri() {
        let secret = TOTPSecret(random: .seeded(4))
        let base32 = secret.base32.withExposedText { $0 }
        let uri = secret.otpauthURI(issuer: "Notes & Co: 1", account: "a+b@example.com").withExposedText { $0 }
        #expect(
            uri == "otpauth://totp/Notes%20%26%20Co%3A%201:a%2Bb%40example.com?secret=\(base32)"
                + "&issuer=Notes%20%26%20Co%3A%201&algorithm=SHA1&digits=6&period=30")
    }

    @Test("it does not show itself")
    func redacted() {
        let secret = TOTPSecret(random: .seeded(5))
        let base32 = secret.base32.withExposedText { $0 }
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\(secret.base32)"] {
            #expect(!text.contains(base32))
            #expect(text.contains("redacted") || text.contains("TOTPSecret"))
        }
    }
}
