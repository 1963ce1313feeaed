import BucklerJOSE
import BucklerPrimitives
import Sessions
import Testing

/// Two holders of one vault and its key: the copy is made at some moment, then each goes on for itself (I5).
@Suite("Refresh model: a cloned vault")
struct CloneModelTests {
    @Test("both holders get at most one common generation, then the session ends", arguments: [false, true])
    func cloned(afterAttempt: Bool) {
        var model = CloneModel(policy: RefreshPolicy(), sendsAttempts: true, copiesAttempt: afterAttempt)
        let outcome = model.explore(generations: 7)
        #expect(outcome.mostCommonGenerations <= 1)
        #expect(outcome.isEndedOnceBothWentOn)
        #expect(outcome.stateCount > 50)
    }

    @Test("whoever always answers the parent lets a clone ride along as far as one looks")
    func parentAlwaysAnswered() {
        let policy = RefreshPolicy(overlap: .days(365))
        var model = CloneModel(policy: policy, sendsAttempts: false, copiesAttempt: false)
        #expect(model.explore(generations: 7).mostCommonGenerations == 6)
    }
}

/// One holder: the generation of its token, the attempt it wrote down for it (0: none yet), what it got after the copy.
private struct Holder: Hashable {
    var generation: UInt32 = 1
    var attempt: UInt64 = 0
    var received: Set<UInt32> = []
}

private struct CloneState: Hashable {
    var server: UInt32 = 1
    var recorded: [UInt64] = Array(repeating: 0, count: 10)
    var hasEnded = false
    var holders = [Holder(), Holder()]
}

private struct CloneModel {
    struct Outcome {
        var stateCount = 0
        var mostCommonGenerations = 0
        /// No state exists in which both got a token of their own branch and the session goes on.
        var isEndedOnceBothWentOn = true
    }

    let policy: RefreshPolicy
    let sendsAttempts: Bool
    let copiesAttempt: Bool
    private let key = JWKThumbprint(bytes: [UInt8](repeating: 1, count: 32)) ?? { preconditionFailure() }()
    private let now = Timestamp(seconds: 1_000_000)

    init(policy: RefreshPolicy, sendsAttempts: Bool, copiesAttempt: Bool) {
        self.policy = policy
        self.sendsAttempts = sendsAttempts
        self.copiesAttempt = copiesAttempt
    }

    mutating func explore(generations: UInt32) -> Outcome {
        var outcome = Outcome()
        var first = CloneState()
        // The honest app may have written its attempt, and may have been answered without hearing it, before the copy.
        if copiesAttempt { for index in 0..<2 { first.holders[index].attempt = 1 } }
        var queue = [first]
        if copiesAttempt { queue += [exchange(0, first, isHeard: false)] }
        var seen = Set(queue)
        while let state = queue.popLast() {
            outcome.stateCount += 1
            note(state, &outcome)
            guard !state.hasEnded, state.server <= generations else { continue }
            for holder in 0..<2 {
                for isHeard in [true, false] {
                    let next = exchange(holder, state, isHeard: isHeard)
                    if seen.insert(next).inserted { queue.append(next) }
                }
            }
        }
        return outcome
    }

    private func note(_ state: CloneState, _ outcome: inout Outcome) {
        let common = state.holders[0].received.intersection(state.holders[1].received)
        outcome.mostCommonGenerations = max(outcome.mostCommonGenerations, common.count)
        if common.count > 1, !state.hasEnded { outcome.isEndedOnceBothWentOn = false }
    }

    /// One request of a holder; its answer is heard or lost.
    private func exchange(_ index: Int, _ state: CloneState, isHeard: Bool) -> CloneState {
        var next = state
        let holder = state.holders[index]
        // Attempts are random: those of the two holders differ, except for the one that was copied.
        let attempt = holder.attempt != 0 ? holder.attempt : UInt64(10 * (index + 1)) + UInt64(holder.generation)
        next.holders[index].attempt = attempt
        switch policy.decide(presentation(holder, attempt), on: row(state)) {
        case .rotate:
            next.recorded[Int(state.server)] = sendsAttempts ? attempt : 0
            next.server += 1
        case .repeatSuccessor: break
        case .superseded: return next
        default:
            next.hasEnded = true
            return next
        }
        if isHeard {
            next.holders[index].generation = holder.generation + 1
            next.holders[index].attempt = 0
            next.holders[index].received.insert(holder.generation + 1)
        }
        return next
    }

    private func presentation(_ holder: Holder, _ attempt: UInt64) -> RefreshPresentation {
        RefreshPresentation(
            generation: holder.generation, key: key, attempt: sendsAttempts ? AttemptDigest(value: attempt) : nil,
            at: now)
    }

    private func row(_ state: CloneState) -> RefreshState {
        var row = RefreshState(generation: state.server, key: key, rotatedAt: now)
        guard sendsAttempts else { return row }
        for generation in 1..<state.server {
            row.attempts[generation] = AttemptDigest(value: state.recorded[Int(generation)])
        }
        return row
    }
}
