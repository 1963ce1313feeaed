import Authentication
import BucklerPrimitives
import Synchronization
import Testing

@testable import Argon2

@Suite("Argon2id")
struct Argon2idHasherTests {
    private static let quick = Argon2Parameters(memoryKiB: 64, passes: 1, lanes: 1)

    @Test("the reference implementation's vector verifies, and no neighbour of it")
    func referenceVector() async throws {
        // phc-winner-argon2, src/test.c, version 0x13, Argon2id: t=2, m=2^16, p=1, "password", "somesalt".
        let phc = SecretString("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
        try await withHasher { (hasher) async throws in
            #expect(try await hasher.verify(SecretString("password"), against: phc) == .match(needsRehash: false))
            #expect(try await hasher.verify(SecretString("passwords"), against: phc) == .mismatch)
            #expect(try await hasher.verify(SecretString("Password"), against: phc) == .mismatch)
        }
    }

    @Test(
        "what an old verifier lacks to today's work is computed as well",
        arguments: [
            (Argon2Parameters(memoryKiB: 4_096, passes: 2, lanes: 1), 30_720),
            (Argon2Parameters(memoryKiB: 19_456, passes: 1, lanes: 1), 19_456),
            (Argon2Parameters(memoryKiB: 19_456, passes: 2, lanes: 1), 0),
            (Argon2Parameters(memoryKiB: 65_536, passes: 3, lanes: 1), 0),
        ])
    func rest(stored: Argon2Parameters, work: Int) {
        let rest = stored.rest(to: .standard)
        #expect(rest.map { Int($0.memoryKiB * $0.passes) } ?? 0 == work)
    }

    @Test("a verifier has today's parameters and a salt of its own")
    func freshVerifiers() async throws {
        try await withHasher(parameters: .standard) { (hasher) async throws in
            let first = try await hasher.hash(SecretString("correct horse battery staple"))
            let second = try await hasher.hash(SecretString("correct horse battery staple"))
            #expect(first != second)
            #expect(first.withExposedText { $0.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$") })
            #expect(
                try await hasher.verify(SecretString("correct horse battery staple"), against: first)
                    == .match(needsRehash: false))
        }
    }

