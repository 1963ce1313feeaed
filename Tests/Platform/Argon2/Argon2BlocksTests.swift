import Authentication
import BucklerPrimitives
import Synchronization
import Testing

@testable import Argon2

@Suite("Argon2id's memory")
struct Argon2BlocksTests {
    private static let byteCount = 3 << 20

    /// A clock that tests move by hand.
    private final class Hand: Sendable {
        private let instant = Mutex(ContinuousClock.now)
        var now: ContinuousClock.Instant { instant.withLock { $0 } }
        func advance(by duration: Duration) { instant.withLock { $0 += duration } }
    }

    @Test("a block that was given back is the next one, and is aligned to 2 MiB")
    func reuse() throws {
        let blocks = Argon2Blocks(capacity: 2)
        let first = try #require(blocks.take(Self.byteCount))
        #expect(UInt(bitPattern: first) % (2 << 20) == 0)
        blocks.giveBack(first, Self.byteCount)
        #expect(blocks.take(Self.byteCount) == first)
        #expect(blocks.idleCount == 0)
        blocks.giveBack(first, Self.byteCount)
    }

    @Test("a block of another size is not handed out")
    func sizes() throws {
        let blocks = Argon2Blocks(capacity: 2)
        let small = try #require(blocks.take(1 << 20))
        blocks.giveBack(small, 1 << 20)
        let large = try #require(blocks.take(Self.byteCount))
        #expect(large != small)
        #expect(blocks.idleCount == 1)
        blocks.giveBack(large, Self.byteCount)
    }

    @Test("after two seconds without a password the memory goes back to the system")
    func release() throws {
        let hand = Hand()
        let blocks = Argon2Blocks(capacity: 2, now: { hand.now })
        let block = try #require(blocks.take(Self.byteCount))
        blocks.giveBack(block, Self.byteCount)
        hand.advance(by: .milliseconds(1999))
        blocks.release()
        #expect(blocks.idleCount == 1)
        hand.advance(by: .milliseconds(1))
        blocks.release()
        #expect(blocks.idleCount == 0)
    }

    @Test("no more blocks are kept than may compute at once")
    func capacity() throws {
        let blocks = Argon2Blocks(capacity: 2)
        let taken = try (0..<4).map { _ in try #require(blocks.take(Self.byteCount)) }
        for block in taken { blocks.giveBack(block, Self.byteCount) }
        #expect(blocks.idleCount == 2)
    }

    @Test("what waits for the next password holds nothing of the last one")
    func wiped() async {
        // All hashers of a process share one pool: in a process of its own nobody else takes this computation's block.
        await #expect(processExitsWith: .success) {
            let cost = Argon2Parameters(memoryKiB: 23 * 1024, passes: 1, lanes: 1)
            _ = try Argon2Computation.output(
                password: Array("a password of one person".utf8), salt: Array(repeating: 7, count: 16), cost,
                byteCount: 32)
            let count = 23 << 20
            try #require(Argon2Blocks.shared.idleCount == 1)
            let block = try #require(Argon2Blocks.shared.take(count))
            #expect(Argon2Blocks.shared.idleCount == 0, "another block would be zero in any case")
            #expect(UnsafeRawBufferPointer(start: block, count: count).allSatisfy { $0 == 0 })
            Argon2Blocks.shared.giveBack(block, count)
        }
    }
}
