#if Scanner
    import Foundation

    /// The files that inputs are made from, and the inputs made from them.
    ///
    /// An input is a function of seed and number alone, so that it can be made again.
    struct Samples: Sendable {
        private let files: [[UInt8]]
        private let tokens: [[ArraySlice<UInt8>]]
        private let subject: Subject

        init(folder: String, subject: Subject) {
            self.subject = subject
            let paths = (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).sorted()
            let found = paths.filter { path in subject.sampleExtensions.contains { path.hasSuffix("." + $0) } }
                .compactMap { FileManager.default.contents(atPath: folder + "/" + $0).map(Array.init) }
            files = found + subject.seeds.map { Array($0.utf8) }
            tokens = files.map { Self.tokens(of: $0[...]) }
        }

        /// The input with a number.
        func input(_ number: UInt64, seed: UInt64) -> [UInt8] {
            var random = SplitMix(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ number)
            if subject == .expressions { return Array(RandomExpression.text(&random, rules: tokens).utf8) }
            var parts = tokens[random.below(tokens.count)]
            for _ in 0...random.below(6) { change(&parts, &random) }
            var bytes = Array(parts.joined().prefix(Self.maximumByteCount))
            if random.below(4) == 0 { damage(&bytes, &random) }
            return bytes
        }

        private static let maximumByteCount = 200_000

        private func change(_ parts: inout [ArraySlice<UInt8>], _ random: inout SplitMix) {
            let range = random.range(in: parts.count)
            switch random.below(7) {
            case 0: parts.removeSubrange(range)
            case 1: parts.insert(contentsOf: parts[range], at: random.below(parts.count + 1))
            case 2:
                // Deep nesting, and long chains.
                let unit = Array(parts[range].prefix(1 + random.below(6)))
                let count = [3, 30, 300, 3_000][random.below(4)]
                let place = random.below(parts.count + 1)
                parts.insert(contentsOf: (0..<count).flatMap { _ in unit }, at: place)
            case 3:
                let other = tokens[random.below(tokens.count)]
                parts.replaceSubrange(range, with: other[random.range(in: other.count)])
            case 4: parts.insert(subject.word(&random)[...], at: random.below(parts.count + 1))
            case 5:
                let unit = subject.word(&random)[...]
                let count = [3, 30, 300, 3_000][random.below(4)]
                parts.insert(contentsOf: Array(repeating: unit, count: count), at: random.below(parts.count + 1))
            default: parts = Array(parts[..<range.upperBound])
            }
        }

        private func damage(_ bytes: inout [UInt8], _ random: inout SplitMix) {
            for _ in 0...random.below(8) where !bytes.isEmpty {
                let place = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
        }

        /// Words, and every other byte alone.
        private static func tokens(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
            var result: [ArraySlice<UInt8>] = []
            var start = bytes.startIndex
            while start < bytes.endIndex {
                let word = bytes[start...].prefix {
                    $0 == 0x5F || $0 >= 0x80 || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A)
                }
                let end = max(word.endIndex, start + 1)
                result.append(bytes[start..<end])
                start = end
            }
            return result
        }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
    struct SplitMix {
        private var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }

        /// A number from 0 up to a bound; 0 when the bound is.
        mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }

        /// A range of positions; mostly a short one.
        mutating func range(in count: Int) -> Range<Int> {
            let start = below(count + 1)
            let length = below(4) == 0 ? below(count - start + 1) : min(below(12), count - start)
            return start..<(start + length)
        }
    }
#endif
