import BucklerPrimitives

/// Why a mail was not taken over by the next station.
package enum MailError: Error, Equatable, Sendable {
    /// No connection, a time limit, a full disk, or a 4xx answer: worth trying again.
    case temporary(MailFault)
    /// The next station refused this mail for good (5xx): trying again changes nothing.
    case refused(MailFault)
    /// Our own settings are wrong: certificate, password, missing STARTTLS. Every mail would fail the same way.
    case misconfigured(MailFault)
    /// The caller was cancelled while it waited for a turn.
    case cancelled
}

/// What went wrong, in numbers only: server texts quote addresses and never reach a log.
package struct MailFault: Equatable, Sendable {
    /// The SMTP reply code, 0 if there was none.
    package let replyCode: Int
    /// The library's code: libcurl's `CURLcode`, or `errno` of the file transport.
    package let libraryCode: Int

    /// Takes both codes.
    package init(replyCode: Int = 0, libraryCode: Int = 0) {
        self.replyCode = replyCode
        self.libraryCode = libraryCode
    }
}

/// The port to the mail system.
package protocol MailTransport: Sendable {
    /// Hands one mail over. Returning means that the next station is responsible for it (RFC 5321 §4.2.5).
    ///
    /// A failure after the last byte leaves open whether the mail was taken: at least once, not exactly once.
    func deliver(_ mail: OutgoingMail) async throws(MailError)
}
