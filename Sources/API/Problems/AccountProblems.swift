extension ProblemCode {
    /// The current password is wrong.
    public static let currentPasswordMismatch = ProblemCode(
        "account.password.mismatch", status: 403, title: "The current password is wrong",
        explanation: "Ask the person again. Every wrong answer counts against the device's own budget.")
    /// Too many wrong passwords at a change.
    public static let passwordAttemptsExhausted = ProblemCode(
        "account.password.throttled", status: 429, title: "Too many wrong passwords",
        explanation: "Wait as long as `Retry-After` says. The session goes on, and nothing is locked.")
    /// Fewer code points than this account needs.
    public static let passwordTooShort = ProblemCode(
        "account.password.too_short", status: 422, title: "The password is too short",
        explanation: "`minimum` says how many characters it needs: 15, or 8 for an account with a second factor.")
    /// More code points than anybody needs.
    public static let passwordTooLong = ProblemCode(
        "account.password.too_long", status: 422, title: "The password is too long",
        explanation: "At most 256 characters are read.")
    /// A control character.
    public static let passwordNotText = ProblemCode(
        "account.password.not_text", status: 422, title: "The password has characters that cannot be typed",
        explanation: "Control characters, such as line breaks, are not accepted.")
    /// Common, repeated, a sequence, or the person's own name.
    public static let passwordGuessable = ProblemCode(
        "account.password.guessable", status: 422, title: "The password is too easy to guess",
        explanation:
            "`weakness` says why: `common`, `context`, `repetition` or `sequence`. Several unrelated words are good."
    )
    /// Known from a breach.
    public static let passwordBreached = ProblemCode(
        "account.password.breached", status: 422, title: "The password is known from a breach",
        explanation:
            "It stands in the set of breached passwords, or (once in 65,536) seems to. Choose another."
    )
    /// No such factor.
    public static let factorNotFound = ProblemCode(
        "account.factor.not_found", status: 404, title: "There is no such factor",
        explanation: "It was removed, belongs to somebody else, or its enrolment is older than 10 minutes. Begin again."
    )
    /// The authenticator's code is wrong.
    public static let factorCodeMismatch = ProblemCode(
        "account.factor.code_mismatch", status: 422, title: "The code is wrong",
        explanation: "Ask for the next code of the authenticator app, and compare the device's clock.")
    /// As many factors as an account may have.
    public static let factorLimit = ProblemCode(
        "account.factor.limit", status: 409, title: "There are too many factors",
        explanation: "An account has at most five. Remove one first.")
    /// The last factor guards a short password.
    public static let factorGuardsPassword = ProblemCode(
        "account.factor.guards_password", status: 409, title: "The password is too short to stand alone",
        explanation: "The last factor can be removed after a password of at least 15 characters was chosen.")
    /// Recovery codes without a factor.
    public static let factorRequired = ProblemCode(
        "account.factor.required", status: 409, title: "There is no second factor",
        explanation: "Recovery codes belong to accounts with a second factor. Enrol one; the codes come with it.")
    /// The address is the account's already.
    public static let addressInUse = ProblemCode(
        "account.address.in_use", status: 409, title: "The account has this address",
        explanation: "It is the account's own address or its second one already.")
    /// No address waits.
    public static let addressNotPending = ProblemCode(
        "account.address.none_pending", status: 404, title: "No address waits for a code",
        explanation: "Ask for the address again: its code lives for ten minutes and takes five wrong answers.")
    /// A wrong code of an address.
    public static let addressCodeMismatch = ProblemCode(
        "account.address.code_mismatch", status: 422, title: "The code is wrong",
        explanation: "Type the newest code that was mailed to the new address; the fifth wrong one ends the request.")
    /// Too many addresses.
    public static let addressLimit = ProblemCode(
        "account.address.limit", status: 429, title: "Too many addresses",
        explanation: "Ten a day may be asked for, and five changes may wait for their seven days. See `Retry-After`.")
    /// Nothing to remove.
    public static let noSecondAddress = ProblemCode(
        "account.address.no_second", status: 404, title: "There is no second address",
        explanation: "There is nothing to remove.")
    /// Nothing to cancel.
    public static let noRecoveryPending = ProblemCode(
        "account.recovery.none", status: 404, title: "No recovery is pending",
        explanation: "There is nothing to cancel: it was cancelled already, it was completed, or nobody asked for it.")
    /// A lost race.
    public static let accountChanged = ProblemCode(
        "account.changed", status: 409, title: "The account was changed meanwhile",
        explanation: "Nothing was changed by this request. Read the account again and repeat if it is still wanted.")

    static let account: [ProblemCode] = [
        .currentPasswordMismatch, .passwordAttemptsExhausted, .passwordTooShort, .passwordTooLong, .passwordNotText,
        .passwordGuessable, .passwordBreached, .factorNotFound, .factorCodeMismatch, .factorLimit,
        .factorGuardsPassword, .factorRequired, .addressInUse, .addressNotPending,
        .addressCodeMismatch, .addressLimit, .noSecondAddress, .noRecoveryPending, .accountChanged,
    ]
}
