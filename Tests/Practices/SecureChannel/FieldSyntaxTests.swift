import SecureChannel
import Testing

@Suite("Grammar of fields")
struct FieldSyntaxTests {
    @Test("a control character is found wherever it stands, and nothing else is taken for one")
    func controlCharacters() {
        for length in 0..<20 {
            let plain = [UInt8](repeating: UInt8(ascii: "a"), count: length)
            #expect(FieldSyntax.isValue(String(decoding: plain, as: UTF8.self)))
            for position in 0..<length {
                for byte in UInt8(0)...0x7F {
                    var bytes = plain
                    bytes[position] = byte
                    let isAllowed = byte == 0x09 || (byte >= 0x20 && byte != 0x7F)
                    #expect(FieldSyntax.isValue(String(decoding: bytes, as: UTF8.self)) == isAllowed)
                }
            }
        }
    }

    @Test("letters beyond ASCII are opaque, also beside a tab")
    func beyondASCII() {
        #expect(FieldSyntax.isValue("caf\u{E9} \u{1F600}\tcaf\u{E9}\u{FFFF} \u{80}"))
        #expect(!FieldSyntax.isValue("caf\u{E9} \u{1F600}\u{1}caf\u{E9}"))
        #expect(!FieldSyntax.isValue("\u{7FF}\u{7FF}\u{7F}\u{7FF}"))
    }
}
