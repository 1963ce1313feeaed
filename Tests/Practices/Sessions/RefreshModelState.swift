/// What one process of the app is doing.
struct ModelProcess {
    enum Step: UInt64 { case idle, read, attempted, checked, waiting, answered, added, cleaned }
    enum Answer: UInt64 { case none, successor, superseded }

    var step = Step.idle
    var token: UInt64 = 0
    var attempt: UInt64 = 0
    /// Rotations since step 1, before which the proof's nonce was taken.
    var age: UInt64 = 0
    var answer = Answer.none

    func at(_ step: Step, attempt: UInt64) -> ModelProcess {
        ModelProcess(step: step, token: token, attempt: attempt, age: step == .attempted || step == .checked ? age : 0)
    }

    func answered(_ answer: Answer) -> ModelProcess {
        ModelProcess(step: step, token: token, attempt: attempt, age: age, answer: answer)
    }

    /// 13 bits: step 3, token 3, attempt 3, age 2, answer 2.
    var bits: UInt64 { step.rawValue | token << 3 | attempt << 6 | age << 9 | answer.rawValue << 11 }

    static func bits(_ bits: UInt64) -> ModelProcess {
        ModelProcess(
            step: Step(rawValue: bits & 7) ?? .idle, token: bits >> 3 & 7, attempt: bits >> 6 & 7, age: bits >> 9 & 3,
            answer: Answer(rawValue: bits >> 11 & 3) ?? .none)
    }
}

/// A request on its way.
struct ModelMessage {
    var token: UInt64
    var attempt: UInt64
    /// Rotations since its nonce.
    var age: UInt64
    var owner: Int

    /// 10 bits, never zero: presence 1, token 3, attempt 3, age 2, owner 1.
    var bits: UInt64 { 1 | token << 1 | attempt << 4 | age << 7 | UInt64(owner) << 9 }

    static func bits(_ bits: UInt64) -> ModelMessage {
        ModelMessage(token: bits >> 1 & 7, attempt: bits >> 4 & 7, age: bits >> 7 & 3, owner: Int(bits >> 9 & 1))
    }
}

/// One state of the model in two words.
///
/// `shared`: generation 3 · recorded attempts 4 × 3 · vault tokens 5 (one bit each) · vault attempts 5 × 3.
/// `moving`: two processes of 13 · three messages of 10.
struct ModelState: Equatable {
    var shared: UInt64 = 1 << 15
    var moving: UInt64 = 0

    static let messageCount = 3

    var generation: UInt64 { shared & 7 }
    /// Generation and recorded attempts.
    var serverBits: UInt64 { shared & 0x7FFF }
    func recordedAttempt(_ generation: UInt64) -> UInt64 { shared >> (3 + 3 * generation) & 7 }

    var tokens: UInt64 { shared >> 15 & 31 }
    var highestToken: UInt64 { UInt64(63 - tokens.leadingZeroBitCount) }
    func vaultAttempt(_ token: UInt64) -> UInt64 { shared >> (20 + 3 * token) & 7 }

    mutating func setVaultAttempt(_ token: UInt64, _ attempt: UInt64) {
        let shift = 20 + 3 * token
        shared = shared & ~(7 << shift) | attempt << shift
    }

    /// The vault's attempt of a token, made if there is none; nil if the packing is too small.
    mutating func attempt(of token: UInt64) -> UInt64? {
        let known = vaultAttempt(token)
        if known != 0 { return known }
        // The smallest number that nobody remembers for this token is as good as a random one.
        var used: UInt64 = 1 << (token < 4 ? recordedAttempt(token) : 0)
        for index in 0..<2 where process(index).token == token { used |= 1 << process(index).attempt }
        for slot in 0..<Self.messageCount where hasMessage(slot) && message(slot).token == token {
            used |= 1 << message(slot).attempt
        }
        guard let fresh = (1..<8).first(where: { used >> UInt64($0) & 1 == 0 }) else { return nil }
        setVaultAttempt(token, UInt64(fresh))
        return UInt64(fresh)
    }

