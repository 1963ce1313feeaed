import BucklerJOSE
import BucklerPrimitives
import Crypto
import TestSupport

@testable import SecureChannel

/// A verifier under test, with its clock, and a device that talks to it.
struct DPoPBench {
    static let url = "https://api.example.com"
    static let accessToken = "a.b.c"

    let time = ManualClock()
    let replay: ReplayMemory
    let verifier: DPoPVerifier
    let device = SoftwareDevice(seed: 1)

    init(urls: [String] = [Self.url], cap: Int = 1000, seed: UInt64 = 42) {
        replay = ReplayMemory(cap: cap, entropy: .seeded(seed))
        verifier = DPoPVerifier(publicURLs: urls, clock: time.clock, entropy: .seeded(seed + 1), replay: replay)
    }

    /// A proof for `GET /notes` with the access token, as a correct client makes it.
    func proof(_ url: String = Self.url + "/notes", nonce: String? = nil, claims: JSONObject = [:]) throws -> String {
        try device.proof(
            "GET", url, nonce: nonce ?? verifier.freshNonce(), accessToken: Self.accessToken, at: time.now,
            claims: claims)
    }

    /// Offers proofs for `GET /notes` with the access token.
    @discardableResult
    func verify(_ proofs: String..., path: String = "/notes", token: String? = Self.accessToken) throws(DPoPRefusal)
        -> VerifiedProof
    {
        try verifier.verify(proofs: proofs, method: "GET", path: path, accessToken: token, as: .session)
    }

    /// Header and claims of a correct proof, to be damaged one member at a time.
    func parts() throws -> (header: JSONObject, claims: JSONObject) {
        let field = try proof()
        let header: JSONObject = ["typ": "dpop+jwt", "alg": "ES256", "jwk": .object(device.jwk.json)]
        return (header, try ForgedJWS.payload(of: field))
    }
}
