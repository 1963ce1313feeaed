/// One step of the automaton; targets are instruction indices.
enum ExpressionInstruction: Hashable, Sendable {
    /// Takes a byte of set number `set`.
    case bytes(set: Int, next: Int)
    /// Takes the first byte of a scalar: one of `set` (ASCII members and stray bytes) whole, or the lead byte of a sequence,
    /// whose up to 1, 2 or 3 continuation bytes are taken by the `tail`s at index + 3, + 2, + 1.
    case scalar(set: Int, next: Int)
    /// Takes a continuation byte if one is next and goes to `more`, else goes to `next` taking nothing.
    case tail(more: Int, next: Int)
    /// Tries `first`, then `second`.
    case split(first: Int, second: Int)
    /// Goes on if the condition holds.
    case assertion(ExpressionAssertion, next: Int)
    /// Stores the position in a slot.
    case save(slot: Int, next: Int)
    /// Accepts.
    case match
}

/// A compiled expression for one direction of reading.
struct ExpressionProgram: Sendable {
    /// The instructions.
    let instructions: [ExpressionInstruction]
    /// The byte sets they name.
    let sets: [ByteSet]
    /// Where an anchored run begins.
    let entry: Int
    /// Where a run that may begin anywhere begins; lowest priority goes to later starts.
    let unanchoredEntry: Int
    /// The bytes that need telling apart.
    let classes: ByteClasses

    /// The instruction after taking `byte` at `index`, nil if it does not take it.
    func target(of index: Int, taking byte: UInt8) -> Int? {
        switch instructions[index] {
        case .bytes(let set, let next): return sets[set].contains(byte) ? next : nil
        case .scalar(let set, let next):
            switch byte {
            case 0xC2...0xDF: return index + 3
            case 0xE0...0xEF: return index + 2
            case 0xF0...0xF4: return index + 1
            default: return sets[set].contains(byte) ? next : nil
            }
        case .tail(let more, _): return ByteSet.continuation.contains(byte) ? more : nil
        default: return nil
        }
    }
}

/// A partition of the bytes into classes no instruction tells apart.
struct ByteClasses: Sendable {
    /// The class of each byte.
    let map: [UInt8]
    /// One byte of each class.
    let representatives: [UInt8]

    /// The number of classes.
    var count: Int { representatives.count }

    /// Makes the coarsest partition in which every set is a union of classes.
    init(separating sets: some Sequence<ByteSet>) {
        var classes = [Int](repeating: 0, count: 256)
        for set in sets {
            var renamed: [Int: Int] = [:]
            for byte in 0..<256 {
                let key = classes[byte] * 2 + (set.contains(UInt8(byte)) ? 1 : 0)
                classes[byte] = renamed[key] ?? renamed.count
                renamed[key] = classes[byte]
            }
        }
        map = classes.map { UInt8($0) }
        representatives = (0...(classes.max() ?? 0)).map { UInt8(classes.firstIndex(of: $0) ?? 0) }
    }
}
