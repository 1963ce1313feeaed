import Authentication
import BucklerPrimitives
import Crypto

/// A password hasher that costs microseconds.
///
/// It protects nothing and exists in tests only.
package struct CheapPasswordHasher: PasswordHasher {
    private let entropy: Entropy

    /// Takes the source of salts.
    package init(entropy: Entropy) { self.entropy = entropy }

    package func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        Self.verifier(password, salt: entropy.bytes(16))
    }

    package func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        let salt = phc.withExposedText { text in
            text.split(separator: "$").dropFirst().first.flatMap { Base64URL.decode($0) }
        }
        guard let salt, Self.verifier(password, salt: salt) == phc else { return .mismatch }
        return .match(needsRehash: false)
    }

    package func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {
        _ = Self.verifier(password, salt: [])
    }

    private static func verifier(_ password: SecretString, salt: [UInt8]) -> SecretString {
        let digest = password.withExposedBytes { SHA256.hash(data: salt + $0) }
        return SecretString("$test$\(Base64URL.encode(salt))$\(Base64URL.encode(Array(digest)))")
    }
}
