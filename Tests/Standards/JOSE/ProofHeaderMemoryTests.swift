import BucklerJOSE
import BucklerPrimitives
import TestSupport
import Testing

@Suite("Memory of DPoP headers")
struct ProofHeaderMemoryTests {
    private static let device = SoftwareDevice(seed: 31)

    private func proof(_ device: SoftwareDevice, _ path: String = "/a") throws -> String {
        try device.proof("GET", "https://api.example.com" + path, nonce: "n")
    }

    @Test("a proof with a remembered header says the same as one read afresh")
    func same() throws {
        let memory = ProofHeaderMemory()
        memory.remember(try UnverifiedDPoPProof(parsing: proof(Self.device), headers: memory).verified())
        #expect(memory.count == 1)
        let field = try proof(Self.device, "/b")
        let read = try UnverifiedDPoPProof(parsing: field, headers: memory).verified()
        let fresh = try UnverifiedDPoPProof(parsing: field).verified()
        #expect(read.thumbprint == fresh.thumbprint && read.jwk == fresh.jwk && read.claims == fresh.claims)
        memory.remember(read)
        #expect(memory.count == 1)
    }

    @Test("a remembered header does not spare the signature")
    func signature() throws {
        let memory = ProofHeaderMemory()
        memory.remember(try UnverifiedDPoPProof(parsing: proof(Self.device), headers: memory).verified())
        let forged = try ForgedJWS.compact(
            header: ["typ": "dpop+jwt", "alg": "ES256", "jwk": .object(Self.device.jwk.json)],
            payload: ForgedJWS.payload(of: proof(Self.device)), signer: SoftwareDevice(seed: 32).signer)
        let unverified = try UnverifiedDPoPProof(parsing: forged, headers: memory)
        #expect(unverified.thumbprint == Self.device.thumbprint)
        #expect(throws: DPoPProofError.signature) { try unverified.verified() }
        let edited = try ForgedJWS.edited(proof(Self.device)) { $0["htm"] = "POST" }
        #expect(throws: DPoPProofError.signature) {
            try UnverifiedDPoPProof(parsing: edited, headers: memory).verified()
        }
    }

    @Test("a header that differs in one letter is read for itself")
    func neighbour() throws {
        let memory = ProofHeaderMemory()
        memory.remember(try UnverifiedDPoPProof(parsing: proof(Self.device), headers: memory).verified())
        let other: JSONObject = ["typ": "dpop+jwt", "alg": "HS256", "jwk": .object(Self.device.jwk.json)]
        let field = try ForgedJWS.compact(
            header: other, payload: ForgedJWS.payload(of: proof(Self.device)), signer: Self.device.signer)
        #expect(throws: DPoPProofError.algorithm) { try UnverifiedDPoPProof(parsing: field, headers: memory) }
    }

    @Test("the memory is bounded, keeps what is used, and takes no long header")
    func bounds() throws {
        let memory = ProofHeaderMemory(capacity: 4)
        for seed in UInt64(100)..<120 {
            for device in [SoftwareDevice(seed: seed), Self.device] {
                memory.remember(try UnverifiedDPoPProof(parsing: proof(device), headers: memory).verified())
            }
            #expect(memory.count <= 8)
        }
        let empty = ProofHeaderMemory()
        var jwk = Self.device.jwk.json
        jwk["note"] = .string(String(repeating: "x", count: 600))
        let long = try ForgedJWS.compact(
            header: ["typ": "dpop+jwt", "alg": "ES256", "jwk": .object(jwk)],
            payload: ForgedJWS.payload(of: proof(Self.device)), signer: Self.device.signer)
        empty.remember(try UnverifiedDPoPProof(parsing: long, headers: empty).verified())
        #expect(empty.count == 0)
    }
}
