import BucklerPrimitives

/// The public name of a key: 16 hexadecimal digits, random.
///
/// Written in backups' notes and error texts.
package struct KeyID: Sendable, Hashable, CustomStringConvertible {
    /// The digits.
    package let text: String

    /// Nil for anything but 16 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard let bytes = Hex.decode(text), bytes.count == 8, Hex.encode(bytes) == text else { return nil }
        self.text = text
    }

    init(random entropy: Entropy) { text = Hex.encode(entropy.bytes(8)) }

    /// The digits.
    package var description: String { text }
}

/// The key from which all others of an instance are derived.
///
/// File form, one line: `buckler-root-key v1 <key id> <base64url of 32 bytes>`. A key manager's command prints the same.
package struct RootKey: Sendable {
    /// The key's public name.
    package let id: KeyID
    /// Thirty-two bytes.
    package let bytes: SecretBytes

    /// Draws a new one.
    package init(random entropy: Entropy) {
        id = KeyID(random: entropy)
        bytes = SecretBytes(entropy.bytes(32))
    }

    /// Parses the file form; nil for anything else.
    package init?(parsing text: SecretString) {
        let parts = text.withExposedText { KeyLine.parts($0, label: "buckler-root-key", count: 2) }
        guard let parts, let id = KeyID(parts[0]), let raw = Base64URL.decode(parts[1]), raw.count == 32 else {
            return nil
        }
        self.id = id
        bytes = SecretBytes(raw)
    }

    /// The file form.
    package var fileForm: SecretString {
        bytes.withExposedBytes { SecretString("buckler-root-key v1 \(id) \(Base64URL.encode($0))\n") }
    }
}

/// A key-encryption key as it stands in `kek/<epoch>`: sealed under the root key, tied to its epoch.
///
/// File form, one line: `buckler-kek v1 <epoch> <root key id> <base64url of the sealed 32 bytes>`.
struct WrappedKeyEncryptionKey {
    let epoch: KeyEpoch
    let rootID: KeyID
    let sealed: [UInt8]

    init(sealing raw: [UInt8], epoch: KeyEpoch, rootID: KeyID, ring: KeyRing, entropy: Entropy) {
        self.epoch = epoch
        self.rootID = rootID
        sealed = ring.sealing(.wrapDataKeys).seal(raw, context: Self.context(epoch), entropy: entropy)
    }

    init?(parsing text: String) {
        guard let parts = KeyLine.parts(text, label: "buckler-kek", count: 3),
            let number = Int64(parts[0]), let epoch = KeyEpoch(number), "\(number)" == parts[0],
            let rootID = KeyID(parts[1]), let sealed = Base64URL.decode(parts[2])
        else { return nil }
        self.epoch = epoch
        self.rootID = rootID
        self.sealed = sealed
    }

    var fileForm: String { "buckler-kek v1 \(epoch) \(rootID) \(Base64URL.encode(sealed))\n" }

    func open(_ ring: KeyRing) throws(SealingError) -> SecretBytes {
        let raw = try ring.sealing(.wrapDataKeys).open(sealed, context: Self.context(epoch))
        guard raw.count == 32 else { throw .notAuthentic }
        return raw
    }

    private static func context(_ epoch: KeyEpoch) -> [UInt8] {
        RowContext(table: "keys/kek", column: "key", owner: Array("\(epoch)".utf8)).bytes
    }
}

/// One line of a label, the form's version and words, separated by single spaces.
private enum KeyLine {
    static func parts(_ text: String, label: String, count: Int) -> [String]? {
        let line = text.hasSuffix("\n") ? text.dropLast() : text[...]
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == count + 2, words[0] == label, words[1] == "v1" else { return nil }
        return Array(words.dropFirst(2))
    }
}
