import BucklerPrimitives

/// A queued mail as the dispatcher sees it.
package struct QueuedMail: Sendable {
    /// What to hand over; nil if the row's sealed content does not open (it is then parked and reported).
    package let mail: OutgoingMail?
    /// Its identifier.
    package let id: MailID
    /// When it was queued.
    package let queuedAt: Timestamp
    /// How many deliveries have failed.
    package let attempts: Int

    /// Takes the parts.
    package init(id: MailID, mail: OutgoingMail?, queuedAt: Timestamp, attempts: Int) {
        self.id = id
        self.mail = mail
        self.queuedAt = queuedAt
        self.attempts = attempts
    }
}

/// Which mails go first.
package enum MailRank: Int, Sendable, Hashable, CaseIterable {
    /// Notices, and codes for people who have shown something or use a known device.
    case first = 0
    /// What anybody can make us send by naming an address.
    case strangers = 1
}

extension OutboxTransaction {
    /// Queues a notice.
    package func enqueue(mail: MailMessage) throws(StoreError) {
        try enqueue(mail: mail, rank: .first, expiresAt: nil)
    }
}

/// Rows of queued mail inside one transaction.
package protocol OutboxTransaction {
    /// Queues a mail: it leaves if and only if this transaction commits, and before `expiresAt` or not at all. Sealed at
    /// rest.
    func enqueue(mail: MailMessage, rank: MailRank, expiresAt: Timestamp?) throws(StoreError)

    /// True if fewer than `limit` mails of this rank wait.
    func hasRoom(for rank: MailRank, limit: Int) throws(StoreError) -> Bool

    /// Forgets mails that nobody can use any more; answers how many.
    @discardableResult
    func removeExpiredMail(at now: Timestamp) throws(StoreError) -> Int

    /// The first `limit` mails whose next attempt is due, by rank and in the order in which they were queued.
    func dueMail(at now: Timestamp, limit: Int) throws(StoreError) -> [QueuedMail]

    /// The earliest instant at which a waiting mail is due; nil if none waits.
    func nextDueMail() throws(StoreError) -> Timestamp?

    /// Removes a mail that was handed over.
    func removeMail(_ id: MailID) throws(StoreError)

    /// Notes a failed attempt and when to try again.
    func postponeMail(_ id: MailID, until next: Timestamp) throws(StoreError)

    /// Takes a mail out of the queue for good and destroys its content; the row stays as a witness.
    func parkMail(_ id: MailID, at now: Timestamp) throws(StoreError)

    /// How many mails wait, and how many are parked.
    func mailCounts() throws(StoreError) -> (waiting: Int, parked: Int)

    /// Forgets mails that were parked before `deadline`; answers how many.
    @discardableResult
    func removeParkedMail(before deadline: Timestamp) throws(StoreError) -> Int
}
