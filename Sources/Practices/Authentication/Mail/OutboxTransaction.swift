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

/// Rows of queued mail inside one transaction.
package protocol OutboxTransaction {
    /// Queues a mail: it leaves if and only if this transaction commits. Sealed at rest.
    func enqueue(mail: MailMessage) throws(StoreError)

    /// The oldest `limit` mails whose next attempt is due, in the order in which they were queued.
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
