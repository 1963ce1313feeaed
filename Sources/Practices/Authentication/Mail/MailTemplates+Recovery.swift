import BucklerPrimitives

/// The notices of a recovery that waits (PD-12).
extension MailTemplates {
    /// Somebody with the mailbox alone asked to get back in: what happens when, and how to end it.
    package func recoveryStarted(_ recipient: Email, hold: RecoveryHold, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "Your account is being recovered",
            "Somebody with access to your mailbox asked to get back into your \(name) account without its second "
                + "factor. From \(Self.minute(hold.completesAt)) UTC on that is possible; authenticator apps and recovery "
                + "codes are removed then.",
            occasion,
            ifNotYou: "Was it not you? End it before: open the app on a device that is signed in, or sign in with your "
                + "second factor, or choose “Forgot password” and cancel the recovery. Then change your mailbox's password."
        )
    }

    /// A pending recovery was ended.
    package func recoveryCancelled(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "The recovery was cancelled",
            "The recovery of your \(name) account was cancelled. Nothing was changed.",
            occasion,
            ifNotYou: "Was it not you? Sign in with your second factor, and change your password and your mailbox's.")
    }

    /// A hold was over, and the mailbox got back in.
    package func recoveryCompleted(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "Your account was recovered",
            "Your \(name) account was recovered by its mailbox. Its authenticator apps and recovery codes were removed "
                + "and every device was signed out.",
            occasion,
            ifNotYou: "Was it not you? Secure your mailbox, choose “Forgot password” in the app, and tell the service.")
    }

    static func minute(_ instant: Timestamp) -> String {
        String(instant.rfc3339.prefix(16)).replacing("T", with: " ")
    }
}
