import BucklerPrimitives
import Crypto

/// Eight bytes that name one attempt to refresh, written down by the client before it sends (PD-01).
package struct AttemptDigest: Sendable, Hashable {
    /// The bytes as a number; zero stands for "none" in the ring.
    package let value: UInt64

    /// Digests the 16 bytes of an `Idempotency-Key`.
    package init(attempt: [UInt8]) {
        let prefix = SHA256.hash(data: attempt).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(value: prefix)
    }

    /// Takes a number; zero becomes one, because zero means that no attempt was named.
    package init(value: UInt64) { self.value = value == 0 ? 1 : value }
}

/// The attempts that made the last rotations of one session.
///
/// Nine slots of eight bytes. Nine and not eight: while a proof is fresh there can be eight further rotations after the
/// one that it asks for, so the ring must hold nine attempts (`RefreshModelTests` finds the wrong sign-out with eight).
package struct AttemptRing: Sendable, Hashable {
    private var slots: [UInt64]

    /// An empty ring.
    package init() { slots = Array(repeating: 0, count: Self.capacity) }

    /// Reads the stored form; nil for another length.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.capacity * 8 else { return nil }
        slots = stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<(start + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
    }

    /// The stored form: the slots, big-endian.
    package var bytes: [UInt8] {
        slots.flatMap { slot in stride(from: 56, through: 0, by: -8).map { UInt8(slot >> UInt64($0) & 255) } }
    }

    /// The attempt that rotated away from `generation`; nil if it named none.
    ///
    /// Only the last `capacity` are true.
    package subscript(generation: UInt32) -> AttemptDigest? {
        get {
            let slot = slots[Int(generation) % Self.capacity]
            return slot == 0 ? nil : AttemptDigest(value: slot)
        }
        set { slots[Int(generation) % Self.capacity] = newValue?.value ?? 0 }
    }

    /// How many attempts are remembered.
    package static let capacity = 9
}

/// When the last rotations of one session took place, for the limit of PD-01.
package struct RotationTimes: Sendable, Hashable {
    /// At most `capacity` instants, the oldest first.
    package private(set) var instants: [Timestamp]

    /// No rotation yet.
    package init() { instants = [] }

    /// Reads the stored form; nil for another length.
    package init?(bytes: [UInt8]) {
        guard bytes.count % 8 == 0, bytes.count <= Self.capacity * 8 else { return nil }
        instants = stride(from: 0, to: bytes.count, by: 8).map { start in
            let value = bytes[start..<(start + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Timestamp(milliseconds: Int64(bitPattern: value))
        }
    }

    /// The stored form: milliseconds, big-endian.
    package var bytes: [UInt8] {
        instants.flatMap { instant in
            let value = UInt64(bitPattern: instant.milliseconds)
            return stride(from: 56, through: 0, by: -8).map { UInt8(value >> UInt64($0) & 255) }
        }
    }

    /// Adds a rotation.
    package func adding(_ instant: Timestamp) -> RotationTimes {
        var copy = self
        copy.instants.append(instant)
        if copy.instants.count > Self.capacity { copy.instants.removeFirst() }
        return copy
    }

    /// How many instants are kept.
    package static let capacity = 8
}
