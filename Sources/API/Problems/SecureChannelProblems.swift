extension ProblemCode {
    /// The path could be read in two ways.
    public static let pathRefused = ProblemCode(
        "channel.path_refused", status: 400, title: "The path is not accepted",
        explanation: "The target is not in origin form, has escaped slashes, dot or empty segments, or would meet "
            + "another rule if case, a trailing slash or path parameters were ignored. Send the path plainly.")
    /// A field is malformed, doubled or smuggles framing.
    public static let headerRefused = ProblemCode(
        "channel.header_refused", status: 400, title: "The header fields are not accepted",
        explanation: "The request line or a field is malformed, `Host` is missing or doubled, or the body's length is "
            + "stated in a way that two servers could read differently. The connection was closed.")
    /// Too many or too large header fields.
    public static let headerTooLarge = ProblemCode(
        "channel.header_too_large", status: 431, title: "The header is too large",
        explanation: "The request's header has more fields or bytes than the limits in Docs/Defaults.md.")
    /// The request did not arrive in time.
    public static let requestTimeout = ProblemCode(
        "channel.request_timeout", status: 408, title: "The request took too long",
        explanation: "Header or body did not arrive completely within the limits in Docs/Defaults.md.")
    /// A method that no route has.
    public static let methodRefused = ProblemCode(
        "channel.method_refused", status: 501, title: "This method is not supported",
        explanation: "`CONNECT`, `TRACE` and names that are not capital letters and hyphens do not pass the gateway.")
    /// A change of protocol.
    public static let upgradeRefused = ProblemCode(
        "channel.upgrade_refused", status: 501, title: "The protocol cannot be changed",
        explanation:
            "A WebSocket opens over HTTP/1.1, on routes whose configuration says `websocket: true`. Other upgrades do not "
            + "pass the gateway.")
    /// A browser's navigation.
    public static let pageRefused = ProblemCode(
        "channel.page_refused", status: 403, title: "This is not a page",
        explanation:
            "A browser asked for it as a page or a service worker (`Sec-Fetch-Dest`). The API's origin has no pages, so "
            + "that nothing on it can read another's. Call the API from code instead, and serve pages from another name."
    )
    /// No access token.
    public static let tokenRequired = ProblemCode(
        "channel.token_required", status: 401, title: "Sign in first",
        explanation: "The route needs `Authorization: DPoP` with an access token and a `DPoP` proof.")
    /// An access token that opens nothing.
    public static let tokenRefused = ProblemCode(
        "channel.token_refused", status: 401, title: "The access token is not accepted",
        explanation: "It is malformed, expired, for another audience or not bound to the proof's key. Refresh it.")
    /// A proof is missing or wrong.
    public static let proofRefused = ProblemCode(
        "channel.proof_refused", status: 401, title: "The proof is not accepted",
        explanation: "The `DPoP` header is missing, malformed, for another request or was used before (RFC 9449).")
    /// A proof without a fresh nonce.
    public static let nonceRequired = ProblemCode(
        "channel.nonce_required", status: 401, title: "The proof needs a fresh nonce",
        explanation: "Repeat the request with the nonce of the answer's `DPoP-Nonce` in a new proof (RFC 9449 §9).")
    /// The replay memory, of one key or of all, is full.
    public static let replayStoreFull = ProblemCode(
        "dpop.replay_store_full", status: 503, title: "Too many proofs at once",
        explanation: "No proof is forgotten early, so no further one can be accepted now. Repeat after `Retry-After`.")
    /// A scope that the route demands.
    public static let scopeRequired = ProblemCode(
        "channel.scope_required", status: 403, title: "The session lacks a scope",
        explanation: "The route's rule names scopes that this sign-in was not granted; `WWW-Authenticate` lists them.")
    /// The level or age of the authentication.
    public static let stepUpRequired = ProblemCode(
        "channel.step_up_required", status: 401, title: "Authenticate again",
        explanation: "The route needs a higher level or a more recent authentication; `WWW-Authenticate` says which "
            + "(RFC 9470).")
    /// Another client's route.
    public static let clientRefused = ProblemCode(
        "channel.client_refused", status: 403, title: "This app may not use this route",
        explanation: "The route's rule lists the clients that may use it, and this session's is not among them.")
    /// The upstream does not answer the connection.
    public static let upstreamUnreachable = ProblemCode(
        "channel.upstream_unreachable", status: 502, title: "The service behind cannot be reached",
        explanation: "The upstream refused or closed the connection. `buckler doctor` tries it.")
    /// The upstream's answer is not HTTP.
    public static let upstreamInvalid = ProblemCode(
        "channel.upstream_invalid", status: 502, title: "The service behind answered wrongly",
        explanation: "The upstream's answer is malformed or uses fields that it may not use.")
    /// The upstream is too slow.
    public static let upstreamTimeout = ProblemCode(
        "channel.upstream_timeout", status: 504, title: "The service behind took too long",
        explanation: "No answer within the limits in Docs/Defaults.md.")

    static let secureChannel: [ProblemCode] = [
        .pathRefused, .headerRefused, .headerTooLarge, .requestTimeout, .methodRefused, .upgradeRefused, .pageRefused,
        .tokenRequired, .tokenRefused, .proofRefused, .nonceRequired, .stepUpRequired, .scopeRequired,
        .clientRefused, .replayStoreFull,
        .upstreamUnreachable, .upstreamInvalid, .upstreamTimeout,
    ]
}
