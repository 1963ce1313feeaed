import BucklerSecurityEvents
import Testing

@testable import ServerGateway

@Suite("Client's address")
struct ClientAddressTests {
    @Test("addresses are read as they are written, and written as they are read")
    func roundTrip() throws {
        for text in ["0.0.0.0", "1.2.3.4", "10.200.30.99", "255.255.255.255", "127.0.0.1", "100.20.3.0"] {
            let address = try #require(PeerAddress.parse(text))
            #expect(PeerAddress.text(address) == text)
        }
        #expect(PeerAddress.parse("2001:db8::1")?.bytes.count == 16)
        #expect(PeerAddress.parse("::ffff:1.2.3.4")?.bytes == [1, 2, 3, 4])
    }

    @Test(
        "what is no address is none",
        arguments: [
            "", ".", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256", "1.2.3.1000",
            "01.2.3.4", "1.2.3.04", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "1.2.3.a", "0x1.2.3.4", "host",
        ])
    func noAddress(text: String) { #expect(PeerAddress.parse(text) == nil) }

    @Test("behind a trusted proxy the last address that is no proxy's counts")
    func forwarded() throws {
        let proxy = try #require(PeerAddress.parse("127.0.0.1"))
        let trusted = TrustedProxies { $0 == proxy || $0.bytes.first == 10 }
        func resolve(_ fields: [String]) -> String? {
            ClientAddress.resolve(peer: proxy, trusted: trusted, forwardedFor: fields).map(PeerAddress.text)
        }
        #expect(resolve([]) == "127.0.0.1")
        #expect(resolve(["192.0.2.7"]) == "192.0.2.7")
        #expect(resolve(["10.0.0.1"]) == "127.0.0.1")
        #expect(resolve(["198.51.100.1, 192.0.2.7, 10.0.0.1"]) == "192.0.2.7")
        #expect(resolve(["198.51.100.1", "192.0.2.7"]) == "192.0.2.7")
        #expect(resolve(["192.0.2.7 "]) == "192.0.2.7")
        #expect(resolve(["192.0.2.7, nonsense"]) == "127.0.0.1")
        let stranger = try #require(PeerAddress.parse("203.0.113.5"))
        #expect(ClientAddress.resolve(peer: stranger, trusted: trusted, forwardedFor: ["192.0.2.7"]) == stranger)
    }
}
