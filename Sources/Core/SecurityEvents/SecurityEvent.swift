import BucklerPrimitives

/// One thing that happened and that an operator may have to know.
///
/// Only typed, allow-listed fields exist: there is no place for free text, so nothing personal or secret can be put here
/// by accident. Committed in the transaction of the change that it tells.
public struct SecurityEvent: Sendable, Hashable {
    /// Unique, random.
    public let id: EventID
    /// What happened, in OWASP's words.
    public let name: EventName
    /// Which check or cause; every check has its own.
    public let reason: EventReason?
    /// When.
    public let at: Timestamp
    /// Where it came from.
    public let origin: EventOrigin?
    /// Whose account, pseudonymous.
    public var account: AccountID?
    /// Which session.
    public var session: SessionID?
    /// Which device key's row.
    public var device: DeviceID?
    /// Which configured client.
    public var client: ClientID?
    /// Numbers and words from closed lists.
    public var details: [EventDetail]

    /// Makes an event; the fields about whom are set afterwards or through the parameters.
    public init(
        id: EventID, name: EventName, reason: EventReason? = nil, at: Timestamp, origin: EventOrigin? = nil,
        account: AccountID? = nil, session: SessionID? = nil, device: DeviceID? = nil, client: ClientID? = nil,
        details: [EventDetail] = []
    ) {
        self.id = id
        self.name = name
        self.reason = reason
        self.at = at
        self.origin = origin
        self.account = account
        self.session = session
        self.device = device
        self.client = client
        self.details = details
    }
}

/// The request that caused an event.
public struct EventOrigin: Sendable, Hashable {
    /// The request's identifier, the same as in the answer and in the log.
    public let request: RequestID?
    /// A keyed tag of the source's network prefix: equal prefixes have equal tags, and no address is stored.
    public let sourceTag: SourceTag?

    /// Makes an origin.
    public init(request: RequestID? = nil, sourceTag: SourceTag? = nil) {
        self.request = request
        self.sourceTag = sourceTag
    }
}

/// Eight bytes of a MAC over a network prefix.
public struct SourceTag: Sendable, Hashable, CustomStringConvertible {
    /// Eight bytes.
    public let bytes: [UInt8]

    /// Takes the first eight bytes of a tag.
    public init(_ tag: [UInt8]) { bytes = Array(tag.prefix(8)) }

    /// Sixteen hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}

/// Why, in dotted lower case.
///
/// Only literals: a reason cannot carry data.
public struct EventReason: Sendable, Hashable, CustomStringConvertible {
    /// Such as `dpop.nonce.stale`.
    public let text: String

    /// Names a reason; declare each as a static member beside the check it belongs to.
    public init(_ literal: StaticString) { text = literal.withUTF8Buffer { String(decoding: $0, as: UTF8.self) } }

    /// The text.
    public var description: String { text }
}

/// A further fact from a closed list.
public enum EventDetail: Sendable, Hashable {
    /// A number with a literal name.
    case count(StaticName, Int)
    /// A word with a literal name, both from the program text.
    case word(StaticName, StaticName)
    /// A length of time in seconds with a literal name.
    case seconds(StaticName, Int)

    /// The detail's name.
    public var name: String {
        switch self {
        case .count(let name, _), .word(let name, _), .seconds(let name, _): name.text
        }
    }

    /// The detail's value as JSON.
    public var value: JSONValue {
        switch self {
        case .count(_, let number), .seconds(_, let number): .integer(Int64(number))
        case .word(_, let word): .string(word.text)
        }
    }
}

/// A word that stands in the program text.
public struct StaticName: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The word.
    public let text: String

    /// Only from a literal.
    public init(stringLiteral value: StaticString) {
        text = value.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }
}

/// Takes events inside the transaction that they belong to.
public protocol SecurityEventRecorder {
    /// Adds an event to the running transaction.
    func record(_ event: SecurityEvent) throws
}

/// Takes events that belong to no other change, in a transaction of their own.
public protocol SecurityEventLog: Sendable {
    /// Commits the events, or throws and commits none.
    func append(_ events: [SecurityEvent]) async throws(StoreError)
}
