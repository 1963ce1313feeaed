import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import TestSupport
import Testing

@testable import SecureChannel

@Suite("DPoP nonces, clocks and restarts")
struct DPoPTimeTests {
    @Test("a nonce opens for 300 s, the end exclusive")
    func lifetime() throws {
        let bench = DPoPBench()
        let nonce = bench.verifier.freshNonce()
        bench.time.advance(by: .seconds(300) - .milliseconds(1))
        #expect(try bench.verify(bench.proof(nonce: nonce)).nonceAge == .milliseconds(299_999))
        bench.time.advance(by: .milliseconds(1))
        #expect(throws: DPoPRefusal.nonceStale) { try bench.verify(bench.proof(nonce: nonce)) }
    }

    @Test("a new nonce is due when the proof's is older than 120 s")
    func hint() throws {
        let bench = DPoPBench()
        let nonce = bench.verifier.freshNonce()
        bench.time.advance(by: .seconds(120))
        #expect(try !bench.verify(bench.proof(nonce: nonce)).needsFreshNonce)
        bench.time.advance(by: .milliseconds(1))
        #expect(try bench.verify(bench.proof(nonce: nonce)).needsFreshNonce)
    }

    @Test("a nonce has one form: no bit of it can be changed")
    func forgery() throws {
        let bench = DPoPBench()
        let bytes = try #require(Base64URL.decode(bench.verifier.freshNonce()))
        #expect(bytes.count == 21)
        for bit in 0..<(bytes.count * 8) {
            var forged = bytes
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: DPoPRefusal.nonceForged) { try bench.verify(bench.proof(nonce: Base64URL.encode(forged))) }
        }
        for forged in [Array(bytes.dropLast()), bytes + [0], []] {
            #expect(throws: DPoPRefusal.nonceForged) { try bench.verify(bench.proof(nonce: Base64URL.encode(forged))) }
        }
    }

    @Test("the phone's clock does not matter", arguments: [-3650, -1, 0, 1, 3650])
    func phoneClock(days: Int) throws {
        let bench = DPoPBench()
        let field = try bench.device.proof(
            "GET", DPoPBench.url + "/notes", nonce: bench.verifier.freshNonce(), accessToken: DPoPBench.accessToken,
            at: bench.time.now + .days(days))
        #expect(try bench.verify(field).clockOffsetSeconds == Int64(days) * 86_400)
    }

    @Test("absurd clocks are read without overflow", arguments: [Int64.min, -1, 0, Int64.max])
    func absurdClock(seconds: Int64) throws {
        let bench = DPoPBench()
        var (header, claims) = try bench.parts()
        claims["iat"] = .integer(seconds)
        header["typ"] = "dpop+jwt"
        let field = try ForgedJWS.compact(header: header, payload: claims, signer: bench.device.signer)
        #expect(throws: Never.self) { try bench.verify(field) }
    }

    @Test("a proof opens once, for as long as its nonce could be accepted")
    func replay() throws {
        let bench = DPoPBench()
        let field = try bench.proof()
        try bench.verify(field)
        for _ in 0..<299 {
            #expect(throws: DPoPRefusal.replayed) { try bench.verify(field) }
            bench.time.advance(by: .seconds(1))
        }
        bench.time.advance(by: .seconds(1))
        #expect(throws: DPoPRefusal.nonceStale) { try bench.verify(field) }
    }

    @Test("a proof that a stranger used is no session's any more, and the other way round")
    func otherBearer() throws {
        let bench = DPoPBench()
        for (first, second) in [
            (ProofBearer.stranger(nil), ProofBearer.session), (.session, .stranger(.loopback)),
            (.stranger(.loopback), .stranger(nil)),
        ] {
            let field = try bench.proof()
            func verify(_ bearer: ProofBearer) throws(DPoPRefusal) {
                _ = try bench.verifier.verify(
                    proofs: [field], method: "GET", path: "/notes", accessToken: nil, as: bearer)
            }
            #expect(throws: Never.self) { try verify(first) }
            #expect(throws: DPoPRefusal.replayed) { try verify(second) }
        }
    }

    @Test("strangers of one network share a tenth of their memory, another network and sessions go on")
    func networks() throws {
        let bench = DPoPBench(cap: 1000)
        func verify(_ bearer: ProofBearer) throws(DPoPRefusal) {
            let field: String
            do { field = try bench.proof() } catch { preconditionFailure("the device signs") }
            _ = try bench.verifier.verify(
                proofs: [field], method: "GET", path: "/notes", accessToken: nil, as: bearer)
        }
        for _ in 0..<10 { try verify(.stranger(.loopback)) }
        #expect(throws: DPoPRefusal.shareExceeded) { try verify(.stranger(.loopback)) }
        #expect(throws: Never.self) { try verify(.stranger(SourceAddress(bytes: [192, 0, 2, 1]))) }
        #expect(throws: Never.self) { try verify(.session) }
    }

    @Test("a proof that is only checked is not remembered")
    func checkedOnly() throws {
        let bench = DPoPBench()
        let field = try bench.proof()
        for _ in 0..<3 {
            let checked = try bench.verifier.check(
                proofs: [field], method: "GET", path: "/notes", accessToken: DPoPBench.accessToken)
            #expect(checked.claimedKey == bench.device.thumbprint)
        }
        #expect(bench.replay.count == 0)
        #expect(throws: Never.self) { try bench.verify(field) }
    }

    @Test("a proof with the same identifier is another proof under another key")
    func identifierPerKey() throws {
        let bench = DPoPBench()
        for seed in 1...3 {
            var (header, claims) = try bench.parts()
            let device = SoftwareDevice(seed: UInt64(seed))
            header["jwk"] = .object(device.jwk.json)
            claims["jti"] = "same"
            let field = try ForgedJWS.compact(header: header, payload: claims, signer: device.signer)
            #expect(throws: Never.self) { try bench.verify(field) }
            #expect(throws: DPoPRefusal.replayed) { try bench.verify(field) }
        }
    }

    @Test("a new signature over the same identifier is the same proof")
    func resigned() throws {
        let bench = DPoPBench()
        let (header, claims) = try bench.parts()
        try bench.verify(ForgedJWS.compact(header: header, payload: claims, signer: bench.device.signer))
        var other = claims
        other["iat"] = 1
        let field = try ForgedJWS.compact(header: header, payload: other, signer: bench.device.signer)
        #expect(throws: DPoPRefusal.replayed) { try bench.verify(field) }
    }

    @Test("after a restart every recorded proof and every older nonce is refused")
    func restart() throws {
        let before = DPoPBench(seed: 1)
        let used = try before.proof()
        try before.verify(used)
        let unused = try before.proof()
        let after = DPoPBench(seed: 2)
        for field in [used, unused] {
            #expect(throws: DPoPRefusal.nonceForged) { try after.verify(field) }
        }
        #expect(throws: Never.self) { try after.verify(after.proof()) }
    }

    @Test("a server clock set back works like a restart: nothing recorded opens")
    func clockSetBack() throws {
        let bench = DPoPBench()
        bench.time.advance(by: .hours(2))
        let used = try bench.proof()
        try bench.verify(used)
        bench.time.advance(by: .hours(-1))
        #expect(throws: DPoPRefusal.nonceForged) { try bench.verify(used) }
        #expect(bench.replay.count == 0)
        #expect(throws: Never.self) { try bench.verify(bench.proof()) }
    }

    @Test("a small correction of the server's clock disturbs nobody and forgets nothing")
    func clockCorrection() throws {
        let bench = DPoPBench()
        let used = try bench.proof()
        try bench.verify(used)
        bench.time.advance(by: .seconds(-2))
        #expect(throws: DPoPRefusal.replayed) { try bench.verify(used) }
        #expect(throws: Never.self) { try bench.verify(bench.proof()) }
    }

    @Test("a server clock that jumps ahead asks for new nonces")
    func clockAhead() throws {
        let bench = DPoPBench()
        let used = try bench.proof()
        try bench.verify(used)
        bench.time.advance(by: .hours(1))
        #expect(throws: DPoPRefusal.nonceStale) { try bench.verify(used) }
        #expect(throws: Never.self) { try bench.verify(bench.proof()) }
    }

    @Test(
        "htu is compared in normal form",
        arguments: [
            "https://api.example.com/a/~b", "HTTPS://API.EXAMPLE.COM:443/a/%7Eb",
            "https://api.example.com/x/../a/./~b?q=1#f",
            "https://notes.local:8443/a/~b", "https://NOTES.local:8443/a/%7eb",
        ])
    func spellings(htu: String) throws {
        let bench = DPoPBench(urls: [DPoPBench.url, "https://notes.local:8443/"])
        var (header, claims) = try bench.parts()
        claims["htu"] = .string(htu)
        header["typ"] = "dpop+jwt"
        for path in ["/a/~b", "/a/%7Eb", "/./a/~b"] {
            claims["jti"] = .string(path)
            let field = try ForgedJWS.compact(header: header, payload: claims, signer: bench.device.signer)
            #expect(throws: Never.self) { try bench.verify(field, path: path) }
        }
    }

    @Test(
        "a proof for one of the public URLs is none for a name that is not configured",
        arguments: [
            "https://notes.local/notes", "https://127.0.0.1:8443/notes", "https://api.example.com.evil.example/notes",
            "https://api.example.com//notes", "https://api.example.com/notes/", "https://api.example.com/notes%2F",
        ])
    func foreignNames(htu: String) throws {
        let bench = DPoPBench()
        var (header, claims) = try bench.parts()
        claims["htu"] = .string(htu)
        header["typ"] = "dpop+jwt"
        let field = try ForgedJWS.compact(header: header, payload: claims, signer: bench.device.signer)
        #expect(throws: DPoPRefusal.uri) { try bench.verify(field) }
    }

    @Test(
        "a target that is no path is refused",
        arguments: ["*", "notes", "https://api.example.com/notes", "/no tes", "/%zz"])
    func strangeTargets(path: String) throws {
        let bench = DPoPBench()
        #expect(throws: DPoPRefusal.uri) { try bench.verify(bench.proof(), path: path) }
    }
}
