extension ProblemCode {
    /// A person, an operator or a rule ended the session.
    ///
    /// Told to the bound key alone.
    public static let sessionRevoked = ProblemCode(
        "session.revoked", status: 401, title: "The session was ended",
        explanation:
            "Sign in again. `session_end` is a signed notice; only after checking it may the app destroy what it keeps."
    )
    /// Nobody touched the app for longer than the idle timeout.
    ///
    /// Told to the bound key alone.
    public static let sessionIdle = ProblemCode(
        "session.idle", status: 401, title: "The session was idle for too long",
        explanation: "Sign in again. The idle timeout of the client's preset is in Docs/Defaults.md.")
    /// The absolute deadline has come.
    ///
    /// Told to the bound key alone.
    public static let sessionExpired = ProblemCode(
        "session.expired", status: 401, title: "The session has reached its end",
        explanation: "Sign in again. The absolute lifetime of the client's preset is in Docs/Defaults.md.")
    /// A late duplicate of a refresh that was answered before.
    public static let refreshSuperseded = ProblemCode(
        "refresh.superseded", status: 400, title: "A newer refresh token exists",
        explanation: "Nothing was changed. Read the vault again: another process of the app has stored a newer token.")
    /// More than eight rotations of one session in 300 seconds.
    public static let refreshTooMany = ProblemCode(
        "refresh.too_many", status: 429, title: "The session was refreshed too often",
        explanation: "Nothing was changed. Repeat after `Retry-After`; an access token is good for up to five minutes.")
    /// The step-up reached a lower level than the session has.
    public static let stepUpLower = ProblemCode(
        "session.step_up_lower", status: 400, title: "The step-up was weaker than the session",
        explanation: "The session goes on as it was. Repeat the step-up with the factors of the session's level.")

    static let sessions: [ProblemCode] = [
        .sessionRevoked, .sessionIdle, .sessionExpired, .refreshSuperseded, .refreshTooMany, .stepUpLower,
    ]
}
