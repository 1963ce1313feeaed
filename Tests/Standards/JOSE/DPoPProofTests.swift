import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation
import TestSupport
import Testing

@Suite("DPoP proof")
struct DPoPProofTests {
    static let device = SoftwareDevice(seed: 9449)

    @Test("the proof of RFC 9449 §4.1 is read and verified")
    func example() throws {
        let proof = try UnverifiedDPoPProof(parsing: Self.tokenRequestExample).verified()
        #expect(proof.thumbprint.text == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
        #expect(proof.method == "POST")
        #expect(proof.uri == "https://server.example.com/token")
        #expect(proof.jti == "-BwC3ESc6acc2lTc")
        #expect(proof.issuedAt == 1_562_262_616)
        #expect(proof.accessTokenHash == nil)
        #expect(proof.nonce == nil)
    }

    @Test("the proof of RFC 9449 §7.1 carries the hash of the access token printed there")
    func resourceExample() throws {
        let proof = try UnverifiedDPoPProof(parsing: Self.resourceRequestExample).verified()
        let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
        #expect(proof.accessTokenHash == Array(SHA256.hash(data: Array(token.utf8))))
        #expect(proof.method == "GET")
    }

    static let tokenRequestExample =
        key
        + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwi"
        + "aWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"

    static let resourceRequestExample =
        key
        + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0"
        + "ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9"
        + ".2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"

    private static let key =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJo"
        + "RjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"

    @Test("a made proof is verified and carries what was asked")
    func roundTrip() throws {
        let field = try Self.device.proof(
            "POST", "https://API.example.com:443/a/../b?q=1#f", nonce: "n", accessToken: "t", at: Timestamp(seconds: 5),
            claims: ["user_idle": 12])
        let proof = try UnverifiedDPoPProof(parsing: field).verified()
        #expect(proof.uri == "https://api.example.com/b")
        #expect(proof.thumbprint == Self.device.thumbprint)
        #expect(proof.issuedAt == 5)
        #expect(proof.nonce == "n")
        #expect(proof.accessTokenHash == Array(SHA256.hash(data: Array("t".utf8))))
        #expect(proof.claims["user_idle"] == 12)
        #expect(proof.jti.utf8.count == 22)
    }

    @Test("a maker never uses a proof identifier twice, and refuses what is no URL")
    func identifiers() throws {
        let fields = try (0..<50).map { _ in try Self.device.proof("GET", "https://a/", nonce: nil) }
        #expect(try Set(fields.map { try UnverifiedDPoPProof(parsing: $0).jti }).count == 50)
        #expect(throws: DPoPProofMakerError.invalidURL) { try Self.device.proof("GET", "/a", nonce: nil) }
    }

    @Test("damaged proofs are refused and never crash the parser")
    func damaged() throws {
        let field = try Self.device.proof("GET", "https://a/", nonce: "n", accessToken: "t")
        let entropy = Entropy.seeded(9449)
        for _ in 0..<4000 {
            let text = String(decoding: Mutation.damage(Array(field.utf8), with: entropy), as: UTF8.self)
            guard text != field, let proof = try? UnverifiedDPoPProof(parsing: text) else { continue }
            #expect(throws: DPoPProofError.signature) { try proof.verified() }
        }
    }
}
