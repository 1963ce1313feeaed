/// Bytes that must never be printed, encoded or compared by accident.
///
/// All five doors are closed: no `description`, no `debugDescription`, no mirror, no `Codable`, and `==` takes the same
/// time wherever the first difference is. The storage is overwritten when the last owner lets go.
public struct SecretBytes: Sendable, Hashable {
    private let storage: WipedStorage

    /// Takes a copy of `bytes`; the caller's own copy is the caller's to wipe.
    public init(_ bytes: some Sequence<UInt8>) {
        // An array would be shared, and the wiping at the end would wipe a copy made for it: contiguous bytes are copied.
        storage = WipedStorage(bytes.withContiguousStorageIfAvailable { Array($0) } ?? Array(bytes))
    }

    /// The number of bytes; lengths are not secret.
    public var count: Int { storage.bytes.count }

    /// Lends the bytes to `body`.
    ///
    /// The name is long on purpose: every use can be found by searching for it.
    public func withExposedBytes<Result, Failure: Error>(
        _ body: ([UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(storage.bytes)
    }

    /// Compares in constant time for equal lengths.
    public static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        ConstantTime.equal(left.storage.bytes, right.storage.bytes)
    }

    /// Feeds only the length, so that a hash table of secrets leaks nothing through its order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
    }
}

/// The heap cell that owns secret bytes and overwrites them at the end.
///
/// `@unchecked Sendable`: the array is written only in `deinit`, when no other reference is left.
private final class WipedStorage: @unchecked Sendable {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    deinit {
        bytes.withUnsafeMutableBytes { ConstantTime.wipe($0) }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same text.
    public var description: String { "‹redacted›" }
    /// Always the same text.
    public var debugDescription: String { "‹redacted›" }
    /// Without children, so that `dump` of an owner shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Text that must never be printed, encoded or compared by accident: passwords, codes, tokens.
public struct SecretString: Sendable, Hashable {
    private let bytes: SecretBytes

    /// Keeps the UTF-8 of `text`.
    public init(_ text: String) {
        bytes = SecretBytes(text.utf8)
    }

    /// The number of UTF-8 bytes.
    public var utf8Count: Int { bytes.count }

    /// The number of Unicode scalars ("code points", NIST SP 800-63B-4 §3.1.1.2).
    public var scalarCount: Int { bytes.withExposedBytes { String(decoding: $0, as: UTF8.self).unicodeScalars.count } }

    /// Lends the text to `body`.
    public func withExposedText<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withExposedBytes { (raw: [UInt8]) throws(Failure) in try body(String(decoding: raw, as: UTF8.self)) }
    }

    /// Lends the UTF-8 bytes to `body`.
    public func withExposedBytes<Result, Failure: Error>(
        _ body: ([UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withExposedBytes(body)
    }

    /// Compares in constant time for equal lengths.
    public static func == (left: SecretString, right: SecretString) -> Bool { left.bytes == right.bytes }

    /// Feeds only the length.
    public func hash(into hasher: inout Hasher) { bytes.hash(into: &hasher) }
}

extension SecretString: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same text.
    public var description: String { "‹redacted›" }
    /// Always the same text.
    public var debugDescription: String { "‹redacted›" }
    /// Without children, so that `dump` of an owner shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
