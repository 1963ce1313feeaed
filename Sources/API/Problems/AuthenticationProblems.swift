extension ProblemCode {
    /// A wrong answer; never which part of it.
    public static let credentialsMismatch = ProblemCode(
        "auth.credentials.mismatch", status: 400, title: "That is not right",
        explanation:
            "The address, password or code is wrong; which one is not told. `challenge` says what is asked for, "
            + "and `attempts_left` how often one may still try, once the first factor was right.")
    /// A flow that cannot go on.
    public static let flowExpired = ProblemCode(
        "auth.flow.expired", status: 400, title: "Begin the sign-in again",
        explanation:
            "The `auth_session` is unknown, older than ten minutes, used up, or began with another key or client.")
    /// A parameter of the first request came again with another value.
    public static let flowParameter = ProblemCode(
        "auth.flow.parameter", status: 400, title: "A parameter is missing or changed",
        explanation: "The first request fixes client, key, scope, resource and PKCE challenge (S256, required); later "
            + "requests cannot change them. `parameter` names the one.")
    /// A guessing budget is used up for now.
    public static let authThrottled = ProblemCode(
        "auth.throttled", status: 429, title: "Wait before you try again",
        explanation: "Too many attempts from this network, for this address or for this factor. Nothing is locked: try "
            + "again after `Retry-After`, or use another way to answer.")
    /// The password threads are busy.
    public static let authBusy = ProblemCode(
        "auth.busy", status: 503, title: "The server is busy checking passwords",
        explanation: "The queue for password checks is full. Nothing was looked at; repeat after `Retry-After`.")
    /// A client that the configuration does not have.
    public static let clientUnknown = ProblemCode(
        "auth.client.unknown", status: 400, title: "The client is not known",
        explanation: "`client_id` is missing or is none of the configured clients.")
    /// A scope that the client may not ask for.
    public static let scopeRefused = ProblemCode(
        "auth.scope.refused", status: 400, title: "The scope is not allowed",
        explanation: "`scope` names something that the configuration does not give this client, or a name twice.")
    /// A resource that is not one of the client's.
    public static let targetRefused = ProblemCode(
        "auth.target.refused", status: 400, title: "The resource is not allowed",
        explanation: "`resource` is none of the client's audiences.")
    /// The mailbox alone recovers no account with a second factor.
    public static let recoveryNeedsProof = ProblemCode(
        "auth.recovery.needs_proof", status: 403, title: "A second proof is needed",
        explanation: "An account with a second factor is recovered by two different proofs: the mailed code and the "
            + "authenticator or a saved recovery code. With the mailbox alone a hold of 72 hours runs now: `recovery` "
            + "names its start and its end. All addresses and signed-in devices are told, and each can cancel it; "
            + "afterwards a new reset with a mailed code completes it.")

    static let authentication: [ProblemCode] = [
        .credentialsMismatch, .flowExpired, .flowParameter, .authThrottled, .authBusy, .clientUnknown, .scopeRefused,
        .targetRefused, .recoveryNeedsProof,
    ]
}
