import BucklerPrimitives
import BucklerSecurityEvents

/// How failed deliveries are tried again.
package struct MailRetryPolicy: Sendable, Hashable {
    /// The pause after the first failure.
    package var firstPause = Duration.seconds(5)
    /// The longest pause between two attempts.
    package var longestPause = Duration.hours(1)
    /// The longest time for which the whole queue waits for a station that is not there.
    ///
    /// Codes live for ten minutes: when the station is back, people who wait for one get it.
    package var longestOutagePause = Duration.minutes(1)
    /// A mail that could not be delivered for so long is parked.
    package var lifetime = Duration.hours(24)
    /// Parked mails are forgotten after this time; they hold no content.
    package var parkedLifetime = Duration.days(30)
    /// How many mails one pass looks at.
    package var batch = 32

    /// The documented values.
    package init() {}

    /// The pause after `failures` failed attempts: 5 s, 15 s, 45 s … one hour.
    package func pause(afterFailures failures: Int) -> Duration {
        var pause = firstPause
        for _ in 1..<max(1, min(failures, 20)) { pause = min(pause * 3, longestPause) }
        return pause
    }
}

/// What one pass over the queue did.
package struct MailPass: Sendable, Equatable {
    /// Mails handed over.
    package var delivered = 0
    /// Mails to be tried again later.
    package var postponed = 0
    /// Mails given up.
    package var parked = 0
    /// Codes that were forgotten, because the flow that they were for is over.
    package var expired = 0
    /// True if the station was not reached or refuses everybody: the rest of the queue waits in its order.
    package var isPaused = false
    /// Until when the whole queue waits after such a failure.
    package var resumeAt: Timestamp?
    /// When the next mail is due; nil if nothing waits.
    package var nextDue: Timestamp?
}

/// Drains the queue of mails: at least once, in the order in which they were queued, one at a time; what anybody can make
/// us send comes after the rest.
///
/// A mail is removed after the station took it, so a crash in between delivers it again with the same `Message-ID`.
/// Without a connection, or with settings that fail for everybody, the pass ends at the first mail, which keeps the
/// order; a temporary refusal of one mail lets the others go on. One process drains; several would deliver twice.
package struct MailDispatcher: Sendable {
    private let store: any AuthenticationStore
    private let transport: any MailTransport
    private let policy: MailRetryPolicy
    private let clock: WallClock
    private let entropy: Entropy

    /// Takes the queue, the way out and the time.
    package init(
        store: any AuthenticationStore, transport: any MailTransport, policy: MailRetryPolicy = MailRetryPolicy(),
        clock: WallClock, entropy: Entropy
    ) {
        self.store = store
        self.transport = transport
        self.policy = policy
        self.clock = clock
        self.entropy = entropy
    }

    /// Drains again and again until the task is cancelled; `pause` sleeps and throws when it is.
    ///
    /// Looks at the queue every `interval`, which is one read of an indexed row. A closed or full store is waited out.
    package func run(
        every interval: Duration = .milliseconds(500), pause: @Sendable (Duration) async throws -> Void
    ) async {
        var resumeAt: Timestamp?
        while !Task.isCancelled {
            do {
                let due = try await store.read { try $0.nextDueMail() }
                let now = clock.now
                if let due, due <= now, resumeAt ?? now <= now { resumeAt = try await drain().resumeAt }
            } catch {
                // The store is closed, full or found something tampered with; it has reported that itself.
                do { try await pause(interval * 10) } catch { return }
                continue
            }
            do { try await pause(interval) } catch { return }
        }
    }

    /// One pass over what is due.
    package func drain() async throws(StoreError) -> MailPass {
        var pass = MailPass()
        let now = clock.now
        let (limit, parkedDeadline) = (policy.batch, now - policy.parkedLifetime)
        pass.expired = try await store.write { try $0.removeExpiredMail(at: now) }
        let due = try await store.read { try $0.dueMail(at: now, limit: limit) }
        for queued in due {
            if Task.isCancelled { break }
            try await handle(queued, &pass)
            if pass.isPaused { break }
        }
        pass.nextDue = try await store.write { transaction in
            try transaction.removeParkedMail(before: parkedDeadline)
            return try transaction.nextDueMail()
        }
        return pass
    }

    private func handle(_ queued: QueuedMail, _ pass: inout MailPass) async throws(StoreError) {
        guard let mail = queued.mail else {
            try await park(queued, .mailUnreadable)
            pass.parked += 1
            return
        }
        do {
            try await transport.deliver(mail)
        } catch {
            try await handle(error, queued, &pass)
            return
        }
        try await store.write { try $0.removeMail(queued.id) }
        pass.delivered += 1
    }

    private func handle(_ error: MailError, _ queued: QueuedMail, _ pass: inout MailPass) async throws(StoreError) {
        let isTooOld = clock.now - queued.queuedAt >= policy.lifetime
        switch error {
        case .cancelled:
            pass.isPaused = true
        case .refused:
            try await park(queued, .mailRefused)
            pass.parked += 1
        case .temporary(let fault):
            pass.isPaused = fault.replyCode == 0
            let longest = pass.isPaused ? policy.longestOutagePause : policy.longestPause
            try await postponeOrPark(queued, isTooOld, .mailUndeliverable, longest, &pass)
        case .misconfigured:
            pass.isPaused = true
            try await postponeOrPark(queued, isTooOld, .mailMisconfigured, policy.longestPause, &pass)
        }
    }

    /// The first failure of a mail and its end are events; the attempts between them are not, so a dead station does
    /// not flood the record.
    private func postponeOrPark(
        _ queued: QueuedMail, _ isTooOld: Bool, _ reason: EventReason, _ longest: Duration, _ pass: inout MailPass
    ) async throws(StoreError) {
        if isTooOld {
            try await park(queued, reason)
            pass.parked += 1
            return
        }
        let next = clock.now + min(policy.pause(afterFailures: queued.attempts + 1), longest)
        let event = queued.attempts == 0 ? self.event(reason, queued, isParked: false) : nil
        try await store.write { transaction in
            try transaction.postponeMail(queued.id, until: next)
            if let event { try transaction.record(event) }
        }
        if pass.isPaused { pass.resumeAt = next }
        pass.postponed += 1
    }

    private func park(_ queued: QueuedMail, _ reason: EventReason) async throws(StoreError) {
        let now = clock.now
        let event = event(reason, queued, isParked: true)
        try await store.write { transaction in
            try transaction.parkMail(queued.id, at: now)
            try transaction.record(event)
        }
    }

    private func event(_ reason: EventReason, _ queued: QueuedMail, isParked: Bool) -> SecurityEvent {
        SecurityEvent(
            id: .random(entropy), name: .mailFail, reason: reason, at: clock.now,
            details: [.count("attempts", queued.attempts + 1), .word("outcome", isParked ? "parked" : "postponed")])
    }
}

extension EventReason {
    /// The queued content does not open.
    static let mailUnreadable = EventReason("mail.unreadable")
    /// The station refused this mail for good.
    static let mailRefused = EventReason("mail.refused")
    /// No connection, or a temporary refusal.
    static let mailUndeliverable = EventReason("mail.undeliverable")
    /// Certificate, password or STARTTLS: our own settings.
    static let mailMisconfigured = EventReason("mail.misconfigured")
}
