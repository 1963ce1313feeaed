import BucklerPrimitives

/// Where and when something happened, as far as a mail tells it.
package struct MailOccasion: Sendable {
    /// When.
    package let at: Timestamp
    /// What the person's app calls the device, as it said so itself; cut to 64 characters, of which letters, digits, spaces
    /// and `'()-` stay: a name is no place for an address, a sentence or a direction of writing.
    package let deviceName: String?

    /// Takes both; a device name is only a claim and is quoted as one.
    package init(at: Timestamp, deviceName: String? = nil) {
        self.at = at
        let cleaned = deviceName.map { name in
            String(
                String.UnicodeScalarView(
                    name.unicodeScalars.filter(Self.isAllowed).prefix(64)))
        }
        self.deviceName = cleaned?.isEmpty == true ? nil : cleaned
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            true
        default: " '()-’".unicodeScalars.contains(scalar)
        }
    }

    /// The lines of a notice.
    var facts: [(name: String, value: String)] {
        [("When", "\(at.rfc3339.prefix(16).replacing("T", with: " ")) UTC")]
            + (deviceName.map { [("Device", "“\($0)”")] } ?? [])
    }
}

/// Every mail that this product sends.
///
/// Each is short, says what happened, when, and what to do if it was somebody else. Codes stand in the body, never in
/// the subject; no mail holds a link, a password, a seed or a recovery code.
package struct MailTemplates: Sendable {
    /// How long sent codes live, as the mails say it (PD-03).
    package static let codeLifetimeText = "10 minutes"
    let serviceName: MailHeaderText
    private let layout: MailLayout

    /// Takes the service's name as people know it.
    package init(serviceName: MailHeaderText) {
        self.serviceName = serviceName
        layout = MailLayout(serviceName: serviceName)
    }

    /// The code that proves an address at sign-up.
    package func verifyAddress(_ recipient: Email, code: SecretString) -> MailMessage {
        mail(
            recipient, "Confirm your address", "Confirm your address",
            [
                .paragraph("Type this code in the app in which you are creating your \(name) account:"),
                .code(code),
                .paragraph("It works once, within \(Self.codeLifetimeText), and only there."),
                .warning(
                    "Did you not ask for an account? Then do nothing: without this code none is made. "
                        + "Do not give the code to anybody, whoever asks."),
            ])
    }

    /// For a sign-up with an address that has an account already.
    package func alreadyRegistered(_ recipient: Email) -> MailMessage {
        mail(
            recipient, "You already have an account", "You already have an account",
            [
                .paragraph(
                    "Somebody, probably you, tried to create a \(name) account with this address. There is one already."
                ),
                .paragraph(
                    "Sign in with it in the app. If you do not know the password any more, choose “Forgot password”."),
                .warning(
                    "Was it not you? Then do nothing: nothing was changed, and nobody was told that the account exists."
                ),
            ])
    }

    /// For a reset with an address that has no account.
    package func noAccount(_ recipient: Email) -> MailMessage {
        mail(
            recipient, "There is no account with this address", "There is no account with this address",
            [
                .paragraph(
                    "Somebody, probably you, asked to reset the password of a \(name) account "
                        + "with this address. There is none."
                ),
                .paragraph("Perhaps you used another address. You can also create an account in the app."),
                .warning("Was it not you? Then do nothing."),
            ])
    }

    /// The code that a sign-in on a new device needs.
    package func newDeviceCode(_ recipient: Email, code: SecretString, occasion: MailOccasion) -> MailMessage {
        mail(
            recipient, "Your sign-in code", "Your sign-in code",
            [
                .paragraph(
                    "Type this code in the app to sign in to \(name) on a device that you have not used before:"),
                .code(code), .facts(occasion.facts),
                .paragraph("It works once, within \(Self.codeLifetimeText), and only there."),
                .warning(
                    "Are you not signing in right now? Then somebody may know your password: change it. "
                        + "Do not give the code to anybody, whoever asks."),
            ])
    }

    /// The code that replaces a password in the order of proofs (PD-09).
    package func proofCode(_ recipient: Email, code: SecretString, occasion: MailOccasion) -> MailMessage {
        mail(
            recipient, "Your sign-in code", "Your sign-in code",
            [
                .paragraph(
                    "There were many wrong passwords for your \(name) account. Type this code in the app to go on:"),
                .code(code), .facts(occasion.facts),
                .paragraph(
                    "It works once, within \(Self.codeLifetimeText), and only there. "
                        + "Your password is asked for afterwards."
                ),
                .warning(
                    "Are you not signing in right now? Then do nothing. "
                        + "Do not give the code to anybody, whoever asks."),
            ])
    }

    /// A sign-in on a device that the account had not used.
    package func newSignIn(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "New sign-in",
            "There was a sign-in to your \(name) account on a device that it had not used before.",
            occasion, ifNotYou: "Was it not you? Open the app, end that session and change your password.")
    }

    /// The code that begins a reset.
    package func resetCode(_ recipient: Email, code: SecretString, occasion: MailOccasion) -> MailMessage {
        mail(
            recipient, "Reset your password", "Reset your password",
            [
                .paragraph("Type this code in the app to choose a new password for your \(name) account:"),
                .code(code), .facts(occasion.facts),
                .paragraph("It works once, within \(Self.codeLifetimeText), and only there."),
                .warning(
                    "Did you not ask for it? Then do nothing: your password stays as it is. "
                        + "Do not give the code to anybody, whoever asks."),
            ])
    }

    /// After a change or reset of the password.
    package func passwordChanged(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "Your password was changed", "The password of your \(name) account was changed.",
            occasion,
            ifNotYou: "Was it not you? Choose “Forgot password” in the app at once: that signs out every other device.")
    }

    /// After a factor was added.
    package func factorAdded(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "An authenticator app was added", "An authenticator app was added to your \(name) account.",
            occasion, ifNotYou: "Was it not you? Open the app, remove it and change your password.")
    }

    /// After a factor was removed.
    package func factorRemoved(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "An authenticator app was removed",
            "An authenticator app was removed from your \(name) account.",
            occasion, ifNotYou: "Was it not you? Change your password in the app and add the authenticator again.")
    }

    /// After a recovery code was spent.
    package func recoveryCodeUsed(_ recipient: Email, left: Int, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "A recovery code was used",
            "One of the saved recovery codes of your \(name) account was used to sign in. "
                + (left == 0 ? "None is left: make new ones in the app." : "\(left) of ten are left."),
            occasion, ifNotYou: "Was it not you? Change your password in the app and make new recovery codes.")
    }

    /// After the recovery codes were replaced.
    package func recoveryCodesReplaced(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "New recovery codes",
            "New recovery codes were made for your \(name) account. The older ones work no more.",
            occasion, ifNotYou: "Was it not you? Change your password in the app and make new recovery codes.")
    }

    var name: String { serviceName.text }

    func notice(
        _ recipient: Email, _ title: StaticString, _ sentence: String, _ occasion: MailOccasion, ifNotYou: String
    ) -> MailMessage {
        mail(recipient, title, "\(title)", [.paragraph(sentence), .facts(occasion.facts), .warning(ifNotYou)])
    }

    func mail(
        _ recipient: Email, _ subject: StaticString, _ title: String, _ blocks: [MailBlock]
    ) -> MailMessage {
        let (text, html) = layout.render(title: title, blocks: blocks)
        return MailMessage(recipient: recipient, subject: MailHeaderText(subject), text: text, html: html)
    }
}
