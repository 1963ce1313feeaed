import BucklerOTP
import BucklerPrimitives
import Testing

@Suite("Base32")
struct Base32Tests {
    @Test(
        "the vectors of RFC 4648 §10",
        arguments: [
            ("", "", ""), ("f", "MY", "MY======"), ("fo", "MZXQ", "MZXQ===="), ("foo", "MZXW6", "MZXW6==="),
            ("foob", "MZXW6YQ", "MZXW6YQ="), ("fooba", "MZXW6YTB", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI", "MZXW6YTBOI======"),
        ])
    func vectors(plain: String, text: String, padded: String) {
        #expect(Base32.encode(Array(plain.utf8)) == text)
        #expect(Base32.decode(text) == Array(plain.utf8))
        #expect(Base32.decode(padded) == Array(plain.utf8))
    }

    @Test("what a person types is understood: lower case, groups of four")
    func people() {
        #expect(Base32.decode("mzxw 6ytb oi") == Array("foobar".utf8))
    }

    @Test("every length survives the round trip")
    func roundTrip() {
        for length in 0..<70 {
            let bytes = Entropy.seeded(UInt64(length)).bytes(length)
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
        }
    }

    @Test(
        "other characters, impossible lengths, spare bits and odd padding are refused",
        arguments: [
            "M", "MZX", "MZXW6Y", "MZ", "MZXR", "MY=", "MY=====", "MY=======", "========", "=", "MZXW6YTB========",
            "M=Y=====",
            "M0", "M1", "M8", "MZXW-6YT", "MZXW6YT\n", "É", "M\u{0}", "MZXW6YTB\t",
        ])
    func refused(text: String) {
        #expect(Base32.decode(text) == nil)
    }
}
