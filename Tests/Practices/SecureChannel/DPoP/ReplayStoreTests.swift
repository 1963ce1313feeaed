import BucklerJOSE
import BucklerPrimitives
import TestSupport
import Testing

@testable import SecureChannel

@Suite("Replay store")
struct ReplayStoreTests {
    static let start = Timestamp(seconds: 1_767_225_600)

    /// A thousand keys, without curve arithmetic.
    static let keys: [JWKThumbprint] = (0..<1000).compactMap {
        JWKThumbprint(bytes: Entropy.seeded(UInt64($0)).bytes(32))
    }

    static func key(_ number: Int) -> JWKThumbprint { keys[number] }

    static func entry(_ number: Int) -> ReplayStore.Entry {
        let word = UInt64(truncatingIfNeeded: number)
        return ReplayStore.Entry(high: word &* 0x9E37_79B9_7F4A_7C15, low: word &* 0xC2B2_AE3D_27D4_EB4F)
    }

    @Test("an entry is remembered for at least 300 s, at most 375 s, wherever in a slice it came")
    func generations() {
        for offset in [0, 1, 37, 73, 74] {
            let store = ReplayStore(cap: 100, entropy: .seeded(1))
            let made = Self.start + .seconds(offset)
            #expect(store.insert(Self.entry(1), owner: .key(Self.key(1)), at: made) == .added)
            #expect(store.insert(Self.entry(1), owner: .key(Self.key(1)), at: made + .milliseconds(299_999)) == .known)
            #expect(store.insert(Self.entry(1), owner: .key(Self.key(1)), at: made + .seconds(375)) == .added)
        }
    }

    @Test("the cap refuses, forgets nothing, and opens again with time")
    func cap() {
        let store = ReplayStore(cap: 100, entropy: .seeded(1))
        for number in 0..<100 {
            #expect(store.insert(Self.entry(number), owner: .key(Self.key(number)), at: Self.start) == .added)
        }
        #expect(store.insert(Self.entry(100), owner: .key(Self.key(100)), at: Self.start) == .full)
        for number in 0..<100 {
            #expect(store.insert(Self.entry(number), owner: .key(Self.key(number)), at: Self.start) == .known)
        }
        let next = Self.start + .seconds(300)
        #expect(store.insert(Self.entry(100), owner: .key(Self.key(100)), at: next) == .full)
        #expect(store.insert(Self.entry(100), owner: .key(Self.key(100)), at: next + .seconds(75)) == .added)
        #expect(store.count == 1)
    }

    @Test("one key gets a tenth, over all slices; others go on")
    func share() {
        let store = ReplayStore(cap: 1000, entropy: .seeded(1))
        for number in 0..<100 {
            let instant = Self.start + .seconds(number * 3)
            #expect(store.insert(Self.entry(number), owner: .key(Self.key(1)), at: instant) == .added)
        }
        let later = Self.start + .seconds(300)
        #expect(store.insert(Self.entry(100), owner: .key(Self.key(1)), at: later) == .shareExceeded)
        #expect(store.insert(Self.entry(100), owner: .key(Self.key(2)), at: later) == .added)
        #expect(store.insert(Self.entry(5), owner: .key(Self.key(1)), at: later) == .known)
    }

    @Test("a clock that runs back a little stays in its slice")
    func backwards() {
        let store = ReplayStore(cap: 100, entropy: .seeded(1))
        let instant = Self.start + .seconds(300)
        #expect(store.insert(Self.entry(1), owner: .key(Self.key(1)), at: instant) == .added)
        #expect(store.insert(Self.entry(2), owner: .key(Self.key(1)), at: instant - .seconds(1)) == .added)
        #expect(store.insert(Self.entry(1), owner: .key(Self.key(1)), at: instant - .seconds(1)) == .known)
        #expect(store.insert(Self.entry(2), owner: .key(Self.key(1)), at: instant + .seconds(299)) == .known)
    }

    @Test("entries of special value are entries: zero, all ones, and neighbours in one slot")
    func specialValues() {
        let store = ReplayStore(cap: 1000, entropy: .seeded(1))
        let entries = [(0, 0), (0, .max), (.max, 0), (.max, .max), (1, 0), (1, 2)].map {
            ReplayStore.Entry(high: $0.0, low: $0.1)
        }
        for entry in entries { #expect(store.insert(entry, owner: .key(Self.key(1)), at: Self.start) == .added) }
        for entry in entries { #expect(store.insert(entry, owner: .key(Self.key(1)), at: Self.start) == .known) }
    }

    @Test("the digest covers the key and the identifier")
    func digest() {
        let (one, two) = (SoftwareDevice(seed: 1).thumbprint, SoftwareDevice(seed: 2).thumbprint)
        let entries = [
            ReplayStore.Entry(key: one, jti: "a"), ReplayStore.Entry(key: one, jti: "b"),
            ReplayStore.Entry(key: two, jti: "a"),
        ]
        #expect(Set(entries).count == 3)
    }

    @Test("of 50 concurrent uses of each of 200 proofs exactly one is the first")
    func concurrency() async {
        let store = ReplayStore(cap: 100_000, entropy: .seeded(1))
        let wins = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    (0..<200).count {
                        store.insert(Self.entry($0), owner: .key(Self.key($0)), at: Self.start) == .added
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wins == 200)
    }

    @Test("two million proofs: memory stays flat, nothing is accepted twice")
    func load() {
        let store = ReplayStore(entropy: .seeded(1))
        let (keys, start) = (Self.keys, Self.start.milliseconds)
        var largest = 0
        var wrong = 0
        // 1,500 proofs a second for 22 minutes, from a thousand keys; each tenth is offered again, up to 299 s later.
        for number in 0..<2_000_000 {
            let now = Timestamp(milliseconds: start + Int64(number * 2 / 3))
            if store.insert(Self.entry(number), owner: .key(keys[number % 1000]), at: now) != .added { wrong += 1 }
            if number % 10 == 0 {
                let earlier = max(0, number - number % 448_500)
                if store.insert(Self.entry(earlier), owner: .key(keys[earlier % 1000]), at: now) != .known {
                    wrong += 1
                }
            }
            if number % 50_000 == 0 { largest = max(largest, store.byteCount) }
        }
        #expect(wrong == 0)
        #expect(store.count <= 562_500)
        #expect(largest <= 26_000_000)
    }

    @Test("at the default cap the tables take about 24 MB")
    func memoryAtCap() {
        let store = ReplayStore(entropy: .seeded(1))
        let (keys, start) = (Self.keys, Self.start)
        for number in 0..<1_000_000 {
            _ = store.insert(Self.entry(number), owner: .key(keys[number % 1000]), at: start)
        }
        #expect(store.count == 1_000_000)
        #expect(store.byteCount <= 28_000_000)
        #expect(store.insert(Self.entry(1_000_000), owner: .key(Self.key(3)), at: Self.start) == .full)
    }
}
