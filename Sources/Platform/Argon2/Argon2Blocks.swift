import Foundation
import Synchronization

/// The memory of computations: kept while passwords are being checked, given back when nobody has asked for some seconds.
///
/// A fresh block of 19 MiB costs the kernel's zeroing of 19 MiB, about a fifth of the computation itself; a block that was
/// used a moment ago costs nothing. libargon2 overwrites a block before it hands it back (`FLAG_clear_internal_memory`, on
/// unless somebody turns it off), so what waits here holds nothing of any password. Blocks are aligned to 2 MiB and asked
/// for in pages of that size: ordinary pages would be 4,864 faults and as many entries of the processor's page cache.
final class Argon2Blocks: Sendable {
    private struct Block {
        let address: UInt
        let byteCount: Int
        let idleSince: ContinuousClock.Instant
    }

    /// libargon2's callbacks carry no pointer of ours, so all hashers of a process share one pool.
    static let shared = Argon2Blocks(capacity: max(2, ProcessInfo.processInfo.activeProcessorCount))

    private let capacity: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private let idle = Mutex<[Block]>([])

    /// Keeps at most `capacity` blocks.
    init(capacity: Int, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        self.capacity = capacity
        self.now = now
    }

    deinit { idle.withLock { blocks in blocks.forEach(Self.free) } }

    /// How many blocks wait.
    var idleCount: Int { idle.withLock { $0.count } }

    /// A block of at least `count` bytes, the one given back last; nil if there is no memory.
    ///
    /// Its contents are whatever libargon2 left (zeros): the algorithm writes every part before it reads it.
    func take(_ count: Int) -> UnsafeMutableRawPointer? {
        let size = Self.rounded(count)
        let kept = idle.withLock { blocks -> Block? in
            blocks.lastIndex { $0.byteCount == size }.map { blocks.remove(at: $0) }
        }
        if let kept { return UnsafeMutableRawPointer(bitPattern: kept.address) }
        return Self.allocate(size)
    }

    /// Keeps a block for the next computation; of too many, the one that has waited longest goes.
    func giveBack(_ memory: UnsafeMutableRawPointer, _ count: Int) {
        let block = Block(address: UInt(bitPattern: memory), byteCount: Self.rounded(count), idleSince: now())
        let surplus = idle.withLock { blocks -> Block? in
            blocks.append(block)
            return blocks.count > capacity ? blocks.removeFirst() : nil
        }
        if let surplus { Self.free(surplus) }
    }

    /// Returns to the system what has waited for `Self.idleTime`.
    ///
    /// - Returns: True if there was any.
    @discardableResult
    func release() -> Bool {
        let limit = now() - Self.idleTime
        let late = idle.withLock { blocks -> [Block] in
            let late = blocks.filter { $0.idleSince <= limit }
            if !late.isEmpty { blocks.removeAll { $0.idleSince <= limit } }
            return late
        }
        late.forEach(Self.free)
        return !late.isEmpty
    }

    /// How long a block waits for the next password.
    static let idleTime = Duration.seconds(2)
    private static let page = 2 << 20

    private static func rounded(_ count: Int) -> Int { (count + page - 1) / page * page }

    private static func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, page, size) == 0, let memory else { return nil }
        #if os(Linux)
            // Only a wish: without it the computation is right, and slower.
            _ = madvise(memory, size, MADV_HUGEPAGE)
        #endif
        return memory
    }

    private static func free(_ block: Block) {
        UnsafeMutableRawPointer(bitPattern: block.address).map { Foundation.free($0) }
    }
}
