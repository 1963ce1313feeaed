import Crypto
import Synchronization

/// The source of random bytes.
///
/// Everything that needs randomness receives one.
public struct Entropy: Sendable {
    private let fill: @Sendable (Int) -> [UInt8]

    /// Makes a source from a function that returns exactly as many bytes as asked.
    public init(_ fill: @escaping @Sendable (Int) -> [UInt8]) { self.fill = fill }

    /// `count` random bytes.
    public func bytes(_ count: Int) -> [UInt8] {
        let bytes = fill(count)
        precondition(bytes.count == count, "an entropy source returned \(bytes.count) bytes instead of \(count)")
        return bytes
    }

    /// A uniform integer below `bound` (rejection sampling, no modulo bias).
    public func integer(below bound: UInt32) -> UInt32 {
        precondition(bound > 0)
        let limit = UInt32.max - UInt32.max % bound
        while true {
            let value = bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if value < limit { return value % bound }
        }
    }

    /// The operating system's generator.
    public static let system = Entropy { count in
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            let word = generator.next()
            withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// A reproducible stream for tests: SHA-256 over seed and counter.
    ///
    /// Never for production.
    public static func seeded(_ seed: UInt64) -> Entropy {
        let counter = SeededCounter()
        return Entropy { count in
            var bytes: [UInt8] = []
            while bytes.count < count {
                var input = withUnsafeBytes(of: seed.bigEndian) { Array($0) }
                input += withUnsafeBytes(of: counter.next().bigEndian) { Array($0) }
                bytes += SHA256.hash(data: input)
            }
            return Array(bytes.prefix(count))
        }
    }
}

private final class SeededCounter: Sendable {
    private let value = Mutex<UInt64>(0)

    func next() -> UInt64 {
        value.withLock { current in
            current += 1
            return current
        }
    }
}
