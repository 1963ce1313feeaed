/// What an identifier names, and the prefix of its text form.
public protocol IdentifierKind: Sendable {
    /// Such as `acc_`.
    static var prefix: String { get }
}

/// A random 128-bit identifier with a type, so that an account id cannot stand where a session id is meant.
///
/// Text form: the kind's prefix and 22 characters of base64url. Identifiers are public; they open nothing.
public struct Identifier<Kind: IdentifierKind>: Hashable, Sendable {
    /// Sixteen bytes.
    public let bytes: [UInt8]

    /// Makes an identifier of sixteen bytes, or nil for any other number.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Parses the text form; nil for anything else.
    public init?(parsing text: String) {
        guard text.hasPrefix(Kind.prefix), let bytes = Base64URL.decode(text.dropFirst(Kind.prefix.count)) else {
            return nil
        }
        self.init(bytes: bytes)
    }

    /// Draws a new one.
    public static func random(_ entropy: Entropy) -> Identifier {
        Identifier(unchecked: entropy.bytes(16))
    }

    private init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// Feeds the bytes at once.
    public func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    /// The prefix and 22 characters.
    public var text: String { Kind.prefix + Base64URL.encode(bytes) }
}

extension Identifier: CustomStringConvertible {
    /// The text form.
    public var description: String { text }
}

/// Kinds of identifiers.
public enum AccountKind: IdentifierKind {
    /// Written with `acc_` in front.
    public static let prefix = "acc_"
}
/// A session.
public enum SessionKind: IdentifierKind {
    /// Written with `ses_` in front.
    public static let prefix = "ses_"
}
/// A device key's row (PD-13).
public enum DeviceKind: IdentifierKind {
    /// Written with `dev_` in front.
    public static let prefix = "dev_"
}
/// An enrolled factor.
public enum FactorKind: IdentifierKind {
    /// Written with `fac_` in front.
    public static let prefix = "fac_"
}
/// A sign-in, sign-up or recovery flow.
public enum FlowKind: IdentifierKind {
    /// Written with `flw_` in front.
    public static let prefix = "flw_"
}
/// One security event.
public enum EventKind: IdentifierKind {
    /// Written with `evt_` in front.
    public static let prefix = "evt_"
}
/// One request through a listener.
public enum RequestKind: IdentifierKind {
    /// Written with `req_` in front.
    public static let prefix = "req_"
}
/// One queued mail.
public enum MailKind: IdentifierKind {
    /// Written with `mail_` in front.
    public static let prefix = "mail_"
}
/// A data folder's instance (PD-14).
public enum InstanceKind: IdentifierKind {
    /// Written with `ins_` in front.
    public static let prefix = "ins_"
}

/// An account's identifier; the `sub` of tokens.
public typealias AccountID = Identifier<AccountKind>
/// A session's identifier; the `sid` of tokens.
public typealias SessionID = Identifier<SessionKind>
/// A device key's public identifier.
public typealias DeviceID = Identifier<DeviceKind>
/// An enrolled factor's identifier.
public typealias FactorID = Identifier<FactorKind>
/// A flow's identifier.
public typealias FlowID = Identifier<FlowKind>
/// A security event's identifier.
public typealias EventID = Identifier<EventKind>
/// A request's identifier.
public typealias RequestID = Identifier<RequestKind>
/// A queued mail's identifier.
public typealias MailID = Identifier<MailKind>
/// A data folder's identifier.
public typealias InstanceID = Identifier<InstanceKind>

/// A configured client's public identifier: 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
public struct ClientID: Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let text: String

    /// Parses; nil for any other text.
    public init?(parsing text: String) {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed, (1...64).contains(text.utf8.count) else { return nil }
        self.text = text
    }

    /// The text.
    public var description: String { text }
}
