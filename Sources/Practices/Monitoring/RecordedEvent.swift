import BucklerPrimitives
import BucklerSecurityEvents

/// An event as it stands in the record.
///
/// Its words are plain text, since an older program may have written one that this program no longer has.
package struct RecordedEvent: Sendable, Hashable {
    /// The place in the record; later events have greater numbers.
    package let sequence: Int64
    /// When it happened.
    package let at: Timestamp
    /// An `EventName`'s raw value.
    package let name: String
    /// Whose account.
    package let account: AccountID?
    /// What `EventForm.payload` made.
    package let payload: JSONObject

    /// Takes the parts as they were stored.
    package init(sequence: Int64, at: Timestamp, name: String, account: AccountID?, payload: JSONObject) {
        self.sequence = sequence
        self.at = at
        self.name = name
        self.account = account
        self.payload = payload
    }

    /// Why, if the event says so.
    package var reason: String? { payload["reason"]?.string }

    /// The session, if the event names one.
    package var session: SessionID? { payload["session"]?.string.flatMap(SessionID.init(parsing:)) }

    /// The documented form; see `EventForm`.
    package var json: JSONObject {
        var object: JSONObject = [
            "seq": .integer(sequence), "time": .string(at.rfc3339), "event": .string(name),
        ]
        if let account { object["account"] = .string(account.text) }
        for (name, value) in payload.members { object[name] = value }
        return object
    }
}

/// The JSON form of events.
///
/// Field names are API: never renamed, never reused.
///
/// | field | meaning |
/// | --- | --- |
/// | `seq` | place in the record, an integer |
/// | `time` | RFC 3339 in UTC, milliseconds |
/// | `event` | name in OWASP's vocabulary |
/// | `account` | `acc_…`, absent when nobody's |
/// | `id` | `evt_…` |
/// | `reason` | which check or cause, dotted lower case |
/// | `session`, `device`, `client` | `ses_…`, `dev_…`, the configured client |
/// | `request` | `req_…`, the same as in the answer and in the log |
/// | `source` | 16 hexadecimal digits that are equal for one network |
/// | `details` | further numbers and words |
package enum EventForm {
    /// The members that are not columns of the record.
    package static func payload(of event: SecurityEvent) -> JSONObject {
        var object: JSONObject = ["id": .string(event.id.text)]
        if let reason = event.reason { object["reason"] = .string(reason.text) }
        if let session = event.session { object["session"] = .string(session.text) }
        if let device = event.device { object["device"] = .string(device.text) }
        if let client = event.client { object["client"] = .string(client.text) }
        if let request = event.origin?.request { object["request"] = .string(request.text) }
        if let source = event.origin?.sourceTag { object["source"] = .string(source.description) }
        guard !event.details.isEmpty else { return object }
        var details = JSONObject()
        for detail in event.details { details[detail.name] = detail.value }
        object["details"] = .object(details)
        return object
    }
}
