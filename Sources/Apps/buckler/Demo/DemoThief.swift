import Buckler
import BucklerJOSE
import BucklerPrimitives
import Crypto

/// Somebody with a stolen refresh token and a key of their own.
struct DemoThief {
    let server: String
    let transport: any HTTPTransport

    /// Tries to refresh: a valid proof, a fresh nonce, only the key is not the session's.
    func refresh(with token: SecretString) async throws -> (status: Int, body: String) {
        let url = server + "/buckler/oauth/token"
        let nonce = try await transport.send(TransportRequest(method: "GET", url: server + "/buckler/nonce"))
            .header("DPoP-Nonce")
        let maker = DPoPProofMaker(signer: SoftwareES256Signer(P256.Signing.PrivateKey()), entropy: .system)
        let proof = try maker.proof(
            method: "POST", url: url, nonce: nonce, accessToken: nil, issuedAt: WallClock.system.now,
            extraClaims: ["user_idle": 0])
        let form = token.withExposedText { token in
            FormURLEncoded.encode([
                (name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: token),
                (name: "client_id", value: "notes-ios"),
            ])
        }
        let response = try await transport.send(
            TransportRequest(
                method: "POST", url: url,
                headers: [
                    HeaderField("Content-Type", "application/x-www-form-urlencoded"), HeaderField("DPoP", proof),
                    HeaderField("Idempotency-Key", "\"\(Base64URL.encode(Entropy.system.bytes(16)))\""),
                ], body: .bytes(Array(form.utf8))))
        return (response.status, String(decoding: try await DemoBody.read(response), as: UTF8.self))
    }
}
