import BucklerPrimitives
import Crypto

/// Why no proof was made.
public enum DPoPProofMakerError: Error, Equatable, Sendable {
    /// The URL is not an absolute `http` or `https` URL.
    case invalidURL
}

/// Makes DPoP proofs (RFC 9449 §4.2) with one device key.
public struct DPoPProofMaker: Sendable {
    private let signer: any ES256Signer
    private let entropy: Entropy
    private let encodedHeader: String

    /// Takes the key's signer and the source of `jti`.
    public init(signer: any ES256Signer, entropy: Entropy) {
        self.signer = signer
        self.entropy = entropy
        let header: JSONObject = ["typ": "dpop+jwt", "alg": "ES256", "jwk": .object(signer.publicJWK.json)]
        encodedHeader = Base64URL.encode(JSONValue.object(header).serialized)
    }

    /// A proof for one request; query and fragment of `url` are left out of `htu`.
    ///
    /// Throws ``DPoPProofMakerError`` or what the signer throws.
    public func proof(
        method: String, url: String, nonce: String?, accessToken: String?, issuedAt: Timestamp,
        extraClaims: JSONObject = [:]
    ) throws -> String {
        guard let target = TargetURI.normalized(url) else { throw DPoPProofMakerError.invalidURL }
        var claims: JSONObject = [
            "jti": .string(Base64URL.encode(entropy.bytes(16))), "htm": .string(method), "htu": .string(target),
            "iat": .integer(issuedAt.seconds),
        ]
        if let accessToken {
            claims["ath"] = .string(Base64URL.encode(Array(SHA256.hash(data: Array(accessToken.utf8)))))
        }
        if let nonce { claims["nonce"] = .string(nonce) }
        for member in extraClaims.members { claims[member.name] = member.value }
        return try JWSSigner.sign(payload: claims, encodedHeader: encodedHeader, with: signer)
    }
}