    mutating func addToken(_ token: UInt64, isAddOnly: Bool) {
        let others = isAddOnly ? tokens : 0
        shared = shared & ~(31 << 15) | (others | 1 << token) << 15
    }

    mutating func removeTokens(below token: UInt64) {
        let kept = tokens & ~((1 << token) - 1)
        // Overwritten items have nothing lower to remove.
        if kept != 0 { shared = shared & ~(31 << 15) | kept << 15 }
    }

    mutating func removeAttempts(below token: UInt64) {
        for lower in 0..<token { setVaultAttempt(lower, 0) }
    }

    func process(_ index: Int) -> ModelProcess { .bits(moving >> UInt64(13 * index) & 0x1FFF) }

    mutating func setProcess(_ index: Int, _ process: ModelProcess) {
        let shift = UInt64(13 * index)
        moving = moving & ~(0x1FFF << shift) | process.bits << shift
    }

    private func messageBits(_ slot: Int) -> UInt64 { moving >> UInt64(26 + 10 * slot) & 0x3FF }
    func hasMessage(_ slot: Int) -> Bool { messageBits(slot) != 0 }
    func message(_ slot: Int) -> ModelMessage { .bits(messageBits(slot)) }
    var freeMessage: Int? { (0..<Self.messageCount).first { !hasMessage($0) } }

    private mutating func setMessageBits(_ slot: Int, _ bits: UInt64) {
        let shift = UInt64(26 + 10 * slot)
        moving = moving & ~(0x3FF << shift) | bits << shift
    }

    mutating func setMessage(_ slot: Int, _ message: ModelMessage) { setMessageBits(slot, message.bits) }
    mutating func removeMessage(_ slot: Int) { setMessageBits(slot, 0) }

    /// One rotation: everything that is under way grows older by one, and proofs that are too old are gone.
    mutating func rotate(by attempt: UInt64, proofAge: UInt64?) {
        let shift = 3 + 3 * generation
        shared = (shared & ~(7 << shift) | attempt << shift) + 1
        guard let proofAge else { return }
        for index in 0..<2 {
            var process = process(index)
            guard [.read, .attempted, .checked].contains(process.step) else { continue }
            process.age = min(process.age + 1, proofAge + 1)
            setProcess(index, process)
        }
        for slot in 0..<Self.messageCount where hasMessage(slot) {
            var message = message(slot)
            message.age += 1
            if message.age > proofAge { removeMessage(slot) } else { setMessage(slot, message) }
        }
    }

    /// The same state with its messages in order and the same message only once.
    var canonical: ModelState {
        var (a, b, c) = (messageBits(0), messageBits(1), messageBits(2))
        if a < b { swap(&a, &b) }
        if b < c { swap(&b, &c) }
        if a < b { swap(&a, &b) }
        if b == c { c = 0 }
        if a == b { (b, c) = (c, 0) }
        var copy = self
        copy.moving = moving & 0x3FF_FFFF | a << 26 | b << 36 | c << 46
        return copy
    }
}

/// The states that were seen: open addressing, two words per entry.
final class StateTable {
    private let mask: Int
    private let words: UnsafeMutablePointer<UInt64>
    private(set) var count = 0

    init(capacity: Int) {
        mask = capacity - 1
        words = .allocate(capacity: 2 * capacity)
        words.initialize(repeating: 0, count: 2 * capacity)
    }

    deinit { words.deallocate() }

    /// True if the state is new.
    ///
    /// `shared` is never zero, so zero means an empty entry.
    func insert(_ state: ModelState) -> Bool {
        var hash = (state.shared ^ state.moving &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash >> 29
        var index = Int(truncatingIfNeeded: hash) & mask
        while words[2 * index] != 0 {
            if words[2 * index] == state.shared, words[2 * index + 1] == state.moving { return false }
            index = (index + 1) & mask
        }
        precondition(count < mask * 3 / 4, "the table is full")
        words[2 * index] = state.shared
        words[2 * index + 1] = state.moving
        count += 1
        return true
    }
}
