import Authentication
import BucklerPrimitives
import CArgon2
import Foundation
import NIOPosix

/// Argon2id (RFC 9106) over libargon2, on a small pool of threads of its own.
///
/// One computation takes 20–40 ms and 19 MiB, so the number of threads is the number of cores, less one where there are
/// more than two, and what cannot start within two seconds is refused. Passwords are hashed in Unicode NFC: the same `é`
/// from every keyboard. Bytes are limited to 1…1,024 after that; how long a password must be is the policy's matter.
package final class Argon2idHasher: PasswordHasher {
    private let parameters: Argon2Parameters
    private let entropy: Entropy
    private let pool: NIOThreadPool
    /// Who computes and who waits; tests hold turns of it.
    let turns: HasherTurns
    private let dummy: SecretString

    /// Starts the threads; `shutdown` must follow before the last reference goes.
    package init(
        parameters: Argon2Parameters = .standard, threads: Int? = nil, entropy: Entropy,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        Self.returnLargeBlocks()
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let width = max(1, threads ?? (cores > 2 ? cores - 1 : cores))
        self.parameters = parameters
        self.entropy = entropy
        pool = NIOThreadPool(numberOfThreads: width)
        turns = HasherTurns(width: width, now: now)
        dummy = Self.dummyVerifier(parameters)
        pool.start()
    }

    /// Waits for running computations and stops the threads.
    package func shutdown() async {
        do { try await pool.shutdownGracefully() } catch { assertionFailure("the pool was already stopped") }
    }

    /// Gives memory that no computation has used for two seconds back to the system.
    ///
    /// With the blocks goes what the burst of requests around them left in the allocator. Call about once a second.
    package func releaseIdleMemory() {
        guard Argon2Blocks.shared.release() else { return }
        #if os(Linux)
            _ = malloc_trim(0)
        #endif
    }

    package func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        let input = try Self.normalized(password)
        let salt = entropy.bytes(16)
        let parameters = parameters
        return try await run(lane) { Self.encode(input, salt: salt, parameters) }
    }

    package func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        let input = try Self.normalized(password)
        guard let form = phc.withExposedText({ Argon2PHC(parsing: $0) }) else { return .mismatch }
        let current = parameters
        let matches = try await run(lane) {
            let matches = Self.compare(input, form)
            // A mismatch costs the same for old verifiers as for addresses without account; a match is renewed.
            if matches == false, let rest = form.parameters.rest(to: current) { Self.spend(rest) }
            return matches
        }
        return matches ? .match(needsRehash: form.parameters.isWeaker(than: parameters)) : .mismatch
    }

    package func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {
        _ = try await verify(password, against: dummy, lane: lane)
    }

    private func run<Result: Sendable>(
        _ lane: HasherLane, _ work: @escaping @Sendable () -> Result?
    ) async throws(HasherError) -> Result {
        try await turns.wait(lane)
        defer { turns.finish() }
        let result: Result?
        do { result = try await pool.runIfActive { work() } } catch is CancellationError { throw .cancelled } catch {
            throw .busy
        }
        guard let result else { throw .failed }
        return result
    }

    private static func normalized(_ password: SecretString) throws(HasherError) -> SecretString {
        // Four kilobytes are looked at in any case; nothing longer is worth decoding.
        guard (1...4096).contains(password.utf8Count) else { throw .length }
        let isASCII = password.withExposedBytes { $0.allSatisfy { $0 < 0x80 } }
        let normal =
            isASCII
            ? password : password.withExposedText { SecretString($0.precomposedStringWithCanonicalMapping) }
        guard (1...1024).contains(normal.utf8Count) else { throw .length }
        return normal
    }

    private static func encode(_ password: SecretString, salt: [UInt8], _ cost: Argon2Parameters) -> SecretString? {
        let output = password.withExposedBytes { bytes in
            Result { () throws(Argon2Computation.Failure) in
                try Argon2Computation.output(password: bytes, salt: salt, cost, byteCount: 32)
            }
        }
        guard case .success(let hash) = output else { return nil }
        return SecretString(Argon2PHC(parameters: cost, salt: salt, hash: hash).text)
    }

    /// Computes for the cost alone.
    private static func spend(_ cost: Argon2Parameters) {
        _ = try? Argon2Computation.output(
            password: [0], salt: [UInt8](repeating: 0, count: 16), cost, byteCount: 32)
    }

    /// Nil only if memory was lacking.
    private static func compare(_ password: SecretString, _ form: Argon2PHC) -> Bool? {
        let output = password.withExposedBytes { bytes in
            Result { () throws(Argon2Computation.Failure) in
                try Argon2Computation.output(
                    password: bytes, salt: form.salt, form.parameters, byteCount: form.hash.count)
            }
        }
        switch output {
        case .success(let hash): return ConstantTime.equal(hash, form.hash)
        case .failure(.memory): return nil
        case .failure(.parameters): return false
        }
    }

    /// A verifier of all-zero salt and hash: nobody knows a password for it.
    private static func dummyVerifier(_ cost: Argon2Parameters) -> SecretString {
        let salt = String(repeating: "A", count: 22)
        let hash = String(repeating: "A", count: 43)
        return SecretString("$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.passes),p=\(cost.lanes)$\(salt)$\(hash)")
    }

    /// Makes glibc give a computation's block back when it is freed, whatever thread used it, and keep two heaps for each
    /// core instead of eight: every further heap holds on to a little of what a burst of requests left.
    private static func returnLargeBlocks() {
        #if os(Linux)
            _ = mallopt(M_MMAP_THRESHOLD, 1 << 20)
            _ = mallopt(M_ARENA_MAX, 2 * Int32(clamping: ProcessInfo.processInfo.activeProcessorCount))
        #endif
    }
}
