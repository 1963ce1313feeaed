import BucklerPrimitives

/// Mails about an account's addresses.
extension MailTemplates {
    /// The code that proves a further address.
    package func confirmAddress(_ recipient: Email, code: SecretString, occasion: MailOccasion) -> MailMessage {
        mail(
            recipient, "Confirm this address", "Confirm this address",
            [
                .paragraph("Type this code in the app to use this address with your \(name) account:"), .code(code),
                .facts(occasion.facts),
                .paragraph("It works once, within \(Self.codeLifetimeText), and only there."),
                .warning("Did you not ask for it? Then do nothing. Do not give the code to anybody, whoever asks."),
            ])
    }

    /// For a change to an address that has an account of its own.
    package func addressTaken(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        mail(
            recipient, "This address has an account already", "This address has an account already",
            [
                .paragraph(
                    "Somebody, probably you, asked to use this address for another \(name) account. It has one of its own, "
                        + "so nothing was changed."),
                .facts(occasion.facts),
                .warning("Was it not you? Then do nothing: nobody was told that the account exists."),
            ])
    }

    /// The account's address was changed; to the new one and the second one.
    package func addressChanged(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "Your address was changed", "The address of your \(name) account was changed.", occasion,
            ifNotYou: "Was it not you? Choose “Undo address change” in the app, with the address that you had before.")
    }

    /// The account's address was changed; to the old one, which can take its place again.
    package func addressReplaced(_ recipient: Email, until end: Timestamp, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "Your address was replaced",
            "Your \(name) account has another address now, and this one does not open it any more.", occasion,
            ifNotYou:
                "Was it not you? Choose “Undo address change” in the app before \(Self.minute(end)) UTC, with this "
                + "address. A code comes here; it brings the address back and signs out every device.")
    }

    /// The code that undoes a change of address.
    package func undoCode(_ recipient: Email, code: SecretString, occasion: MailOccasion) -> MailMessage {
        mail(
            recipient, "Undo the change of your address", "Undo the change of your address",
            [
                .paragraph("Type this code in the app to bring this address back to your \(name) account:"),
                .code(code),
                .facts(occasion.facts),
                .paragraph(
                    "It works once, within \(Self.codeLifetimeText), and only there. Every device is signed out then."),
                .warning("Did you not ask for it? Then do nothing. Do not give the code to anybody, whoever asks."),
            ])
    }

    /// For an undo with an address that replaced none lately.
    package func nothingToUndo(_ recipient: Email) -> MailMessage {
        mail(
            recipient, "There is nothing to undo", "There is nothing to undo",
            [
                .paragraph(
                    "Somebody, probably you, asked to undo a change of address of a \(name) account. "
                        + "This address was not replaced within the last 7 days."),
                .warning("Was it not you? Then do nothing."),
            ])
    }

    /// A change of address was undone.
    package func addressRestored(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "The change of your address was undone",
            "Your \(name) account has its former address again, and every device was signed out.", occasion,
            ifNotYou:
                "Did you not change it in the first place? Then somebody knows your password: reset it in the app, and look "
                + "there whether the second address and the authenticator apps are yours.")
    }

    /// A second address was added.
    package func secondAddressAdded(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "A second address was added",
            "Notices about your \(name) account go to a second address too.", occasion,
            ifNotYou: "Was it not you? Remove it in the app and change your password.")
    }

    /// Another address took the place of the second one; to the one before.
    package func secondAddressReplaced(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "The second address was replaced",
            "Notices about your \(name) account go to another second address from now on, and no more come here.",
            occasion,
            ifNotYou: "Was it not you? Add it again in the app and change your password.")
    }

    /// The second address was removed.
    package func secondAddressRemoved(_ recipient: Email, occasion: MailOccasion) -> MailMessage {
        notice(
            recipient, "The second address was removed",
            "Notices about your \(name) account go to one address only from now on.", occasion,
            ifNotYou: "Was it not you? Add it again in the app and change your password.")
    }
}
