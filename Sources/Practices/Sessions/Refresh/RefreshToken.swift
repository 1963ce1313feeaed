import BucklerPrimitives
import BucklerSecurityEvents

/// Why a text is no refresh token of ours.
package enum RefreshTokenError: Error, Equatable, Sendable {
    /// Another prefix, length or alphabet.
    case malformed
}

/// A refresh token as it is presented: session, generation, key epoch and a tag that was not checked (PD-01).
///
/// `brt1_` ‖ base64url(session id 16 ‖ generation u32 BE ‖ key epoch u8 ‖ tag 32): 76 characters.
package struct RefreshToken: Sendable {
    /// Which session.
    package let session: SessionID
    /// How many rotations came before it.
    package let generation: UInt32
    /// Which key made the tag.
    package let epoch: UInt8
    /// HMAC-SHA-256 under the epoch's key.
    package let tag: SecretBytes

    /// Reads the text strictly.
    package init(parsing text: String) throws(RefreshTokenError) {
        guard text.utf8.count == Self.characterCount, text.hasPrefix(Self.prefix),
            let bytes = Base64URL.decode(utf8: text.utf8.dropFirst(Self.prefix.utf8.count)),
            bytes.count == Self.byteCount, let session = SessionID(bytes: bytes[..<16])
        else { throw .malformed }
        self.session = session
        generation = bytes[16..<20].reduce(0) { $0 << 8 | UInt32($1) }
        epoch = bytes[20]
        tag = SecretBytes(bytes[21...])
    }

    /// Makes the token of a generation: the same inputs always give the same text.
    package init(session: SessionID, generation: UInt32, epoch: UInt8, salt: [UInt8], key: MACKey) {
        self.session = session
        self.generation = generation
        self.epoch = epoch
        tag = Self.tag(session: session, generation: generation, epoch: epoch, salt: salt, key: key)
    }

    /// The text form.
    package var text: SecretString {
        let bytes = session.bytes + Self.bigEndian(generation) + [epoch] + tag.withExposedBytes { $0 }
        return SecretString(Self.prefix + Base64URL.encode(bytes))
    }

    /// True if the tag was made with this key for the session's salt; in constant time.
    package func isAuthentic(salt: [UInt8], key: MACKey) -> Bool {
        tag == Self.tag(session: session, generation: generation, epoch: epoch, salt: salt, key: key)
    }

    /// "buckler refresh v1" ‖ 0x00 ‖ session id ‖ generation ‖ epoch ‖ salt.
    private static func tag(
        session: SessionID, generation: UInt32, epoch: UInt8, salt: [UInt8], key: MACKey
    ) -> SecretBytes {
        let input = label + session.bytes + bigEndian(generation) + [epoch] + salt
        return SecretBytes(key.tag(raw: input))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [UInt8(number >> 24), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
    }

    private static let prefix = "brt1_"
    private static let byteCount = 16 + 4 + 1 + 32
    private static let characterCount = 5 + (byteCount * 4 + 2) / 3
    private static let label = Array("buckler refresh v1".utf8) + [0]
}
