import BucklerPrimitives
import BucklerSecurityEvents
import Testing

@Suite("Parsing at the edge")
struct ParsingTests {
    @Test("addresses are stored and compared in one form")
    func email() throws {
        #expect(try Email(parsing: "Ann.Lee+tag@Example.ORG").canonical == "ann.lee+tag@example.org")
    }

    @Test(
        "what is not an address is refused",
        arguments: [
            "", "a", "a@", "@b.c", "a@b", "a b@c.de", "a@b..de", ".a@b.de", "a.@b.de", "a@-b.de", "a@b-.de",
            "a@b.de\r\nBcc: x@y.zz",
            "a@b.de\n", "ä@b.de", "a@bü.de", "a\u{0}@b.de", "\"a b\"@c.de", "a@[127.0.0.1]", "a@b.c,d@e.ff",
            String(repeating: "a", count: 65) + "@b.de", "a@" + String(repeating: "b", count: 64) + ".de",
            "a@" + String(repeating: "b.", count: 130) + "de",
        ])
    func notEmail(text: String) {
        #expect(throws: EmailSyntaxError.self) { try Email(parsing: text) }
    }

    @Test("forms refuse doubled fields, bad escapes, raw bytes and too many fields")
    func forms() throws {
        #expect(try FormURLEncoded(parsing: Array("a=1&b=x+y%20z&c".utf8)).fields == ["a": "1", "b": "x y z", "c": ""])
        for text in ["a=1&a=2", "a=1&%61=2", "a=%", "a=%4", "a=%GG", "a=%ff", "a=\u{e9}", "a=b c", "a=\n"] {
            #expect(throws: FormError.self) { try FormURLEncoded(parsing: Array(text.utf8)) }
        }
        let many = (0..<65).map { "f\($0)=1" }.joined(separator: "&")
        #expect(throws: FormError.tooLarge) { try FormURLEncoded(parsing: Array(many.utf8)) }
        let fields = [("a b", "c&d=e"), ("ü", "%+")]
        let encoded = FormURLEncoded.encode(fields.map { (name: $0.0, value: $0.1) })
        #expect(try FormURLEncoded(parsing: Array(encoded.utf8)).fields == Dictionary(uniqueKeysWithValues: fields))
    }

    @Test("an identifier of one kind does not parse as another")
    func identifiers() {
        let id = AccountID.random(.seeded(3))
        #expect(AccountID(parsing: id.text) == id)
        #expect(SessionID(parsing: id.text) == nil)
        #expect(AccountID(parsing: id.text + "A") == nil)
        #expect(AccountID(parsing: String(id.text.dropLast())) == nil)
        #expect(ClientID(parsing: "notes-ios") != nil)
        for text in ["", "a b", "a/b", "ä", String(repeating: "a", count: 65)] {
            #expect(ClientID(parsing: text) == nil)
        }
    }

    @Test("budgets count IPv4 addresses singly and IPv6 by /56; mapped addresses are IPv4")
    func sources() throws {
        let six = try #require(SourceAddress(bytes: [0x20, 1, 0xd, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
        #expect(six.prefix == [0x20, 1, 0xd, 0xb8, 1, 2, 3])
        let mapped = try #require(SourceAddress(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1]))
        #expect(mapped == .loopback)
        #expect(SourceAddress(bytes: [1, 2, 3]) == nil)
    }
}

@Suite("Keys")
struct KeyTests {
    let key = SealingKey(SecretBytes([UInt8](repeating: 7, count: 32)))

    @Test("a sealed value opens under its own key and context only, and no changed byte goes unnoticed")
    func sealing() throws {
        let entropy = Entropy.seeded(5)
        let sealed = key.seal(Array("secret".utf8), context: [1, 2], entropy: entropy)
        #expect(try key.open(sealed, context: [1, 2]) == SecretBytes("secret".utf8))
        #expect(throws: SealingError.notAuthentic) { try key.open(sealed, context: [1, 3]) }
        let other = SealingKey(SecretBytes([UInt8](repeating: 8, count: 32)))
        #expect(throws: SealingError.notAuthentic) { try other.open(sealed, context: [1, 2]) }
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SealingError.notAuthentic) { try key.open(changed, context: [1, 2]) }
        }
        for count in 0..<sealed.count {
            #expect(throws: SealingError.notAuthentic) { try key.open(Array(sealed.prefix(count)), context: [1, 2]) }
        }
    }

    @Test("two lists of parts never share a tag, and neither do two labels")
    func tags() {
        let mac = MACKey(SecretBytes([UInt8](repeating: 9, count: 32)))
        #expect(mac.tag("a", [1], [2]) != mac.tag("a", [1, 2]))
        #expect(mac.tag("a", [1], [2]) != mac.tag("a", [], [1, 2]))
        #expect(mac.tag("a", [1]) != mac.tag("b", [1]))
        #expect(mac.tag("a", [1]) == mac.tag("a", [1]))
        #expect(!"\(mac)\(key)".contains("9"))
    }

    @Test("seeded entropy repeats, uniform integers stay below their bound")
    func entropy() {
        #expect(Entropy.seeded(1).bytes(100) == Entropy.seeded(1).bytes(100))
        #expect(Entropy.seeded(1).bytes(32) != Entropy.seeded(2).bytes(32))
        let source = Entropy.seeded(4)
        var seen = Set<UInt32>()
        for _ in 0..<200 { seen.insert(source.integer(below: 10)) }
        #expect(seen == Set(0..<10))
        #expect(Entropy.system.bytes(33).count == 33)
    }

    @Test("instants and durations keep whole milliseconds")
    func time() {
        let clock = ManualClock(Timestamp(seconds: 1_000))
        clock.advance(by: .milliseconds(1_500))
        #expect(clock.now == Timestamp(milliseconds: 1_001_500))
        #expect(clock.now.seconds == 1_001)
        #expect(Timestamp(milliseconds: -1).seconds == -1)
        #expect(clock.now - Timestamp(seconds: 1_000) == .milliseconds(1_500))
        #expect(Timestamp(milliseconds: 1_767_225_600_123).rfc3339 == "2026-01-01T00:00:00.123Z")
    }
}
