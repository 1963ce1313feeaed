import BucklerJOSE
import BucklerPrimitives
import Sessions

/// Which rules of PD-01 hold; tests take one away.
struct ModelRules {
    /// Token items are added, never overwritten.
    var addOnlyTokens = true
    /// Step 3: the highest token is read again before anything is sent.
    var secondRead = true
    /// How many rotations back the server recognises an attempt.
    var rememberedAttempts = 2
    /// How many rotations a proof can outlive, counted from its nonce; nil for proofs that live for ever.
    var proofAge: UInt64? = 1
    /// The proof's nonce is older than the reading of the vault, so that the proof's age counts from there.
    var nonceBeforeRead = true
    /// How many rotations the exploration follows.
    var generations: UInt64 = 3
}

/// Two processes of one app on one vault, a network that loses, delays and doubles, and the real refresh policy.
///
/// Every reachable state is visited once; so every interleaving is covered, of any length. A state is two words:
/// server and vault in one, processes and messages in the other.
struct RefreshModel {
    let rules: ModelRules
    private let judge: ModelJudge

    init(_ rules: ModelRules) {
        self.rules = rules
        judge = ModelJudge(rules)
    }

    struct Outcome {
        var stateCount = 0
        var stepCount = 0
        /// The honest app was signed out.
        var wrongSignOut = false
        /// The packing was too small: the result says nothing.
        var overflow = false
    }

    /// Visits every reachable state, or stops at the first wrong sign-out.
    mutating func explore() -> Outcome {
        var outcome = Outcome()
        let seen = StateTable(capacity: 1 << 22)
        var queue = [ModelState()]
        _ = seen.insert(queue[0])
        var next: [ModelState] = []
        while let state = queue.popLast() {
            outcome.stateCount += 1
            next.removeAll(keepingCapacity: true)
            steps(from: state, into: &next, &outcome)
            outcome.stepCount += next.count
            if outcome.wrongSignOut || outcome.overflow { return outcome }
            for candidate in next where seen.insert(candidate) { queue.append(candidate) }
        }
        return outcome
    }

    private func steps(from state: ModelState, into next: inout [ModelState], _ outcome: inout Outcome) {
        for process in 0..<2 { step(process, state, &next, &outcome) }
        for slot in 0..<ModelState.messageCount where state.hasMessage(slot) {
            var lost = state
            lost.removeMessage(slot)
            next.append(lost)
            guard let delivered = deliver(slot, state, &outcome) else { return }
            next.append(delivered)
            var once = delivered
            once.removeMessage(slot)
            next.append(once)
        }
    }

    /// The client's steps (PD-01): one at a time, and a kill at each of them.
    private func step(_ index: Int, _ state: ModelState, _ next: inout [ModelState], _ outcome: inout Outcome) {
        let process = state.process(index)
        var after = state
        switch process.step {
        case .idle:
            after.setProcess(index, ModelProcess(step: .read, token: state.highestToken))
            next.append(after)
            return
        case .read:
            guard let attempt = after.attempt(of: process.token) else {
                outcome.overflow = true
                return
            }
            after.setProcess(index, process.at(.attempted, attempt: attempt))
        case .attempted:
            if rules.secondRead, state.highestToken != process.token {
                after.setVaultAttempt(process.token, 0)
                after.setProcess(index, ModelProcess())
            } else {
                after.setProcess(index, process.at(.checked, attempt: process.attempt))
            }
        case .checked:
            guard let slot = after.freeMessage else { break }
            let age = rules.nonceBeforeRead ? process.age : 0
            after.setProcess(index, process.at(.waiting, attempt: process.attempt))
            if rules.proofAge.map({ age <= $0 }) ?? true {
                after.setMessage(
                    slot, ModelMessage(token: process.token, attempt: process.attempt, age: age, owner: index))
            }
        case .waiting:
            guard process.answer != .none else { break }
            let isSuccessor = process.answer == .successor
            after.setProcess(index, isSuccessor ? process.at(.answered, attempt: 0) : ModelProcess())
        case .answered:
            after.addToken(process.token + 1, isAddOnly: rules.addOnlyTokens)
            after.setProcess(index, process.at(.added, attempt: 0))
        case .added:
            after.removeTokens(below: process.token + 1)
            after.setProcess(index, process.at(.cleaned, attempt: 0))
        case .cleaned:
            after.removeAttempts(below: process.token + 1)
            after.setProcess(index, ModelProcess())
        }
        if after != state { next.append(after.canonical) }
        // A kill, or a time-out: the process forgets what it was doing, the vault does not.
        after = state
        after.setProcess(index, ModelProcess())
        next.append(after.canonical)
    }

    /// The server judges a message by the real policy; nil after a wrong sign-out.
    private func deliver(_ slot: Int, _ state: ModelState, _ outcome: inout Outcome) -> ModelState? {
        let message = state.message(slot)
        var after = state
        let answer: ModelProcess.Answer
        switch judge.decide(state, message) {
        case .rotate:
            // The exploration ends here; the state stays as if the message were late.
            guard state.generation < rules.generations else { return state }
            after.rotate(by: message.attempt, proofAge: rules.proofAge)
            answer = .successor
        case .repeatSuccessor: answer = .successor
        case .superseded: answer = .superseded
        default:
            outcome.wrongSignOut = true
            return nil
        }
        let owner = after.process(message.owner)
        if owner.step == .waiting, owner.token == message.token, owner.attempt == message.attempt {
            after.setProcess(message.owner, owner.answered(answer))
        }
        return after.canonical
    }
}

/// Asks the real policy, and remembers its answers.
final class ModelJudge {
    private let policy: RefreshPolicy
    private let key: JWKThumbprint
    private var known: [UInt64: RefreshDecision] = [:]

    init(_ rules: ModelRules) {
        policy = RefreshPolicy(overlap: .zero, rememberedAttempts: rules.rememberedAttempts)
        key = JWKThumbprint(bytes: [UInt8](repeating: 1, count: 32)) ?? { preconditionFailure() }()
    }

    func decide(_ state: ModelState, _ message: ModelMessage) -> RefreshDecision {
        let question = state.serverBits << 6 | message.token << 3 | message.attempt
        if let answer = known[question] { return answer }
        let now = Timestamp(seconds: 1_000_000)
        var row = RefreshState(generation: UInt32(state.generation), key: key, rotatedAt: now)
        for generation in 0..<UInt32(state.generation) {
            let attempt = state.recordedAttempt(UInt64(generation))
            row.attempts[generation] = AttemptDigest(value: UInt64(generation) << 8 | attempt)
        }
        let presented = RefreshPresentation(
            generation: UInt32(message.token), key: key,
            attempt: AttemptDigest(value: message.token << 8 | message.attempt), at: now)
        let answer = policy.decide(presented, on: row)
        known[question] = answer
        return answer
    }
}
