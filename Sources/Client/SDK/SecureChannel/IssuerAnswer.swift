import BucklerPrimitives

/// An answer of one of our own endpoints: the head's facts and the body as JSON.
struct IssuerAnswer: Sendable {
    let status: Int
    let retryAfter: Duration?
    let isDemandingProof: Bool
    let body: JSONObject

    init(_ response: TransportResponse, _ bytes: [UInt8]) {
        status = response.status
        retryAfter = response.header("Retry-After").flatMap(Int64.init).map { .seconds(max(0, min($0, 86_400))) }
        body = (try? StrictJSON.parseObject(bytes, limits: Self.limits)) ?? JSONObject()
        isDemandingProof = ProofChannel.demandsNonce(response)
    }

    /// An enrolment's answer carries a QR code twice.
    private static let limits = StrictJSON.Limits(maximumByteCount: 262_144)

    /// True for any success.
    var isSuccess: Bool { (200..<300).contains(status) }
    /// OAuth's error name.
    var error: String? { body["error"]?.string }
    /// Our own code.
    var code: String? { body["code"]?.string }
    /// The server wants a (newer) nonce: by OAuth's error name at the issuer, by the challenge at resources.
    var demandsNonce: Bool { (status == 400 && error == "use_dpop_nonce") || isDemandingProof }

    /// What the server refused, as apps see it.
    var problem: Problem {
        Problem(
            code: code ?? error.map { "oauth.\($0)" } ?? "client.unexpected_answer", status: status,
            title: body["title"]?.string ?? body["error_description"]?.string ?? "The server refused the request",
            requestID: body["request_id"]?.string)
    }
}
