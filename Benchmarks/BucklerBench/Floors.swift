import BucklerPrimitives
import Crypto
import Foundation

/// What the work itself costs, without any product around it.
enum Floors {
    /// P-256 verifications a second of CPU, key already imported.
    static func p256VerificationsPerSecond(seconds: Double = 1) throws -> Double {
        let key = P256.Signing.PrivateKey()
        let message = [UInt8](repeating: 7, count: 450)
        let signature = try key.signature(for: message)
        let publicKey = key.publicKey
        var count = 0
        let start = Machine.threadCPUSeconds()
        while Machine.threadCPUSeconds() - start < seconds {
            for _ in 0..<200 where publicKey.isValidSignature(signature, for: message) { count += 1 }
        }
        return Double(count) / (Machine.threadCPUSeconds() - start)
    }

    /// Bare Argon2id at the product's parameters on as many threads as the product uses: hashes a second and CPU each.
    static func argon2(seconds: Double, threads: Int) -> (perSecond: Double, cpuMilliseconds: Double) {
        let before = Machine.cpuSeconds([getpid()])
        let start = ContinuousClock.now
        let counts = Counts(threads)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            while ContinuousClock.now - start < .seconds(seconds) {
                BareArgon2.hash(memoryKibibytes: 19_456, iterations: 2)
                counts.add(thread)
            }
        }
        let elapsed = (ContinuousClock.now - start).inSeconds
        let total = Double(counts.total)
        return (total / elapsed, (Machine.cpuSeconds([getpid()]) - before) / total * 1000)
    }
}

/// One counter per thread.
///
/// `@unchecked Sendable`: each thread writes its own cell, and the sum is read after all have ended.
private final class Counts: @unchecked Sendable {
    private let cells: UnsafeMutableBufferPointer<Int>

    init(_ threads: Int) {
        cells = .allocate(capacity: threads)
        cells.initialize(repeating: 0)
    }

    deinit { cells.deallocate() }

    func add(_ thread: Int) { cells[thread] += 1 }

    var total: Int { cells.reduce(0, +) }
}
