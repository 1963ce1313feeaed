import BucklerPrimitives
import Synchronization

/// The open event streams of this process, by account (PD-04, PD-05).
///
/// A stream is an open exchange of its session: it is cut with the session's end, before that is acknowledged, and then
/// its last element is the signed notice. At most `maximumPerSession` streams are open for a session (a further one
/// closes the oldest, which a phone may have lost without knowing), and at most 32 elements wait in each.
package final class AccountListeners: Sendable {
    /// What a stream carries.
    package enum Element: Sendable, Hashable {
        /// Something happened to the account.
        case notice(AccountNotice)
        /// Nothing happened for a while.
        case beat
        /// The session has ended; a compact JWS (PD-05). The last element.
        case ended(notice: String)
    }

    /// Streams of one session that are open at once.
    package static let maximumPerSession = 2
    /// Silence after which a stream carries a beat.
    package static let beatInterval = Duration.seconds(20)

    private let ended: EndedSessions
    private let notices: SessionEndNotices
    private let clock: WallClock
    private let state = Mutex(State())
    private let wakeup = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Takes the register of what ended, and who signs the notices.
    package init(ended: EndedSessions, notices: SessionEndNotices, clock: WallClock) {
        self.ended = ended
        self.notices = notices
        self.clock = clock
    }

    /// Begins to listen; close what is returned.
    ///
    /// `position` is a place in the record of events that was the last one before this call. If the session has ended
    /// meanwhile the stream carries that alone.
    package func open(_ active: ActiveSession, after position: Int64) -> AccountListening {
        let token = active.token
        let (stream, continuation) = AsyncStream<Element>.makeStream(bufferingPolicy: .bufferingNewest(32))
        let (number, displaced) = state.withLock { state in
            state.add(Listener(token: token, position: position, continuation: continuation, lastAt: clock.now))
        }
        displaced?.finish()
        let exchange = ended.register(token) { [weak self] in self?.cut(number) }
        if exchange == nil { cut(number) }
        wakeup.continuation.yield()
        return AccountListening(elements: stream) { [weak self] in
            if let exchange { self?.ended.finish(exchange) }
            _ = self?.state.withLock { $0.remove(number) }
            continuation.finish()
        }
    }

    /// Hands a notice to the account's streams that began before it.
    ///
    /// `sequence` is its place in the record. A session does not hear of its own end this way.
    package func publish(_ notice: AccountNotice, to account: AccountID, sequence: Int64) {
        let now = clock.now
        let receivers = state.withLock { state in
            state.take(at: now) { listener in
                listener.token.account == account && listener.position < sequence
                    && !(notice.kind == .signedOut && notice.session == listener.token.session)
            }
        }
        for receiver in receivers { receiver.yield(.notice(notice)) }
    }

    /// Sends a beat on every stream that was silent for `beatInterval`, so that both sides notice a dead connection.
    ///
    /// Call about once a second.
    package func beat() {
        let now = clock.now
        let silent = state.withLock { state in state.take(at: now) { $0.lastAt + Self.beatInterval <= now } }
        for receiver in silent { receiver.yield(.beat) }
    }

    /// Closes every stream, because the record cannot be read now; devices listen again.
    package func closeAll() {
        let all = state.withLock { $0.removeAll() }
        for receiver in all { receiver.finish() }
    }

    /// One element for one or more streams that began since the last was taken.
    package var began: AsyncStream<Void> { wakeup.stream }

    /// The earliest place in the record after which a stream wants to hear; nil without streams.
    package var earliestPosition: Int64? { state.withLock { $0.listeners.values.map(\.position).min() } }

    /// How many streams are open.
    package var count: Int { state.withLock { $0.listeners.count } }

    /// The session ended or reached its deadline; at a deadline, and where the register is not sure, the next refresh
    /// brings the notice.
    private func cut(_ number: UInt64) {
        guard let listener = state.withLock({ $0.remove(number) }) else { return }
        let token = listener.token
        if let reason = ended.endReason(of: token),
            let notice = try? notices.notice(session: token.session, key: token.key, reason: reason)
        {
            listener.continuation.yield(.ended(notice: notice))
        }
        listener.continuation.finish()
    }
}

/// One open stream.
package struct AccountListening: Sendable {
    /// What it carries; ends with the session.
    package let elements: AsyncStream<AccountListeners.Element>
    private let closing: @Sendable () -> Void

    init(elements: AsyncStream<AccountListeners.Element>, closing: @escaping @Sendable () -> Void) {
        self.elements = elements
        self.closing = closing
    }

    /// Gives the stream's place back; again without effect.
    package func close() { closing() }
}

private struct Listener {
    let token: VerifiedAccessToken
    let position: Int64
    let continuation: AsyncStream<AccountListeners.Element>.Continuation
    var lastAt: Timestamp
}

private struct State {
    var listeners: [UInt64: Listener] = [:]
    private var lastNumber: UInt64 = 0

    /// The new one's number, and the oldest of the session if there were as many as may be.
    mutating func add(_ listener: Listener) -> (UInt64, AsyncStream<AccountListeners.Element>.Continuation?) {
        let own = listeners.filter { $0.value.token.session == listener.token.session }.keys.sorted()
        var displaced: AsyncStream<AccountListeners.Element>.Continuation?
        if own.count >= AccountListeners.maximumPerSession, let oldest = own.first {
            displaced = listeners.removeValue(forKey: oldest)?.continuation
        }
        lastNumber += 1
        listeners[lastNumber] = listener
        return (lastNumber, displaced)
    }

    mutating func remove(_ number: UInt64) -> Listener? { listeners.removeValue(forKey: number) }

    mutating func removeAll() -> [AsyncStream<AccountListeners.Element>.Continuation] {
        defer { listeners = [:] }
        return listeners.values.map(\.continuation)
    }

    /// The continuations of those that fit, which are then no longer silent.
    mutating func take(
        at now: Timestamp, where fits: (Listener) -> Bool
    ) -> [AsyncStream<AccountListeners.Element>.Continuation] {
        let numbers = listeners.filter { fits($0.value) }.keys.sorted()
        return numbers.compactMap { number in
            listeners[number]?.lastAt = now
            return listeners[number]?.continuation
        }
    }
}
