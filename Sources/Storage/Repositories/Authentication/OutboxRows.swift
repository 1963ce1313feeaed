import Authentication
import BucklerPrimitives
import DataProtection

extension AuthenticationSQLTransaction: OutboxTransaction {
    func enqueue(mail: MailMessage, rank: MailRank, expiresAt: Timestamp?) throws(StoreError) {
        let id = MailID.random(entropy)
        let now = clock.now
        let sealed = keys.state.seal(
            MailMessageCoding.encode(mail), context: Self.contentContext(id, now), entropy: entropy)
        // The turn after the last one, by its index.
        try connection.execute(
            """
            INSERT INTO mail_outbox (id, turn, content_sealed, queued_at, next_attempt_at, attempts, rank, expires_at)
            SELECT \(id), COALESCE(MAX(turn), 0) + 1, \(sealed), \(now), \(now), 0, \(rank.rawValue), \(expiresAt)
            FROM mail_outbox
            """)
    }

    func hasRoom(for rank: MailRank, limit: Int) throws(StoreError) -> Bool {
        try connection.query(
            """
            SELECT 1 FROM mail_outbox WHERE parked_at IS NULL AND rank = \(rank.rawValue) LIMIT 1 OFFSET \(limit - 1)
            """
        ).isEmpty
    }

    func removeExpiredMail(at now: Timestamp) throws(StoreError) -> Int {
        try connection.execute("DELETE FROM mail_outbox WHERE expires_at <= \(now)")
    }

    func dueMail(at now: Timestamp, limit: Int) throws(StoreError) -> [QueuedMail] {
        var mails: [QueuedMail] = []
        let rows = try connection.query(
            """
            SELECT id, content_sealed, queued_at, attempts FROM mail_outbox
            WHERE parked_at IS NULL AND next_attempt_at <= \(now) ORDER BY rank, turn LIMIT \(limit)
            """)
        for row in rows {
            let id: MailID = try row.identifier(0)
            let queuedAt = try row.timestamp(2)
            let opened = try? keys.state.open(row.blob(1), context: Self.contentContext(id, queuedAt))
            let message = opened.flatMap { $0.withExposedBytes(MailMessageCoding.decode) }
            mails.append(
                QueuedMail(
                    id: id, mail: message.map { OutgoingMail(id: id, date: queuedAt, message: $0) }, queuedAt: queuedAt,
                    attempts: Int(try row.integer(3))))
        }
        return mails
    }

    func nextDueMail() throws(StoreError) -> Timestamp? {
        let rows = try connection.query("SELECT MIN(next_attempt_at) FROM mail_outbox WHERE parked_at IS NULL")
        guard let row = rows.first, !row.isNull(0) else { return nil }
        return try row.timestamp(0)
    }

    func removeMail(_ id: MailID) throws(StoreError) {
        try connection.execute("DELETE FROM mail_outbox WHERE id = \(id)")
    }

    func postponeMail(_ id: MailID, until next: Timestamp) throws(StoreError) {
        try connection.execute(
            """
            UPDATE mail_outbox SET attempts = attempts + 1, next_attempt_at = \(next)
            WHERE id = \(id) AND parked_at IS NULL
            """)
    }

    func parkMail(_ id: MailID, at now: Timestamp) throws(StoreError) {
        try connection.execute(
            """
            UPDATE mail_outbox SET parked_at = \(now), attempts = attempts + 1, content_sealed = \([UInt8]())
            WHERE id = \(id) AND parked_at IS NULL
            """)
    }

    func mailCounts() throws(StoreError) -> (waiting: Int, parked: Int) {
        let row = try connection.query("SELECT COUNT(*), COUNT(parked_at) FROM mail_outbox").first
        let all = try row?.integer(0) ?? 0
        let parked = try row?.integer(1) ?? 0
        return (Int(all - parked), Int(parked))
    }

    func removeParkedMail(before deadline: Timestamp) throws(StoreError) -> Int {
        try connection.execute("DELETE FROM mail_outbox WHERE parked_at < \(deadline)")
    }

    static func contentContext(_ id: MailID, _ queuedAt: Timestamp) -> [UInt8] {
        let instant = withUnsafeBytes(of: queuedAt.milliseconds.bigEndian) { Array($0) }
        return RowContext(table: "mail_outbox", column: "content_sealed", owner: id.bytes + instant).bytes
    }
}

/// A queued mail's content: four fields, each preceded by its length (u32 BE), after a version byte.
enum MailMessageCoding {
    static func encode(_ mail: MailMessage) -> [UInt8] {
        var bytes: [UInt8] = [1]
        func append(_ field: [UInt8]) {
            withUnsafeBytes(of: UInt32(field.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes += field
        }
        append(Array(mail.recipient.canonical.utf8))
        append(Array(mail.subject.text.utf8))
        mail.text.withExposedBytes { append($0) }
        mail.html.withExposedBytes { append($0) }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) -> MailMessage? {
        guard bytes.first == 1 else { return nil }
        var fields: [String] = []
        var index = 1
        while index < bytes.count {
            guard bytes.count - index >= 4 else { return nil }
            let length = bytes[index..<(index + 4)].reduce(0) { $0 << 8 | Int($1) }
            index += 4
            guard bytes.count - index >= length else { return nil }
            fields.append(String(decoding: bytes[index..<(index + length)], as: UTF8.self))
            index += length
        }
        guard fields.count == 4, let recipient = try? Email(parsing: fields[0]),
            let subject = try? MailHeaderText(parsing: fields[1])
        else { return nil }
        return MailMessage(
            recipient: recipient, subject: subject, text: SecretString(fields[2]), html: SecretString(fields[3]))
    }
}
