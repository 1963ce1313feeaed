/// What happened, named after the OWASP Logging Vocabulary Cheat Sheet; ours where it has no word.
public enum EventName: String, Sendable, Hashable, CaseIterable {
    /// A sign-in finished.
    case loginSuccess = "authn_login_success"
    /// A sign-in step was refused.
    case loginFail = "authn_login_fail"
    /// A guessing budget is used up.
    case loginFailMax = "authn_login_fail_max"
    /// A sign-in finished on a device that this account had not used.
    case loginNewDevice = "authn_login_new_device"
    /// A password was changed or reset.
    case passwordChange = "authn_password_change"
    /// A password change was refused.
    case passwordChangeFail = "authn_password_change_fail"
    /// Tokens were issued.
    case tokenCreated = "authn_token_created"
    /// A token or code was revoked.
    case tokenRevoked = "authn_token_revoked"
    /// A spent token or code came again.
    case tokenReuse = "authn_token_reuse"
    /// A token, proof or code was refused.
    case tokenFail = "authn_token_fail"
    /// A factor was enrolled.
    case factorAdded = "authn_factor_added"
    /// A factor was removed.
    case factorRemoved = "authn_factor_removed"
    /// Recovery began, was held, cancelled or finished.
    case recovery = "authn_recovery"
    /// A request was refused by the route's policy.
    case authorizationFail = "authz_fail"
    /// An operator did something.
    case adminAction = "authz_admin"
    /// A rate limit was exceeded.
    case rateLimitExceeded = "excess_rate_limit_exceeded"
    /// Input was refused by a parser.
    case inputValidationFail = "input_validation_fail"
    /// A request looked like an attack on the framing or headers.
    case maliciousRequest = "malicious_attack_tool"
    /// A session began.
    case sessionCreated = "session_created"
    /// A session was renewed.
    case sessionRenewed = "session_renewed"
    /// A session reached a deadline.
    case sessionExpired = "session_expired"
    /// A session was ended by a person, an operator or a rule.
    case sessionRevoked = "session_revoked"
    /// An account was created.
    case userCreated = "user_created"
    /// An account was changed.
    case userUpdated = "user_updated"
    /// An account was deleted.
    case userDeleted = "user_deleted"
    /// The server became ready.
    case systemStartup = "sys_startup"
    /// The server began to stop.
    case systemShutdown = "sys_shutdown"
    /// A stored value does not belong where it stands.
    case integrityViolation = "sys_integrity_violation"
    /// Keys were rotated.
    case keysRotated = "sys_keys_rotated"
    /// Mail could not be delivered.
    case mailFail = "sys_mail_fail"
}
