extension ProblemCode {
    /// A person, an operator or a rule ended the session. Told to the bound key alone.
    public static let sessionRevoked = ProblemCode(
        "session.revoked", status: 401, title: "The session was ended",
        explanation: "Sign in again. `session_end` is a signed notice that the app may act on (PD-05).")
    /// Nobody touched the app for longer than the idle timeout. Told to the bound key alone.
    public static let sessionIdle = ProblemCode(
        "session.idle", status: 401, title: "The session was idle for too long",
        explanation: "Sign in again. The idle timeout of the client's preset is in Docs/Defaults.md.")
    /// The absolute deadline has come. Told to the bound key alone.
    public static let sessionExpired = ProblemCode(
        "session.expired", status: 401, title: "The session has reached its end",
        explanation: "Sign in again. The absolute lifetime of the client's preset is in Docs/Defaults.md.")

    static let sessions: [ProblemCode] = [.sessionRevoked, .sessionIdle, .sessionExpired]
}
