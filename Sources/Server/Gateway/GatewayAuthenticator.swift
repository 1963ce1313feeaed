import BucklerAPI
import BucklerPrimitives
import BucklerSecurityEvents
import Sessions

/// Checks a request's token, proof and session.
///
/// Synchronous and without I/O: it runs on the event loop.
package protocol GatewayAuthenticator: Sendable {
    /// Whose request it is, or why it is refused.
    ///
    /// - Parameters:
    ///   - authorization: All `Authorization` fields.
    ///   - proofs: All `DPoP` fields.
    ///   - method: The method, as `htm` names it.
    ///   - path: The path without query, as it came.
    /// - Returns: The running session, and a nonce if the client should have a new one.
    /// - Throws: The refusal to answer with.
    func authenticate(
        authorization: [String], proofs: [String], method: String, path: String
    ) throws(GatewayRefusal) -> AuthenticatedRequest

    /// The answer to a session that ended while its request was open and no header had been sent.
    func refusal(endedDuring token: VerifiedAccessToken) -> GatewayRefusal

    /// A nonce for the next proof.
    func freshNonce() -> String
}

/// A request whose token, proof and session were checked.
package struct AuthenticatedRequest: Sendable {
    /// The session's token.
    package let session: ActiveSession
    /// A new nonce, if the proof's is getting old (PD-06).
    package let nonce: String?

    /// Takes the proof of a running session.
    package init(session: ActiveSession, nonce: String?) {
        self.session = session
        self.nonce = nonce
    }
}

/// A refusal of the gateway's own, before or instead of the upstream's answer.
package struct GatewayRefusal: Error, Sendable {
    /// What the client reads.
    package var code: ProblemCode
    /// Further response fields, such as `WWW-Authenticate`, with lower-case names.
    package var fields: [(name: String, value: String)]
    /// Further members of the problem document.
    package var members: JSONObject
    /// What is reported, and which check refused; nil if the refusal is no news.
    package var event: (name: EventName, reason: EventReason)?

    /// Whose session was refused something, if one was verified.
    package var token: VerifiedAccessToken?

    /// Makes a refusal.
    package init(
        _ code: ProblemCode, fields: [(name: String, value: String)] = [], members: JSONObject = [:],
        event: (name: EventName, reason: EventReason)? = nil
    ) {
        self.code = code
        self.fields = fields
        self.members = members
        self.event = event
    }
}

/// Something that the gateway noticed and that somebody may have to know.
///
/// Reported synchronously; the receiver bounds it.
package struct GatewayIncident: Sendable {
    /// In the vocabulary of the events.
    package let name: EventName
    /// Which check.
    package let reason: EventReason
    /// The request.
    package let request: RequestID
    /// The client's address.
    package let source: SourceAddress?
    /// Whose session, if one was verified.
    package let token: VerifiedAccessToken?

    /// States an incident.
    package init(
        name: EventName, reason: EventReason, request: RequestID, source: SourceAddress?, token: VerifiedAccessToken?
    ) {
        self.name = name
        self.reason = reason
        self.request = request
        self.source = source
        self.token = token
    }
}
