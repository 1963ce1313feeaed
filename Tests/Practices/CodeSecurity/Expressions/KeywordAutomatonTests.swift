import Testing

@testable import CodeSecurity

@Suite("KeywordAutomaton")
struct KeywordAutomatonTests {
    private func automaton(_ words: [(String, Bool)]) -> KeywordAutomaton {
        KeywordAutomaton(words.map { (bytes: Array($0.0.utf8), caseInsensitive: $0.1) })
    }

    @Test("the keywords in a text are found, each with its own regard to case")
    func presence() {
        let automaton = automaton([("akia", true), ("Secret", false), ("token", true), ("ab", false), ("AB", false)])
        #expect(automaton.present(in: Array("xAkIa secret Token".utf8)).indices == [0, 2])
        #expect(automaton.present(in: Array("Secret".utf8)).indices == [1])
        #expect(automaton.present(in: Array("aB".utf8)).isEmpty)
        #expect(automaton.present(in: Array("AB".utf8)).indices == [4])
        #expect(automaton.present(in: []).isEmpty)
    }

    @Test("overlapping occurrences are reported in order of their ends, the longer first")
    func occurrences() {
        let automaton = automaton([("he", false), ("she", false), ("his", false), ("hers", false), ("e", false)])
        var found: [[Int]] = []
        automaton.occurrences(in: Array("ushers".utf8)) { found.append([$0, $1]) }
        #expect(found == [[1, 4], [0, 4], [4, 4], [3, 6]])
    }

    @Test("an empty keyword is present everywhere and occurs nowhere, and duplicates are each found")
    func oddKeywords() {
        let automaton = automaton([("", false), ("abc", false), ("abc", true)])
        #expect(automaton.present(in: []).indices == [0])
        #expect(automaton.present(in: Array("xabc".utf8)).indices == [0, 1, 2])
        #expect(KeywordAutomaton([]).present(in: [1, 2]).isEmpty)
    }

    @Test("the automaton agrees with naive search on random texts", arguments: 0..<400)
    func differential(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let alphabet: [UInt8] = seed % 2 == 0 ? Array("abAB".utf8) : Array("aA@`\u{0}é[{".utf8)
        let shortest = 1 + seed % 3
        func text(_ length: Int) -> [UInt8] { (0..<length).map { _ in alphabet[random.below(alphabet.count)] } }
        let isFolding = seed % 5 != 0
        let keywords: [KeywordAutomaton.Keyword] = (0..<random.below(12)).map { _ in
            (bytes: text(shortest + random.below(4)), caseInsensitive: isFolding && random.below(2) == 0)
        }
        let haystack = text(random.below(300))
        var expected: Set<[Int]> = []
        for (index, keyword) in keywords.enumerated() where keyword.bytes.count <= haystack.count {
            for start in 0...haystack.count - keyword.bytes.count {
                let end = start + keyword.bytes.count
                let isEqual = zip(haystack[start..<end], keyword.bytes).allSatisfy {
                    $0 == $1 || keyword.caseInsensitive && KeywordTrie.folded($0) == KeywordTrie.folded($1)
                }
                if isEqual { expected.insert([index, end]) }
            }
        }
        let automaton = KeywordAutomaton(keywords)
        var found: [[Int]] = []
        automaton.occurrences(in: haystack) { found.append([$0, $1]) }
        #expect(found.count == expected.count)
        #expect(Set(found) == expected)
        #expect(automaton.present(in: haystack).indices == Set(expected.map { $0[0] }).sorted())
    }

    @Test("more states than 16 bits hold still work")
    func wideTable() {
        var random = SplitMix(seed: 5)
        let keywords = (0..<3_000).map { _ in
            (bytes: (0..<30).map { _ in UInt8(random.below(7)) }, caseInsensitive: false)
        }
        let automaton = KeywordAutomaton(keywords)
        let haystack = keywords[17].bytes + [0, 9] + keywords[2_999].bytes.dropLast() + [9] + keywords[4].bytes
        #expect(automaton.present(in: haystack).indices == [4, 17])
    }

    @Test("keywords may use all 256 byte values")
    func allBytes() {
        let keywords = (0...UInt8.max).map { (bytes: [$0, $0 &+ 1, $0 &+ 2], caseInsensitive: false) }
        let automaton = KeywordAutomaton(keywords)
        #expect(automaton.present(in: [254, 255, 0, 1]).indices == [254, 255])
        #expect(automaton.present(in: Array(0...UInt8.max)).count == 254)
    }

    @Test("a set of keywords counts, lists and intersects")
    func keywordSet() {
        var set = KeywordSet(capacity: 130)
        #expect(set.isEmpty)
        #expect(set.insert(129) && set.insert(0) && !set.insert(0))
        #expect(set.indices == [0, 129])
        #expect(set.count == 2)
        #expect(set.contains(129) && !set.contains(1) && !set.contains(500) && !set.contains(-1))
        var other = KeywordSet(capacity: 130)
        other.insert(1)
        #expect(!set.intersects(other))
        other.insert(129)
        #expect(set.intersects(other))
    }
}

/// A small seeded generator (Steele, Lea and Flood, SplitMix64).
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(bound))
    }
}
