import BucklerPrimitives

/// What an account knows beside its proven address: a second one for notices, one that waits for its code, and those
/// before the last changes.
package struct AccountContacts: Sendable, Hashable {
    /// What a new address is for.
    package enum Purpose: String, Sendable, Hashable, CaseIterable {
        /// Takes the place of the account's address.
        case primary
        /// Gets every notice too; nobody signs in with it.
        case notify
    }

    /// An address whose code was mailed.
    package struct Pending: Sendable, Hashable {
        /// The address.
        package let email: Email
        /// What it is for.
        package let purpose: Purpose
        /// The mailed code, `XXXX-XXXX`; nil if no mail with it was queued, and then nothing is ever right.
        package let code: SecretString?
        /// When it was asked for.
        package let startedAt: Timestamp
        /// Wrong codes so far.
        package var wrongAnswers: Int

        /// Takes the parts.
        package init(
            email: Email, purpose: Purpose, code: SecretString?, startedAt: Timestamp, wrongAnswers: Int = 0
        ) {
            self.email = email
            self.purpose = purpose
            self.code = code
            self.startedAt = startedAt
            self.wrongAnswers = wrongAnswers
        }

        /// True while its code counts: 10 minutes, the end excluded.
        package func isOpen(at now: Timestamp) -> Bool { now < expiresAt }

        /// The first instant at which its code counts no more.
        package var expiresAt: Timestamp { startedAt + SignInFlow.lifetime }
    }

    /// The address before a change, which can take its place again.
    package struct Former: Sendable, Hashable {
        /// The address.
        package let email: Email
        /// When it was replaced.
        package let replacedAt: Timestamp

        /// Takes both.
        package init(email: Email, replacedAt: Timestamp) {
            self.email = email
            self.replacedAt = replacedAt
        }

        /// The first instant at which the change stands for good.
        package var expiresAt: Timestamp { replacedAt + AccountContacts.undoWindow }

        /// True while the change can be undone.
        package func isOpen(at now: Timestamp) -> Bool { now < expiresAt }
    }

    /// The second address for notices.
    package var second: Email?
    /// The address that waits for its code.
    package var pending: Pending?
    /// Addresses before changes that can still be undone, oldest first: each undoes its own change and all later ones.
    package var formers: [Former] = []

    /// Nothing.
    package init() {}

    /// True if there is nothing to keep.
    package var isEmpty: Bool { self == AccountContacts() }

    /// Seven days: a person reads the old mailbox once in a week (PD-10).
    package static let undoWindow = Duration.days(7)
    /// How many wrong codes an address may get.
    package static let maximumWrongAnswers = 5
    /// How many changes can be undone at a time; a further one has to wait, so that none buries an older address.
    package static let maximumFormers = 5
    /// How long a second factor counts as just shown, for whoever wants to change the addresses.
    package static let freshness = Duration.minutes(10)

    /// The instant from which on something here is only kept needlessly; nil if nothing is.
    package var expiresAt: Timestamp? {
        (formers.map(\.expiresAt) + (pending.map { [$0.expiresAt] } ?? [])).min()
    }

    /// Notes the address of a change.
    ///
    /// One that stands here already keeps its place and can undo for 7 days from now again: whoever changes to and fro
    /// gains nothing over the first address.
    package mutating func note(_ former: Former) {
        if let place = formers.firstIndex(where: { $0.email == former.email }) {
            formers[place] = former
        } else {
            formers.append(former)
        }
    }

    /// Without what is over.
    package func current(at now: Timestamp) -> AccountContacts {
        var contacts = self
        contacts.formers.removeAll { !$0.isOpen(at: now) }
        if pending?.isOpen(at: now) == false { contacts.pending = nil }
        return contacts
    }
}

extension AccountContacts {
    /// The value as bytes, for sealing.
    package var encoded: SecretBytes {
        var object = JSONObject()
        object["second"] = second.map { .string($0.canonical) }
        if let pending {
            object["pending"] = .string(pending.email.canonical)
            object["purpose"] = .string(pending.purpose.rawValue)
            object["code"] = pending.code.map { .string($0.withExposedText { $0 }) }
            object["started"] = .integer(pending.startedAt.milliseconds)
            object["wrong"] = .integer(Int64(pending.wrongAnswers))
        }
        object["formers"] = .array(formers.map { .string($0.email.canonical) })
        object["replaced"] = .array(formers.map { .string(String($0.replacedAt.milliseconds)) })
        return SecretBytes(JSONValue.object(object).serialized)
    }

    /// Reads what `encoded` made.
    package init(decoding bytes: SecretBytes) throws(FlowCodingError) {
        let fields = try FieldReader(bytes)
        second = try Self.email(fields, "second")
        if let email = try Self.email(fields, "pending") {
            pending = Pending(
                email: email, purpose: try fields.word("purpose"),
                code: try fields.optionalText("code").map { SecretString($0) },
                startedAt: Timestamp(milliseconds: try fields.integer("started")),
                wrongAnswers: Int(clamping: try fields.integer("wrong")))
        }
        let (addresses, times) = (try fields.texts("formers"), try fields.texts("replaced"))
        guard addresses.count == times.count else { throw FlowCodingError() }
        for (address, time) in zip(addresses, times) {
            guard let email = try? Email(parsing: address), let time = Int64(time) else { throw FlowCodingError() }
            formers.append(Former(email: email, replacedAt: Timestamp(milliseconds: time)))
        }
    }

    private static func email(_ fields: FieldReader, _ name: String) throws(FlowCodingError) -> Email? {
        guard let text = try fields.optionalText(name) else { return nil }
        guard let email = try? Email(parsing: text) else { throw FlowCodingError() }
        return email
    }
}
