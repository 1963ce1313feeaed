/// What byte strings every match of a tree must contain.
struct LiteralRequirement {
    /// A byte string, lower-cased where a letter of it may come in either case.
    struct Literal: Hashable {
        var bytes: [UInt8] = []
        var ignoresCase = false

        static func + (left: Literal, right: Literal) -> Literal {
            Literal(bytes: left.bytes + right.bytes, ignoresCase: left.ignoresCase || right.ignoresCase)
        }
    }

    /// The most strings a set may hold.
    private static let maximumCount = 64
    /// The longest string kept.
    private static let maximumLength = 64
    /// The length beyond which longer strings are no better.
    private static let sufficientLength = 8

    /// All strings the tree can match, if they are few.
    private var exact: [Literal]?
    /// Strings of which every match contains one.
    private var required: [Literal]?

    /// Works out the requirement of a tree.
    init(of node: ExpressionNode) {
        switch node {
        case .empty, .assertion: self.init(exact: [Literal()])
        case .bytes(let set): self.init(exact: Self.literals(of: set))
        case .scalar: self.init(exact: nil)
        case .capture(_, let body): self.init(of: body)
        case .sequence(let parts): self.init(sequence: parts.map { LiteralRequirement(of: $0) })
        case .alternatives(let branches): self.init(alternatives: branches.map { LiteralRequirement(of: $0) })
        case .repetition(let body, let minimum, let maximum, _):
            self.init(repeating: LiteralRequirement(of: body), minimum: minimum, maximum: maximum)
        }
    }

    /// The best strings found; all lower-cased if any of them ignores case.
    var literals: (texts: [[UInt8]], ignoresCase: Bool) {
        guard let best else { return ([], false) }
        let ignoresCase = best.contains(where: \.ignoresCase)
        var seen: Set<[UInt8]> = []
        let texts = best.map { ignoresCase ? $0.bytes.map(Self.lowercased) : $0.bytes }
        return (texts.filter { seen.insert($0).inserted }, ignoresCase)
    }

    private init(exact: [Literal]?, required: [Literal]? = nil) {
        self.exact = exact
        self.required = required
    }

    private init(sequence parts: [LiteralRequirement]) {
        var run: [Literal] = [Literal()]
        var isExact = true
        var best: [Literal]?
        for part in parts {
            if let exact = part.exact, let longer = Self.product(run, exact) {
                run = longer
                continue
            }
            isExact = false
            best = Self.better(best, Self.usable(run))
            best = Self.better(best, part.best)
            // The run starts afresh with the part itself if that is what overflowed.
            run = part.exact ?? [Literal()]
        }
        self.init(exact: isExact ? run : nil, required: Self.better(best, Self.usable(run)))
    }

    private init(alternatives branches: [LiteralRequirement]) {
        let exact = branches.map(\.exact)
        let all = exact.compactMap { $0 }.flatMap { $0 }
        if !exact.contains(nil), all.count <= Self.maximumCount {
            self.init(exact: all)
            return
        }
        let best = branches.map(\.best)
        let union = best.compactMap { $0 }.flatMap { $0 }
        self.init(exact: nil, required: best.contains(nil) || union.count > Self.maximumCount ? nil : union)
    }

    private init(repeating body: LiteralRequirement, minimum: Int, maximum: Int?) {
        guard minimum > 0 else {
            let isOptional = maximum == 1
            let exact = isOptional ? body.exact.map { [Literal()] + $0 } : maximum == 0 ? [Literal()] : nil
            self.init(exact: exact)
            return
        }
        if let exact = body.exact, minimum <= Self.maximumLength {
            let whole = (1..<minimum).reduce(Optional(exact)) { sofar, _ in sofar.flatMap { Self.product($0, exact) } }
            if let whole {
                self.init(exact: maximum == minimum ? whole : nil, required: Self.usable(whole))
                return
            }
        }
        self.init(exact: nil, required: body.best)
    }

    private var best: [Literal]? {
        Self.better(required, exact.flatMap(Self.usable))
    }

    /// A set is of use if no string in it is empty.
    private static func usable(_ set: [Literal]) -> [Literal]? {
        set.isEmpty || set.contains(where: \.bytes.isEmpty) ? nil : set
    }

    /// The set whose shortest string is longer; of equals, the smaller.
    private static func better(_ left: [Literal]?, _ right: [Literal]?) -> [Literal]? {
        guard let left, let right else { return left ?? right }
        let lengths = [left, right].map { set in min(set.map(\.bytes.count).min() ?? 0, sufficientLength) }
        if lengths[0] != lengths[1] { return lengths[0] > lengths[1] ? left : right }
        return left.count <= right.count ? left : right
    }

    /// Every string of one set followed by every string of the other; nil if that is too many or too long.
    private static func product(_ left: [Literal], _ right: [Literal]) -> [Literal]? {
        guard left.count * right.count <= maximumCount else { return nil }
        let result = left.flatMap { first in right.map { first + $0 } }
        return result.contains { $0.bytes.count > maximumLength } ? nil : result
    }

    /// The one-byte strings of a set, a letter in both cases counting once; nil if there are more than eight.
    private static func literals(of set: ByteSet) -> [Literal]? {
        var result: [Literal] = []
        for byte in set.members {
            let isLetter = (0x61...0x7A).contains(byte | 0x20)
            if isLetter, set.contains(byte ^ 0x20) {
                if byte & 0x20 != 0 { result.append(Literal(bytes: [byte], ignoresCase: true)) }
            } else {
                result.append(Literal(bytes: [byte]))
            }
            if result.count > 8 { return nil }
        }
        return result
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
