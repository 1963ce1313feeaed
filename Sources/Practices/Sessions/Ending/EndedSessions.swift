import BucklerPrimitives
import Synchronization

/// What ended recently, and which exchanges are still open (PD-04).
///
/// Asked for every request, synchronously. Sessions are kept for the longest life of an access token and ten seconds;
/// one instant per account and one for all stand for mass sign-outs. Ending and registering exclude one another: an
/// exchange is either refused or cut, never missed.
///
/// Tokens carry whole seconds. In the second of a sign-out of all, a token does not tell whether its session began before
/// or after; such a token opens nothing, and gives no reason either.
package final class EndedSessions: Sendable {
    private let clock: WallClock
    private let state = Mutex(State())

    /// Takes the clock that minted the tokens.
    package init(clock: WallClock) { self.clock = clock }

    /// True unless the token's session is known to go on.
    package func isEnded(_ token: VerifiedAccessToken) -> Bool { standing(of: token) != .running }

    /// How the token's session stands.
    package func standing(of token: VerifiedAccessToken) -> SessionStanding {
        state.withLock { $0.standing(of: token) }
    }

    /// Why the token's session ended; nil if it goes on, and where only the token endpoint knows.
    package func endReason(of token: VerifiedAccessToken) -> SessionEndReason? {
        guard case .ended(let reason) = standing(of: token) else { return nil }
        return reason
    }

    /// True if this very session is remembered as ended.
    package func contains(_ session: SessionID) -> Bool { state.withLock { $0.ended[session] != nil } }

    /// Ends a session: from the return of this call on no request of it starts, and its open exchanges were told to stop.
    package func end(session: SessionID, reason: SessionEndReason, at endedAt: Timestamp? = nil) {
        end(sessions: [session], reason: reason, at: endedAt)
    }

    /// Ends several sessions.
    package func end(sessions: [SessionID], reason: SessionEndReason, at endedAt: Timestamp? = nil) {
        let now = clock.now
        let kept = (endedAt ?? now) + Self.memory
        let cancels = state.withLock { state in
            state.forget(before: now)
            for session in sessions { state.ended[session] = Ending(reason: reason, until: kept) }
            return sessions.flatMap { state.removeExchanges(of: $0) }
        }
        for cancel in cancels { cancel() }
    }

    /// Ends all sessions of an account that began before `notBefore`.
    ///
    /// Sessions that the caller knows are ended by id as
    /// well: tokens carry whole seconds.
    package func end(account: AccountID, notBefore: Timestamp) {
        let now = clock.now
        state.withLock { state in
            state.forget(before: now)
            state.accounts[account] = max(notBefore, state.accounts[account] ?? notBefore)
        }
    }

    /// Ends every session that began at or before `notBefore`.
    ///
    /// Tokens made in the very second of `notBefore` open nothing any more, whichever session they are of.
    package func endAll(notBefore: Timestamp) {
        let cancels = state.withLock { state in
            state.global = max(notBefore, state.global ?? notBefore)
            return state.removeAllExchanges()
        }
        for cancel in cancels { cancel() }
    }

    /// Registers an open exchange; nil if its session has ended, then nothing may be sent.
    ///
    /// `cancel` is called at most once, outside of any lock: when the session ends or reaches its deadline.
    package func register(
        _ token: VerifiedAccessToken, cancel: @escaping @Sendable () -> Void
    ) -> ExchangeID? {
        state.withLock { state in
            guard state.standing(of: token) == .running else { return nil }
            let deadline = max(token.sessionDeadline, state.deadlines[token.session]?.deadline ?? token.sessionDeadline)
            return state.add(token.session, deadline: deadline, cancel: cancel)
        }
    }

    /// Forgets an exchange that finished by itself.
    package func finish(_ exchange: ExchangeID) { state.withLock { $0.remove(exchange) } }

    /// A refresh or a step-up moved the session's deadline: its open exchanges may go on until then, and so may those that
    /// begin with an older token, which names an older deadline.
    package func extend(session: SessionID, deadline: Timestamp) {
        let now = clock.now
        state.withLock { state in
            state.forget(before: now)
            let latest = max(deadline, state.deadlines[session]?.deadline ?? deadline)
            state.deadlines[session] = LatestDeadline(deadline: latest, until: now + Self.memory)
            for number in state.open[session]?.numbers ?? [] { state.exchanges[number]?.deadline = latest }
        }
    }

    /// Cuts the exchanges whose session has reached its deadline.
    ///
    /// Call about once a second.
    package func cutOverdueExchanges() {
        let now = clock.now
        let cancels = state.withLock { state in
            state.exchanges.filter { $0.value.deadline <= now }.map { number, exchange in
                state.remove(ExchangeID(number: number))
                return exchange.cancel
            }
        }
        for cancel in cancels { cancel() }
    }

    /// How many exchanges are open.
    package var openExchangeCount: Int { state.withLock { $0.exchanges.count } }

    /// How many ended sessions are remembered.
    package var rememberedCount: Int { state.withLock { $0.ended.count } }

    /// 300 s of an access token's life and 10 s.
    package static let memory = Duration.seconds(310)
}

