import BucklerPrimitives
import BucklerSecurityEvents
import Synchronization

/// One epoch of the refresh key: generations that begin in it carry its number.
package struct RefreshKeyEpoch: Sendable, Hashable {
    /// 1 to 255, growing.
    package let number: UInt8
    /// When it began.
    package let beganAt: Timestamp
    /// Until when (exclusive) its tokens are accepted; nil while it is the newest.
    package var acceptedUntil: Timestamp?

    /// States an epoch.
    package init(number: UInt8, beganAt: Timestamp, acceptedUntil: Timestamp? = nil) {
        self.number = number
        self.beganAt = beganAt
        self.acceptedUntil = acceptedUntil
    }
}

/// Why the refresh key was not changed.
package enum RefreshKeyError: Error, Equatable, Sendable {
    /// All 255 epochs are used: the root key has to be renewed.
    case exhausted
    /// The store did not take it.
    case store(StoreError)
}

/// The keys of refresh tags by epoch (PD-01).
///
/// New generations use the newest epoch.
package final class RefreshKeys: Sendable {
    private let store: any SessionStore
    private let derive: @Sendable (UInt8) -> MACKey
    private let clock: WallClock
    private let state: Mutex<State>

    /// Loads the epochs and begins the first one in a new store.
    ///
    /// `derive` makes an epoch's key from the root key.
    package init(
        loading store: any SessionStore, clock: WallClock, derive: @escaping @Sendable (UInt8) -> MACKey
    ) async throws(StoreError) {
        self.store = store
        self.clock = clock
        self.derive = derive
        var epochs = try await store.read { try $0.refreshEpochs() }
        if epochs.isEmpty {
            let first = [RefreshKeyEpoch(number: 1, beganAt: clock.now)]
            try await store.write { try $0.replaceRefreshEpochs(first) }
            epochs = first
        }
        state = Mutex(State(epochs: epochs, derive: derive))
    }

    /// The newest epoch and its key.
    package var current: (epoch: UInt8, key: MACKey) {
        state.withLock { state in (state.newest, state.keys[state.newest] ?? derive(state.newest)) }
    }

    /// The key of an epoch whose tokens are still accepted.
    package func key(epoch: UInt8) -> MACKey? {
        let now = clock.now
        return state.withLock { state in
            guard let known = state.epochs[epoch], known.acceptedUntil.map({ now < $0 }) ?? true else { return nil }
            return state.keys[epoch]
        }
    }

    /// Begins a new epoch.
    ///
    /// Older tokens are accepted for `overlap` (the longest absolute lifetime), or not at all after a compromise. `event`
    /// commits with it. One at a time: the caller sees to that.
    package func rotate(
        compromised: Bool, overlap: Duration, event: SecurityEvent? = nil
    ) async throws(RefreshKeyError) {
        let changed = try next(compromised: compromised, overlap: overlap)
        do {
            try await store.write { transaction in
                try transaction.replaceRefreshEpochs(changed)
                if let event { try transaction.record(event) }
            }
        } catch { throw .store(error) }
        adopt(changed)
    }

    /// The epochs as they are after one more has begun; nothing is changed yet.
    ///
    /// After 255 a number comes again only under a new root key, which gives it another key, and only once tokens of the
    /// old one are no longer accepted.
    package func next(
        compromised: Bool, overlap: Duration, underNewRoot: Bool = false
    ) throws(RefreshKeyError) -> [RefreshKeyEpoch] {
        let now = clock.now
        let all = state.withLock { Array($0.epochs.values) }.sorted { $0.number < $1.number }
        var epochs = underNewRoot ? all.filter { $0.acceptedUntil.map { now < $0 } ?? true } : all
        let used = Set(epochs.map(\.number))
        let after = used.max().flatMap { $0 < 255 ? $0 + 1 : nil }
        guard let number = after ?? (underNewRoot ? (1...255).first { !used.contains($0) } : nil) else {
            throw .exhausted
        }
        for index in epochs.indices {
            let limit = compromised ? now : now + overlap
            epochs[index].acceptedUntil = min(epochs[index].acceptedUntil ?? limit, limit)
        }
        return epochs + [RefreshKeyEpoch(number: number, beganAt: now)]
    }

    /// Goes on with epochs that the store has taken.
    package func adopt(_ epochs: [RefreshKeyEpoch]) {
        state.withLock { $0 = State(epochs: epochs, derive: derive) }
    }

    /// The epochs whose tokens are accepted now, the oldest first.
    package var accepted: [UInt8] {
        let now = clock.now
        return state.withLock { state in
            state.epochs.values.filter { epoch in epoch.acceptedUntil.map { now < $0 } ?? true }.map(\.number).sorted()
        }
    }

    private struct State {
        let epochs: [UInt8: RefreshKeyEpoch]
        let keys: [UInt8: MACKey]
        let newest: UInt8

        init(epochs list: [RefreshKeyEpoch], derive: (UInt8) -> MACKey) {
            epochs = Dictionary(list.map { ($0.number, $0) }, uniquingKeysWith: { _, last in last })
            keys = epochs.mapValues { derive($0.number) }
            newest = list.first { $0.acceptedUntil == nil }?.number ?? list.map(\.number).max() ?? 1
        }
    }
}
