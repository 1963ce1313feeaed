import Authentication
import BucklerPrimitives
import Synchronization

/// A mail station that keeps what it gets, for tests that read codes.
package final class CapturedMail: MailTransport, TestMailbox {
    private let mails = Mutex<[OutgoingMail]>([])

    /// An empty station.
    package init() {}

    package func deliver(_ mail: OutgoingMail) async throws(MailError) { mails.withLock { $0.append(mail) } }

    /// Every mail to `recipient`, oldest first.
    package func all(to recipient: Email) -> [OutgoingMail] {
        mails.withLock { $0.filter { $0.message.recipient == recipient } }
    }

    /// How many mails went out.
    package var count: Int { mails.withLock { $0.count } }

    package func texts(to recipient: Email) -> [String] {
        all(to: recipient).map { $0.message.text.withExposedText { $0 } }
    }
}
