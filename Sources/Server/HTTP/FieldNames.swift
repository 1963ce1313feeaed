import HTTPTypes

extension HTTPField.Name {
    /// RFC 9449 §4.1.
    package static let dpop = literal("DPoP")
    /// RFC 9449 §8.1.
    package static let dpopNonce = literal("DPoP-Nonce")
    /// The code of a refusal of ours; no upstream can set it (PD-18).
    package static let bucklerProblem = literal("Buckler-Problem")
    /// The request's identifier, on every answer of ours.
    package static let requestID = literal("Request-Id")
    /// draft-ietf-httpapi-idempotency-key-header-07 §2.1.
    package static let idempotencyKey = literal("Idempotency-Key")
    /// De-facto field of reverse proxies.
    static let forwardedFor = literal("X-Forwarded-For")

    /// A name from the program text; traps at start-up if it is not a token.
    private static func literal(_ text: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(text.description) else { preconditionFailure("\(text) is not a field name") }
        return name
    }
}
