/// A stable, documented code of a refusal: dotted lower case, never renamed, never reused (PD-21).
public struct ProblemCode: Hashable, Sendable, CustomStringConvertible {
    /// Such as `session.revoked`.
    public let text: String
    /// The HTTP status that goes with it outside the OAuth endpoints.
    public let status: Int
    /// A short title for people, always the same text (RFC 9457 §3.1.3).
    public let title: String
    /// What happened and what to do, for `Docs/Problems.md`.
    public let explanation: String

    init(_ text: String, status: Int, title: String, explanation: String) {
        self.text = text
        self.status = status
        self.title = title
        self.explanation = explanation
    }

    /// By text.
    public static func == (left: ProblemCode, right: ProblemCode) -> Bool { left.text == right.text }
    /// By text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
    /// The text.
    public var description: String { text }

    /// Every code, in the order of the documentation.
    ///
    /// Each practice lists its own beside its declarations.
    public static let all: [ProblemCode] = request + authentication + account + sessions + secureChannel
}
