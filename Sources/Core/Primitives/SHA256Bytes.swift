import Crypto

/// SHA-256 over bytes that lie side by side, without the detour through generic collections: it stands on the path of every
/// request.
package enum SHA256Bytes {
    /// The 32-byte digest of a text's UTF-8.
    package static func digest(of text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { digest(of: UnsafeRawBufferPointer($0)) }
    }

    /// The 32-byte digest.
    package static func digest(of bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { digest(of: $0) } }

    /// The 32-byte digest.
    package static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return hash.finalize().withUnsafeBytes { Array($0) }
    }
}

/// The key of a table by SHA-256 digest: four words, since hashing an array costs a call for each of its bytes.
package struct DigestKey: Hashable, Sendable {
    private let words: SIMD4<UInt64>

    /// Takes 32 bytes.
    package init(_ digest: [UInt8]) {
        precondition(digest.count == 32, "SHA-256 has 32 bytes")
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    /// Feeds the first two words: a digest's bits are as good as random, and equality looks at all of them.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.x)
        hasher.combine(words.y)
    }
}
