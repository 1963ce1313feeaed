import BucklerPrimitives

/// The `auth_session` that only names a session for step-up (PD-07).
///
/// `bsu1_` ‖ base64url(session id 16 ‖ MAC 32). Useless without the session's device key; opens nothing by itself.
package struct StepUpHandle: Sendable {
    private let key: MACKey

    /// Takes the verifier key.
    package init(key: MACKey) { self.key = key }

    /// The handle of a session.
    package func text(for session: SessionID) -> SecretString {
        SecretString(Self.prefix + Base64URL.encode(session.bytes + Self.tag(session, key)))
    }

    /// The session that a handle names; nil if we did not make it.
    package func session(_ text: SecretString) -> SessionID? {
        text.withExposedText { text -> SessionID? in
            guard text.utf8.count == Self.characterCount, text.hasPrefix(Self.prefix),
                let bytes = Base64URL.decode(utf8: text.utf8.dropFirst(Self.prefix.utf8.count)), bytes.count == 48,
                let session = SessionID(bytes: bytes[..<16])
            else { return nil }
            let tag = Array(bytes[16...])
            return key.epochs.contains { ConstantTime.equal(tag, Self.tag(session, $0)) } ? session : nil
        }
    }

    private static func tag(_ session: SessionID, _ key: MACKey) -> [UInt8] {
        key.tag("buckler step-up handle v1", session.bytes)
    }

    private static let prefix = "bsu1_"
    private static let characterCount = 5 + 64
}