    @Test("a verifier of weaker parameters asks to be renewed")
    func rehash() async throws {
        let old = try await withHasher(parameters: Self.quick) { try await $0.hash(SecretString("a long enough text")) }
        try await withHasher(parameters: Argon2Parameters(memoryKiB: 128, passes: 1, lanes: 1)) {
            (hasher) async throws in
            #expect(
                try await hasher.verify(SecretString("a long enough text"), against: old) == .match(needsRehash: true))
        }
        try await withHasher(parameters: Argon2Parameters(memoryKiB: 32, passes: 1, lanes: 1)) {
            (hasher) async throws in
            #expect(
                try await hasher.verify(SecretString("a long enough text"), against: old) == .match(needsRehash: false))
        }
    }

    @Test(
        "a verifier beyond the bounds, of another form or damaged matches nothing and costs nothing",
        arguments: [
            "$argon2id$v=19$m=1048576,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=65536,t=2000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=65536,t=2,p=200$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=065536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=+65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPd",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFd",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc$",
            "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "",
        ])
    func refusedVerifiers(text: String) async throws {
        try await withHasher { (hasher) async throws in
            #expect(try await hasher.verify(SecretString("password"), against: SecretString(text)) == .mismatch)
        }
    }

    @Test("composed and decomposed letters are the same password")
    func normalisation() async throws {
        try await withHasher { (hasher) async throws in
            let composed = try await hasher.hash(SecretString("caf\u{E9} caf\u{E9} caf\u{E9}"))
            let decomposed = SecretString("cafe\u{301} cafe\u{301} cafe\u{301}")
            #expect(try await hasher.verify(decomposed, against: composed) == .match(needsRehash: false))
            // NFC, not NFKC: a ligature stays another letter.
            let ligature = try await hasher.hash(SecretString("\u{FB01}nal \u{FB01}nal \u{FB01}nal"))
            #expect(try await hasher.verify(SecretString("final final final"), against: ligature) == .mismatch)
        }
    }

    @Test(
        "1 and 1,024 bytes are hashed, 0 and 1,025 are refused",
        arguments: [(0, false), (1, true), (1024, true), (1025, false)])
    func lengths(count: Int, isAccepted: Bool) async throws {
        try await withHasher { (hasher) async throws in
            let password = SecretString(String(repeating: "x", count: count))
            if isAccepted {
                _ = try await hasher.hash(password)
            } else {
                await #expect(throws: HasherError.length) { _ = try await hasher.hash(password) }
            }
        }
    }

    @Test("the whole password counts, also behind a NUL byte")
    func embeddedNul() async throws {
        try await withHasher { (hasher) async throws in
            let stored = try await hasher.hash(SecretString("first half\u{0}second half"))
            #expect(try await hasher.verify(SecretString("first half\u{0}other half"), against: stored) == .mismatch)
            #expect(try await hasher.verify(SecretString("first half"), against: stored) == .mismatch)
        }
    }

    @Test("a hundred callers at once: the queue's places are served, the others are told at once")
    func admission() async throws {
        try await withHasher(threads: 1) { (hasher) async throws in
            try await hasher.turns.wait(.stranger)
            let answers = await withTaskGroup(of: HasherError?.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        do throws(HasherError) {
                            _ = try await hasher.hash(SecretString("a password of many"))
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                var answers: [HasherError?] = []
                // The only turn is ours: who is answered now was refused, and nobody else's turn comes before.
                while answers.count < 52, let answer = await group.next() { answers.append(answer) }
                #expect(hasher.turns.waitingCount == 48)
                hasher.turns.finish()
                for await answer in group { answers.append(answer) }
                return answers
            }
            #expect(answers.prefix(52).allSatisfy { $0 == .busy })
            #expect(answers.dropFirst(52).allSatisfy { $0 == nil } && answers.count == 100)
        }
    }

    @Test("a flood of strangers leaves known devices their places")
    func lanes() async throws {
        try await withHasher(threads: 1) { hasher in
            try await hasher.turns.wait(.stranger)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<60 { group.addTask { _ = try? await hasher.hash(SecretString("the flood of strangers")) } }
                await Self.until { hasher.turns.waitingCount == 48 }
                group.addTask {
                    do {
                        _ = try await hasher.hash(
                            SecretString("a known device's owner"), lane: .knownDevice(of: .random(.seeded(3))))
                    } catch {
                        Issue.record("a known device was refused: \(error)")
                    }
                }
                await Self.until { hasher.turns.waitingCount > 48 }
                hasher.turns.finish()
            }
        }
    }

    @Test("one account waits once among the known devices; what more it brings waits with the strangers")
    func onePlacePerAccount() async throws {
        try await withHasher(threads: 1) { hasher in
            let greedy = AccountID.random(.seeded(3))
            try await hasher.turns.wait(.stranger)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        _ = try? await hasher.hash(
                            SecretString("somebody with an account"), lane: .knownDevice(of: greedy))
                    }
                }
                await Self.until { hasher.turns.waitingCount == 40 }
                for number in 4..<16 {
                    group.addTask {
                        do {
                            let lane = HasherLane.knownDevice(of: .random(.seeded(UInt64(number))))
                            _ = try await hasher.hash(SecretString("a known device's owner"), lane: lane)
                        } catch {
                            Issue.record("a known device was refused: \(error)")
                        }
                    }
                }
                await Self.until { hasher.turns.waitingCount == 52 }
                hasher.turns.finish()
            }
        }
    }

    @Test("a caller that leaves while it waits gives its place up")
    func cancellation() async throws {
        try await withHasher(threads: 1) { hasher in
            try await hasher.turns.wait(.stranger)
            let waiting = Task { try await hasher.hash(SecretString("leaves before its turn")) }
            await Self.until { hasher.turns.waitingCount == 1 }
            waiting.cancel()
            await #expect(throws: HasherError.cancelled) { _ = try await waiting.value }
            #expect(hasher.turns.waitingCount == 0)
            hasher.turns.finish()
            _ = try await hasher.hash(SecretString("comes afterwards to it"))
        }
    }

    /// Yields until `condition` holds.
    private static func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    private func withHasher<Value>(
        threads: Int = 2, parameters: Argon2Parameters = quick, _ body: (Argon2idHasher) async throws -> Value
    ) async throws -> Value {
        // The clock stands still: how long a caller waits must not depend on how busy the machine is.
        let start = ContinuousClock.now
        let hasher = Argon2idHasher(parameters: parameters, threads: threads, entropy: .seeded(7), now: { start })
        do {
            let value = try await body(hasher)
            await hasher.shutdown()
            return value
        } catch {
            await hasher.shutdown()
            throw error
        }
    }
}
