import BucklerPrimitives
import Testing

@Suite("Strict JSON")
struct StrictJSONTests {
    @Test(
        "documents that readers could understand differently are refused",
        arguments: [
            (#"{"a":1,"a":2}"#, StrictJSONError.duplicateName), (#"{"a":1,"\u0061":2}"#, .duplicateName),
            (#"["\ud800"]"#, .notUTF8), (#"["\ud800\u0041"]"#, .notUTF8), (#"[1] x"#, .syntax(offset: 4)),
            (#"{"a":1,}"#, .syntax(offset: 7)), ("[1,]", .syntax(offset: 3)), ("[01]", .syntax(offset: 2)),
            ("[1.]", .syntax(offset: 3)), ("[.5]", .syntax(offset: 1)), ("[+1]", .syntax(offset: 1)),
            ("[1e]", .syntax(offset: 3)), ("[NaN]", .syntax(offset: 1)), ("[1e999]", .syntax(offset: 1)),
            ("", .syntax(offset: 0)), ("// x\n1", .syntax(offset: 0)), ("'a'", .syntax(offset: 0)),
            ("[\"\u{1}\"]", .syntax(offset: 2)), ("[\"a", .syntax(offset: 3)), ("{\"a\"", .syntax(offset: 4)),
            ("tru", .syntax(offset: 0)), ("nul", .syntax(offset: 0)), (#"["\x"]"#, .syntax(offset: 3)),
        ] as [(String, StrictJSONError)])
    func refusals(text: String, error: StrictJSONError) {
        #expect(throws: error) { try StrictJSON.parse(Array(text.utf8)) }
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]])
    func notUTF8(bytes: [UInt8]) {
        #expect(throws: StrictJSONError.notUTF8) { try StrictJSON.parse([0x22] + bytes + [0x22]) }
    }

    @Test("size, depth and number of values are bounded")
    func bounds() {
        let limits = StrictJSON.Limits(maximumByteCount: 40, maximumDepth: 3, maximumValueCount: 6)
        #expect(throws: StrictJSONError.tooLarge) {
            try StrictJSON.parse(Array(repeating: 0x20, count: 41), limits: limits)
        }
        #expect(throws: StrictJSONError.tooDeep) { try StrictJSON.parse(Array("[[[[1]]]]".utf8), limits: limits) }
        #expect(throws: StrictJSONError.tooManyValues) {
            try StrictJSON.parse(Array("[1,2,3,4,5,6]".utf8), limits: limits)
        }
        #expect((try? StrictJSON.parse(Array("[[[1]]]".utf8), limits: limits)) != nil)
        let nested = [UInt8](repeating: UInt8(ascii: "["), count: 60_000)
        #expect(throws: StrictJSONError.tooDeep) { try StrictJSON.parse(nested) }
    }

    @Test("what is written is read back the same")
    func roundTrip() throws {
        let value: JSONValue = [
            "text": "quote \" back \\ line \n tab \t nul \u{0} smile 😀",
            "list": [1, -7, true, false, .null, .number(1.5)],
            "object": ["inner": .integer(.max), "least": .integer(.min)],
        ]
        #expect(try StrictJSON.parse(value.serialized) == value)
    }

    @Test("escapes are understood")
    func escapes() throws {
        #expect(
            try StrictJSON.parse(Array(#""\u0041\ud83d\ude00\/\b\f\n\r\t""#.utf8)) == .string("A😀/\u{8}\u{c}\n\r\t"))
    }

    @Test("ten thousand changed documents never crash, and what is accepted survives the round trip")
    func fuzz() throws {
        let seed = Array(
            #"{"alg":"ES256","jwk":{"kty":"EC","x":"AbC"},"n":[1,2.5e3,null,true,"\u00e9\ud83d\ude00"]}"#.utf8)
        let entropy = Entropy.seeded(1)
        for _ in 0..<10_000 {
            var bytes = seed
            for _ in 0...entropy.integer(below: 4) {
                let position = Int(entropy.integer(below: UInt32(bytes.count)))
                switch entropy.integer(below: 3) {
                case 0: bytes[position] = UInt8(truncatingIfNeeded: entropy.integer(below: 256))
                case 1: bytes.remove(at: position)
                default: bytes.insert(bytes[Int(entropy.integer(below: UInt32(bytes.count)))], at: position)
                }
            }
            if let value = try? StrictJSON.parse(bytes) { #expect(try StrictJSON.parse(value.serialized) == value) }
        }
    }
}
