import BucklerPrimitives
import BucklerSecurityEvents
import Sessions
import Synchronization
import TestSupport
import Testing

/// Changes of the signing keys that meet while the store is slow.
@Suite("Signing keys that change at the same time", .timeLimit(.minutes(5)))
struct SigningKeyRaceTests {
    private let clock = ManualClock()
    private let store = HeldKeyStore()

    /// A ring over the store; each seed makes keys of its own.
    private func ring(seed: UInt64 = 31) async throws -> SigningKeyRing {
        try await SigningKeyRing(loading: store, clock: clock.clock, entropy: .seeded(seed))
    }

    /// What a restart would find is what is in force, and every purpose has one key that signs.
    private func expectSound(_ ring: SigningKeyRing) async throws {
        let stored = try await store.signingKeys()
        for purpose in SigningPurpose.allCases {
            let keys = stored.filter { $0.purpose == purpose }
            #expect(keys.filter(\.isActive).map(\.kid) == [ring.activeKey(purpose).kid])
            let published = ring.keySet([purpose])["keys"]?.array?.compactMap { $0.object?["kid"]?.string } ?? []
            #expect(Set(published) == Set(keys.map(\.kid)))
        }
    }

    @Test("a scheduled change that was under way does not bring compromised keys back")
    func advanceAgainstCompromise() async throws {
        let ring = try await ring()
        let lost = Set(try await store.signingKeys().map(\.kid))
        clock.advance(by: .days(31))
        store.holdNext()
        async let scheduled: Void = ring.advance()
        await store.isHeld()
        async let ordered: Void = ring.rotate(compromised: true)
        await store.letOthersRun()
        store.release()
        _ = try await (scheduled, ordered)
        #expect(lost.isDisjoint(with: try await store.signingKeys().map(\.kid)))
        for kid in lost {
            #expect(SigningPurpose.allCases.allSatisfy { ring.publicKey($0, kid: kid) == nil })
        }
        try await expectSound(ring)
    }

    @Test("an orderly rotation and a scheduled change wait for one that says compromised, and the other way round")
    func threeAtOnce() async throws {
        for isCompromisedFirst in [true, false] {
            let ring = try await ring(seed: isCompromisedFirst ? 32 : 33)
            let lost = Set(try await store.signingKeys().map(\.kid))
            clock.advance(by: .days(31))
            store.holdNext()
            async let first: Void = ring.rotate(compromised: isCompromisedFirst)
            await store.isHeld()
            async let second: Void = ring.rotate(compromised: !isCompromisedFirst)
            async let third: Void = ring.advance()
            await store.letOthersRun()
            store.release()
            _ = try await (first, second, third)
            #expect(lost.isDisjoint(with: try await store.signingKeys().map(\.kid)))
            #expect(store.recorded == [.keysCompromised, .keysRequested])
            store.forgetEvents()
            try await expectSound(ring)
        }
    }

    @Test("a change that the store refuses changes nothing, and the next one goes on")
    func refused() async throws {
        let ring = try await ring()
        let before = ring.activeKey(.accessToken).kid
        store.refuseNext()
        await #expect(throws: StoreError.unavailable) { try await ring.rotate(compromised: true) }
        #expect(ring.activeKey(.accessToken).kid == before)
        try await ring.rotate(compromised: true)
        #expect(ring.activeKey(.accessToken).kid != before)
        try await expectSound(ring)
    }
}

/// Signing keys in memory; one write can be held up or refused.
private final class HeldKeyStore: SigningKeyStore {
    private struct State {
        var keys: [SigningKey] = []
        var events: [EventReason] = []
        var holds = false
        var isHeld = false
        var refuses = false
        var gate = AsyncStream<Void>.makeStream()
    }

    private let state = Mutex(State())

    /// Reasons of what was recorded, by name.
    var recorded: [EventReason] { state.withLock { $0.events.sorted { $0.text < $1.text } } }

    func forgetEvents() { state.withLock { $0.events = [] } }

    func holdNext() {
        state.withLock { state in
            state.holds = true
            state.isHeld = false
            state.gate = AsyncStream<Void>.makeStream()
        }
    }

    func refuseNext() { state.withLock { $0.refuses = true } }

    func release() { state.withLock { $0.gate.continuation }.finish() }

    /// Waits until a write is held.
    func isHeld() async {
        while !state.withLock({ $0.isHeld }) { await Task.yield() }
    }

    /// Gives the others time to do what they should not do while a write is held; a correct ring does nothing.
    func letOthersRun() async {
        // Each time everybody who can run has had a turn.
        for _ in 0..<100 { await Task.yield() }
    }

    func signingKeys() async throws(StoreError) -> [SigningKey] { state.withLock { $0.keys } }

    func replaceSigningKeys(_ keys: [SigningKey], events: [SecurityEvent]) async throws(StoreError) {
        let (refuses, gate) = state.withLock { state in
            defer {
                state.isHeld = state.isHeld || state.holds
                state.holds = false
                state.refuses = false
            }
            return (state.refuses, state.holds ? state.gate.stream : nil)
        }
        if refuses { throw .unavailable }
        if let gate { for await _ in gate {} }
        state.withLock { state in
            state.keys = keys
            state.events += events.compactMap(\.reason)
        }
    }
}
