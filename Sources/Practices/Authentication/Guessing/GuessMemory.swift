import BucklerPrimitives
import Synchronization

/// Counts in the memory of this process what a restored or edited database must not forget.
///
/// Bounded: with a hundred thousand subjects those that are over go first, then those with few counts. Keys are the keyed
/// tags of budgets, so nobody chooses which ones meet.
final class GuessMemory: Sendable {
    private struct Entry {
        var count: Int
        var until: Timestamp
    }

    private let entries = Mutex<[UInt64: Entry]>([:])

    /// How many were noted for this key and are not over.
    func count(of key: BudgetKey, at now: Timestamp) -> Int {
        entries.withLock { entries in
            ([key.tag] + key.formerTags).reduce(0) { sum, tag in
                guard let entry = entries[Self.short(tag)], now < entry.until else { return sum }
                return sum + entry.count
            }
        }
    }

    /// Notes one more and answers how many there are, this one included; all are forgotten `duration` after the first.
    @discardableResult
    func note(_ key: BudgetKey, for duration: Duration, at now: Timestamp) -> Int {
        entries.withLock { entries in
            let short = Self.short(key.tag)
            if let entry = entries[short], now < entry.until {
                entries[short]?.count += 1
                return entry.count + 1
            }
            if entries.count >= Self.maximumCount { Self.forget(&entries, at: now) }
            entries[short] = Entry(count: 1, until: now + duration)
            return 1
        }
    }

    private static func forget(_ entries: inout [UInt64: Entry], at now: Timestamp) {
        entries = entries.filter { now < $0.value.until }
        var limit = 1
        while entries.count >= maximumCount {
            entries = entries.filter { $0.value.count > limit }
            limit *= 2
        }
    }

    private static func short(_ key: [UInt8]) -> UInt64 { key.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    private static let maximumCount = 100_000
}
