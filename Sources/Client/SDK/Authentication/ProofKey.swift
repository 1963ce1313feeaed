import BucklerPrimitives
import Crypto

/// PKCE (RFC 7636) with S256: the verifier stays here until the code is redeemed.
struct ProofKey: Sendable {
    let verifier: SecretString

    init(_ entropy: Entropy) { verifier = SecretString(Base64URL.encode(entropy.bytes(32))) }

    /// The challenge: base64url of SHA-256 of the verifier.
    var challenge: String { verifier.withExposedBytes { Base64URL.encode(Array(SHA256.hash(data: $0))) } }
}
