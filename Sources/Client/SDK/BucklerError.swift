import BucklerPlatformKeys
import BucklerPrimitives

/// What the server refused.
public struct Problem: Sendable, Hashable {
    /// A stable code, such as `session.revoked`; every one stands in the server's `Docs/Problems.md`.
    public let code: String
    /// HTTP status.
    public let status: Int
    /// A short title in English, for developers.
    public let title: String
    /// The server's log has the cause under this id.
    public let requestID: String?

    /// Makes a problem.
    public init(code: String, status: Int, title: String, requestID: String? = nil) {
        self.code = code
        self.status = status
        self.title = title
        self.requestID = requestID
    }
}

/// Why a verb of the SDK did not do what was asked.
public enum BucklerError: Error, Sendable {
    /// No answer. The session is as it was; `lastContact` is when the server last answered.
    case offline(lastContact: Timestamp?)
    /// There is no session (any more).
    case signedOut(SignOutReason)
    /// The server wants another proof of the person for this; answer the challenge and repeat the call.
    case needs(Challenge)
    /// Too many attempts; the server says when to come back.
    case throttled(until: Timestamp)
    /// The server cannot do it now.
    case unavailable(retryAfter: Duration?)
    /// The server refused; retrying the same will not help.
    case refused(Problem)
    /// The device has not been unlocked since it was started; try again when protected data is available.
    case storageLocked
    /// The app is locked until the person shows that they are here.
    case locked
    /// The caller was cancelled. A refresh that others share went on.
    case cancelled
    /// The Keychain or vault answered with an error.
    case storage(SecretStoreError)
    /// The server's certificate is not trusted.
    case untrustedServer
    /// The request cannot be sent: not this server's origin, not a URL, a body that was already used.
    case invalidRequest
    /// The answer is not what the endpoint promises, or does not decode as the type asked for.
    case unreadableAnswer
}

extension BucklerError {
    /// A stable, dotted code: the server's where it refused, `client.…` otherwise.
    public var code: String {
        switch self {
        case .offline: "client.offline"
        case .signedOut: "client.signed_out"
        case .needs: "client.needs_challenge"
        case .throttled: "client.throttled"
        case .unavailable: "client.unavailable"
        case .refused(let problem): problem.code
        case .storageLocked: "client.storage_locked"
        case .locked: "client.locked"
        case .cancelled: "client.cancelled"
        case .storage: "client.storage"
        case .untrustedServer: "client.untrusted_server"
        case .invalidRequest: "client.invalid_request"
        case .unreadableAnswer: "client.unreadable_answer"
        }
    }

    /// A text for developers: what happened and what to do.
    public var developerText: String {
        switch self {
        case .offline: "No answer from the server. The session is unchanged; repeat when the network is back."
        case .signedOut(let reason): "There is no session (\(reason)). Show the sign-in screen."
        case .needs(let challenge): "The server wants \(challenge.kind) before it does this. Answer it, then repeat."
        case .throttled: "Too many attempts. Wait until the instant in this error."
        case .unavailable: "The server has no capacity now. Repeat after the duration in this error."
        case .refused(let problem): "Refused: \(problem.code) (\(problem.status)). \(problem.title)"
        case .storageLocked:
            "The Keychain is not readable before the first unlock. Try again when protected data is available."
        case .locked: "The app is locked after inactivity. Call unlock(reason:)."
        case .cancelled: "The calling task was cancelled."
        case .storage(let error): "The secret store failed: \(error)."
        case .untrustedServer: "The server's certificate does not chain to a trusted root."
        case .invalidRequest: "The URL is not on this client's server, or the body cannot be sent."
        case .unreadableAnswer: "The answer does not have the promised form."
        }
    }

    /// A text for the person who uses the app; English, to be localised by its ``code``.
    public var personText: String {
        switch self {
        case .offline: "You appear to be offline. Please try again."
        case .signedOut: "You are signed out. Please sign in again."
        case .needs: "Please confirm that it is you."
        case .throttled: "Too many attempts. Please wait a moment."
        case .unavailable: "The service is busy. Please try again in a moment."
        case .refused(let problem) where problem.code == "auth.credentials.mismatch":
            "That did not match. Please check and try again."
        case .refused: "This is not possible right now."
        case .storageLocked: "Please unlock your device first."
        case .locked: "The app is locked."
        case .cancelled: "Cancelled."
        case .storage: "Your device could not open its secure storage."
        case .untrustedServer: "The connection is not secure, so nothing was sent."
        case .invalidRequest, .unreadableAnswer: "Something went wrong. Please try again."
        }
    }
}

extension BucklerError: CustomStringConvertible {
    /// The code and the developer's text; never a token, password or body.
    public var description: String { "\(code): \(developerText)" }
}

extension BucklerError {
    init(_ error: SecretStoreError) { self = error == .locked ? .storageLocked : .storage(error) }

    init(_ error: TransportError, lastContact: Timestamp?) {
        switch error {
        case .offline, .timedOut: self = .offline(lastContact: lastContact)
        case .cancelled: self = .cancelled
        case .untrusted: self = .untrustedServer
        case .tooLarge: self = .unreadableAnswer
        case .invalidRequest: self = .invalidRequest
        }
    }
}