/// How a token's session stands, by what the register remembers.
package enum SessionStanding: Sendable, Hashable {
    /// It goes on.
    case running
    /// It has ended.
    case ended(SessionEndReason)
    /// All sessions were ended in the second in which the token was made: it may be of one that began afterwards.
    ///
    /// No request starts, and nobody is told to wipe: the token endpoint compares milliseconds.
    case undecided
}

/// Names an open exchange of one process.
package struct ExchangeID: Sendable, Hashable {
    fileprivate let number: UInt64
}

private struct Ending {
    let reason: SessionEndReason
    let until: Timestamp
}

/// A session's deadline, for as long as a token with an older one may be used.
private struct LatestDeadline {
    let deadline: Timestamp
    let until: Timestamp
}

private struct Exchange {
    let session: SessionID
    var deadline: Timestamp
    let cancel: @Sendable () -> Void
}

/// The open exchanges of one session; nearly always one, which needs no table.
private enum OpenExchanges {
    case one(UInt64)
    case many(Set<UInt64>)

    var numbers: [UInt64] {
        switch self {
        case .one(let number): [number]
        case .many(let numbers): Array(numbers)
        }
    }

    mutating func insert(_ number: UInt64) {
        switch self {
        case .one(number): break
        case .one(let other): self = .many([other, number])
        case .many(var numbers):
            self = .one(number)
            numbers.insert(number)
            self = .many(numbers)
        }
    }

    /// True if none is left.
    mutating func remove(_ number: UInt64) -> Bool {
        switch self {
        case .one(let only): return only == number
        case .many(var numbers):
            self = .one(number)
            numbers.remove(number)
            self = .many(numbers)
            return numbers.isEmpty
        }
    }
}

private struct State {
    var ended: [SessionID: Ending] = [:]
    var accounts: [AccountID: Timestamp] = [:]
    var global: Timestamp?
    var deadlines: [SessionID: LatestDeadline] = [:]
    var exchanges: [UInt64: Exchange] = [:]
    var open: [SessionID: OpenExchanges] = [:]
    private var lastNumber: UInt64 = 0
    private var forgottenAt = Timestamp(milliseconds: 0)

    func standing(of token: VerifiedAccessToken) -> SessionStanding {
        if let ending = ended[token.session] { return .ended(ending.reason) }
        // `iat` has whole seconds. One account's sessions are also ended by id, so the same second is let through here;
        // a sign-out of all has no ids, so there the same second opens nothing.
        let second = token.issuedAt.seconds
        if let notBefore = accounts[token.account], second < notBefore.seconds { return .ended(.massSignOut) }
        guard let global, second <= global.seconds else { return .running }
        return second < global.seconds ? .ended(.massSignOut) : .undecided
    }

    mutating func add(
        _ session: SessionID, deadline: Timestamp, cancel: @escaping @Sendable () -> Void
    ) -> ExchangeID {
        lastNumber += 1
        exchanges[lastNumber] = Exchange(session: session, deadline: deadline, cancel: cancel)
        open[session, default: .one(lastNumber)].insert(lastNumber)
        return ExchangeID(number: lastNumber)
    }

    mutating func remove(_ exchange: ExchangeID) {
        guard let session = exchanges.removeValue(forKey: exchange.number)?.session else { return }
        if open[session]?.remove(exchange.number) == true { open[session] = nil }
    }

    mutating func removeExchanges(of session: SessionID) -> [@Sendable () -> Void] {
        (open.removeValue(forKey: session)?.numbers ?? []).compactMap { exchanges.removeValue(forKey: $0)?.cancel }
    }

    mutating func removeAllExchanges() -> [@Sendable () -> Void] {
        defer {
            exchanges = [:]
            open = [:]
        }
        return exchanges.values.map(\.cancel)
    }

    /// Drops what no token can be older than; at most once in ten seconds, so that a burst of endings stays linear.
    mutating func forget(before now: Timestamp) {
        guard now >= forgottenAt + .seconds(10) else { return }
        forgottenAt = now
        ended = ended.filter { $0.value.until > now }
        deadlines = deadlines.filter { $0.value.until > now }
        accounts = accounts.filter { $0.value + EndedSessions.memory > now }
    }
}
