/// The syntax tree of an expression, flags and case already resolved.
indirect enum ExpressionNode: Hashable, Sendable {
    /// The empty string.
    case empty
    /// One byte of a set.
    case bytes(ByteSet)
    /// One scalar: an ASCII byte of the set, or any scalar above ASCII (see `ExpressionInstruction.scalar`).
    case scalar(ascii: ByteSet)
    /// One after the other.
    case sequence([ExpressionNode])
    /// One of several, the earlier preferred.
    case alternatives([ExpressionNode])
    /// Repetition; `maximum` nil means unbounded.
    case repetition(ExpressionNode, minimum: Int, maximum: Int?, isGreedy: Bool)
    /// A numbered capture group.
    case capture(Int, ExpressionNode)
    /// A condition on the place between two bytes.
    case assertion(ExpressionAssertion)

    /// Whether it can match without consuming a byte (an assertion counts).
    var isNullable: Bool {
        switch self {
        case .empty, .assertion: true
        case .bytes, .scalar: false
        case .sequence(let parts): parts.allSatisfy(\.isNullable)
        case .alternatives(let branches): branches.contains(where: \.isNullable)
        case .repetition(let body, let minimum, _, _): minimum == 0 || body.isNullable
        case .capture(_, let body): body.isNullable
        }
    }

    /// A sequence, flattened as far as it goes.
    static func joined(_ parts: [ExpressionNode]) -> ExpressionNode {
        let kept = parts.filter { $0 != .empty }
        return kept.count <= 1 ? kept.first ?? .empty : .sequence(kept)
    }
}

/// A condition on the bytes before and after a place.
enum ExpressionAssertion: UInt8, Hashable, Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, notWordBoundary
    /// The next byte does not continue a UTF-8 sequence.
    case notBeforeContinuation

    /// Whether the condition holds between two bytes.
    func holds(before: ByteKind, after: ByteKind) -> Bool {
        switch self {
        case .textStart: before == .none
        case .textEnd: after == .none
        case .lineStart: before == .none || before == .newline
        case .lineEnd: after == .none || after == .newline
        case .wordBoundary: (before == .word) != (after == .word)
        case .notWordBoundary: (before == .word) == (after == .word)
        case .notBeforeContinuation: after != .continuation
        }
    }
}

/// What assertions need to know of a byte.
enum ByteKind: UInt8, Hashable, Sendable, CaseIterable {
    /// No byte: the border of the text.
    case none
    case newline, word, continuation, other

    /// Classifies a byte.
    init(_ byte: UInt8) {
        switch byte {
        case 0x0A: self = .newline
        case 0x80...0xBF: self = .continuation
        default: self = ByteSet.word.contains(byte) ? .word : .other
        }
    }

    /// Classifies the byte at `offset`, which may lie outside the buffer.
    init(at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        self = bytes.indices.contains(offset) ? ByteKind(bytes[offset]) : .none
    }
}
