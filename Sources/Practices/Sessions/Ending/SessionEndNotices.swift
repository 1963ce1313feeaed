import BucklerJOSE
import BucklerPrimitives

/// Makes the signed orders to sign out and wipe (PD-05).
///
/// Compact JWS, `typ: buckler-session-end+jwt`, ES256 by a notice key; claims `iss`, `sid`, `jkt`, `iat`, `reason`, `wipe`.
package struct SessionEndNotices: Sendable {
    private let issuer: String
    private let keys: SigningKeyRing
    private let clock: WallClock

    /// Takes the issuer and the keys.
    package init(issuer: String, keys: SigningKeyRing, clock: WallClock) {
        self.issuer = issuer
        self.keys = keys
        self.clock = clock
    }

    /// The notice for one session and its key.
    ///
    /// Only for an answer to that key.
    package func notice(
        session: SessionID, key: JWKThumbprint, reason: SessionEndReason
    ) throws(SigningError) -> String {
        try keys.sign(
            [
                "iss": .string(issuer), "sid": .string(session.text), "jkt": .string(key.text),
                "iat": .integer(clock.now.seconds), "reason": .string(reason.rawValue), "wipe": .bool(reason.wipes),
            ], .notice)
    }

    /// What the app keeps in its vault to check notices with: `{"keys": […]}`.
    package var keySet: JSONObject { keys.keySet([.notice]) }

    /// The same for apps that have keys already: claims `iss`, `iat`, `keys`, one compact JWS by each notice key in force.
    ///
    /// The app takes a set that a key of its own set has signed, and of two the one with the higher `iat`. So nobody who
    /// can only change an answer on its way brings in a key that orders to wipe.
    func signedKeySets() throws(SigningError) -> [String] {
        let payload: JSONObject = [
            "iss": .string(issuer), "iat": .integer(clock.now.seconds), "keys": keySet["keys"] ?? .array([]),
        ]
        return try keys.signByAll(payload, .notice, typ: Self.keySetType)
    }

    /// The JWS `typ` of a signed key set.
    package static let keySetType = "buckler-notice-keys+jwt"
}
