import BucklerPrimitives
import Synchronization

/// Nonces that carry their time and need no memory (PD-06).
///
/// Form: base64url(version 0x01 ‖ issued-at u32 BE ‖ first 16 bytes of HMAC-SHA-256(K_nonce, the five bytes)). K_nonce is
/// drawn at the start and never stored, so a restart makes every older nonce invalid; that is what allows the replay
/// memory to begin empty. When the machine's clock is set back the same happens: a new key, and an empty memory.
package final class DPoPNonces: Sendable {
    private struct State {
        var key: MACKey
        /// Counts the keys.
        var epoch: Int
        var latest: Timestamp
        var cached: (second: Int64, text: String)?
        /// When those nonces were issued whose MAC was found right: everybody uses the same few hundred.
        var known: [String: Timestamp] = [:]
    }

    /// What a nonce turned out to be.
    package enum Verdict: Equatable, Sendable {
        /// Ours and fresh; how old.
        case fresh(age: Duration)
        /// Ours and too old.
        case stale
        /// Not made with the present key.
        case forged
    }

    /// How long a nonce is accepted; the end is exclusive.
    package static let lifetime: Duration = .seconds(300)
    /// Clock corrections up to this size are bridged; larger ones begin a new key.
    private static let bridgedStep: Duration = .seconds(2)
    /// One nonce is issued a second; stale ones may come back for a while.
    private static let knownCount = 1024

    private let clock: WallClock
    private let entropy: Entropy
    private let state: Mutex<State>
    private let onNewKey: @Sendable () -> Void

    /// Draws the first key; `onNewKey` runs, under the lock, when a clock set back has made all older nonces invalid.
    package init(clock: WallClock, entropy: Entropy, onNewKey: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.entropy = entropy
        self.onNewKey = onNewKey
        state = Mutex(State(key: Self.drawKey(entropy), epoch: 0, latest: clock.now, cached: nil))
    }

    /// The present instant, never earlier than any before under the same key.
    package var now: Timestamp { read { state, _ in state.latest } }

    /// A nonce of the present second.
    package func fresh() -> String {
        read { state, now in
            if let cached = state.cached, cached.second == now.seconds { return cached.text }
            let text = Self.text(issuedAt: UInt32(truncatingIfNeeded: now.seconds), key: state.key)
            state.cached = (now.seconds, text)
            return text
        }
    }

    /// Checks MAC and age.
    package func check(_ text: String) -> Verdict {
        let (key, epoch, now, known) = read { state, now in (state.key, state.epoch, now, state.known[text]) }
        if let known { return Self.verdict(issuedAt: known, now) }
        guard let bytes = Base64URL.decode(text), bytes.count == 21, bytes[0] == 1 else { return .forged }
        let body = Array(bytes[..<5])
        guard ConstantTime.equal(Array(bytes[5...]), Self.tag(body, key: key)) else { return .forged }
        let issuedAt = body.dropFirst().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let instant = Timestamp(seconds: issuedAt)
        state.withLock { state in
            guard state.epoch == epoch else { return }
            if state.known.count >= Self.knownCount { state.known = [:] }
            state.known[text] = instant
        }
        return Self.verdict(issuedAt: instant, now)
    }

    private static func verdict(issuedAt: Timestamp, _ now: Timestamp) -> Verdict {
        let age = now - issuedAt
        return age < Self.lifetime ? .fresh(age: max(.zero, age)) : .stale
    }

    /// Runs `body` under the lock with the present instant; begins a new key first if the clock was set back.
    private func read<Result: Sendable>(_ body: (inout State, Timestamp) -> Result) -> Result {
        let instant = clock.now
        return state.withLock { state in
            if instant < state.latest - Self.bridgedStep {
                state = State(
                    key: Self.drawKey(entropy), epoch: state.epoch + 1, latest: instant, cached: nil)
                // Inside the lock: nobody may use the new key before the memory is empty.
                onNewKey()
            } else {
                state.latest = max(state.latest, instant)
            }
            return body(&state, state.latest)
        }
    }

    private static func drawKey(_ entropy: Entropy) -> MACKey { MACKey(SecretBytes(entropy.bytes(32))) }

    private static func text(issuedAt: UInt32, key: MACKey) -> String {
        let body = [1] + withUnsafeBytes(of: issuedAt.bigEndian) { Array($0) }
        return Base64URL.encode(body + tag(body, key: key))
    }

    private static func tag(_ body: [UInt8], key: MACKey) -> [UInt8] {
        Array(key.tag("buckler dpop nonce v1", body).prefix(16))
    }
}
