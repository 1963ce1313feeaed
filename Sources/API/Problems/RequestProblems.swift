extension ProblemCode {
    /// A body, header or query that is not what the endpoint reads.
    public static let requestInvalid = ProblemCode(
        "request.invalid", status: 400, title: "The request cannot be read",
        explanation:
            "A field is missing, doubled, of the wrong type or too long. Compare the request with Docs/Protocol.md.")
    /// More bytes than the endpoint reads.
    public static let requestTooLarge = ProblemCode(
        "request.too_large", status: 413, title: "The request is too large",
        explanation: "The body or a header is larger than the limit in Docs/Defaults.md.")
    /// Nothing is there.
    public static let notFound = ProblemCode(
        "request.not_found", status: 404, title: "Nothing is here",
        explanation: "The path is not one of Buckler's, or the object does not exist for this account.")
    /// The method is not one of the endpoint's.
    public static let methodNotAllowed = ProblemCode(
        "request.method_not_allowed", status: 405, title: "This method is not allowed here",
        explanation: "The `Allow` header lists the methods.")
    /// The media type is not one of the endpoint's.
    public static let unsupportedMediaType = ProblemCode(
        "request.unsupported_media_type", status: 415, title: "This media type is not read here",
        explanation: "OAuth endpoints read application/x-www-form-urlencoded, the others application/json.")
    /// The server cannot do it now.
    public static let temporarilyUnavailable = ProblemCode(
        "server.unavailable", status: 503, title: "The server cannot do this now",
        explanation:
            "A queue is full, the disk is full or the store is closed. Nothing was changed; repeat after `Retry-After`."
    )
    /// A fault of ours.
    public static let internalError = ProblemCode(
        "server.internal", status: 500, title: "The server made a mistake",
        explanation: "The log has the cause under the answer's `request_id`.")

    static let request: [ProblemCode] = [
        .requestInvalid, .requestTooLarge, .notFound, .methodNotAllowed, .unsupportedMediaType,
        .temporarilyUnavailable, .internalError,
    ]
}
