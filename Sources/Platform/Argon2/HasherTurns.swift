import Authentication
import BucklerPrimitives
import Synchronization

/// Who may compute now, who waits, and in which order.
///
/// As many computations run as there are threads. Strangers may wait 48 deep, known devices 16 deep beside them, so a
/// flood of strangers cannot fill the places of people on phones they have used. Every fourth turn goes to a known device
/// if one waits; the other turns go to whoever waits longest. An account has one place among the known devices; what
/// more it brings waits with the strangers, so that nobody with an account fills the places of others.
final class HasherTurns: Sendable {
    private struct Waiter {
        let number: UInt64
        var account: AccountID?
        let since: ContinuousClock.Instant
        let resume: CheckedContinuation<HasherError?, Never>
    }

    private struct State {
        var running = 0
        var turn = 0
        var nextNumber: UInt64 = 0
        var strangers: [Waiter] = []
        var knownDevices: [Waiter] = []
    }

    private let state = Mutex(State())
    private let width: Int
    private let now: @Sendable () -> ContinuousClock.Instant

    init(width: Int, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.width = width
        self.now = now
    }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.strangers.count + $0.knownDevices.count } }

    /// Waits for a turn; each success needs one `finish`.
    func wait(_ lane: HasherLane) async throws(HasherError) {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { enter(number, lane, $0) }
        } onCancel: {
            cancel(number)
        }
        if let failure { throw failure }
    }

    /// Gives the turn to the next.
    func finish() {
        let (granted, late) = state.withLock { state -> (Waiter?, [Waiter]) in
            let late = Self.removeLate(&state, at: now())
            let next = Self.takeNext(&state)
            if next == nil { state.running -= 1 }
            return (next, late)
        }
        for waiter in late { waiter.resume.resume(returning: .busy) }
        granted?.resume.resume(returning: nil)
    }

    private func enter(_ number: UInt64, _ lane: HasherLane, _ continuation: CheckedContinuation<HasherError?, Never>) {
        let answer: HasherError?? = state.withLock { state in
            // The handler may have run before there was anybody to find.
            if Task.isCancelled { return .some(.cancelled) }
            if state.running < width {
                state.running += 1
                return .some(nil)
            }
            var waiter = Waiter(number: number, since: now(), resume: continuation)
            if case .knownDevice(let account) = lane { waiter.account = account }
            switch lane {
            case .knownDevice(let account) where !state.knownDevices.contains { $0.account == account }:
                guard state.knownDevices.count < Self.knownDevicePlaces else { return .some(.busy) }
                state.knownDevices.append(waiter)
            case .stranger, .knownDevice:
                guard state.strangers.count < Self.strangerPlaces else { return .some(.busy) }
                state.strangers.append(waiter)
            }
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func cancel(_ number: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            if let index = state.strangers.firstIndex(where: { $0.number == number }) {
                return state.strangers.remove(at: index)
            }
            if let index = state.knownDevices.firstIndex(where: { $0.number == number }) {
                return state.knownDevices.remove(at: index)
            }
            return nil
        }
        waiter?.resume.resume(returning: .cancelled)
    }

    private static func removeLate(_ state: inout State, at now: ContinuousClock.Instant) -> [Waiter] {
        let isLate: (Waiter) -> Bool = { now - $0.since > longestWait }
        let late = state.strangers.filter(isLate) + state.knownDevices.filter(isLate)
        if !late.isEmpty {
            state.strangers.removeAll(where: isLate)
            state.knownDevices.removeAll(where: isLate)
        }
        return late
    }

    private static func takeNext(_ state: inout State) -> Waiter? {
        guard !(state.strangers.isEmpty && state.knownDevices.isEmpty) else { return nil }
        state.turn = (state.turn + 1) % 4
        guard let known = state.knownDevices.first else { return state.strangers.removeFirst() }
        let stranger = state.strangers.first
        if state.turn == 0 || stranger == nil || known.number < stranger?.number ?? 0 {
            return state.knownDevices.removeFirst()
        }
        return state.strangers.removeFirst()
    }

    private static let strangerPlaces = 48
    private static let knownDevicePlaces = 16
    private static let longestWait = Duration.seconds(2)
}
