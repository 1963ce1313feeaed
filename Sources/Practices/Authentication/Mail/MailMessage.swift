import BucklerPrimitives

/// Why a text cannot stand in a mail header.
package enum MailHeaderError: Error, Equatable {
    /// Empty, or longer than 200 bytes of UTF-8.
    case length
    /// A control character, a line or paragraph separator, or a character that reorders text.
    case character
}

/// Text for one mail header, such as a subject: one line, no control characters.
///
/// CR and LF cannot be part of one, so a header cannot become two. Characters that reorder what people see
/// (U+202A–202E, U+2066–2069) are refused with them.
package struct MailHeaderText: Hashable, Sendable {
    /// 1 to 200 bytes of UTF-8.
    package let text: String

    /// Parses a text or says why not.
    package init(parsing text: String) throws(MailHeaderError) {
        guard (1...200).contains(text.utf8.count) else { throw .length }
        guard text.unicodeScalars.allSatisfy(Self.isAllowed) else { throw .character }
        self.text = text
    }

    /// Takes a literal of the program; traps if it breaks the rules.
    package init(_ literal: StaticString) {
        let text = literal.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
        precondition((1...200).contains(text.utf8.count) && text.unicodeScalars.allSatisfy(Self.isAllowed))
        self.text = text
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: false
        default: true
        }
    }
}

/// A mail's visible sender.
package struct MailSender: Hashable, Sendable {
    /// What people read; nil for the address alone.
    package let name: MailHeaderText?
    /// The address.
    package let address: Email

    /// Takes both parts.
    package init(name: MailHeaderText?, address: Email) {
        self.name = name
        self.address = address
    }

    /// Parses `Name <local@domain>` or `local@domain`; nil for anything else.
    package init?(parsing text: String) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            guard let address = try? Email(parsing: text) else { return nil }
            self.init(name: nil, address: address)
            return
        }
        let inner = text[text.index(after: open)...].dropLast()
        guard let address = try? Email(parsing: String(inner)) else { return nil }
        var name = text[..<open]
        while name.last == " " { name.removeLast() }
        if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        guard !name.contains("\""), !name.contains("<") else { return nil }
        if name.isEmpty {
            self.init(name: nil, address: address)
        } else {
            guard let header = try? MailHeaderText(parsing: String(name)) else { return nil }
            self.init(name: header, address: address)
        }
    }
}

/// One mail to one person, finished but for sender, date and identifier.
///
/// It may hold a code, so it prints as nothing, like every secret.
package struct MailMessage: Sendable, Hashable {
    /// To whom.
    package let recipient: Email
    /// What it is about; never holds a code, because subjects show on locked screens.
    package let subject: MailHeaderText
    /// The plain form, lines separated by LF.
    package let text: SecretString
    /// The HTML form; the same content.
    package let html: SecretString

    /// Takes the parts; made by `MailTemplates`.
    package init(recipient: Email, subject: MailHeaderText, text: SecretString, html: SecretString) {
        self.recipient = recipient
        self.subject = subject
        self.text = text
        self.html = html
    }
}

extension MailMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always the same text.
    package var description: String { "‹mail›" }
    /// Always the same text.
    package var debugDescription: String { "‹mail›" }
    /// Without children.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A mail on its way out: the same identifier and date at every attempt, so that a repeated delivery can be recognised.
package struct OutgoingMail: Sendable {
    /// Becomes the `Message-ID`.
    package let id: MailID
    /// When it was queued; the `Date` header.
    package let date: Timestamp
    /// What to send.
    package let message: MailMessage

    /// Takes the parts.
    package init(id: MailID, date: Timestamp, message: MailMessage) {
        self.id = id
        self.date = date
        self.message = message
    }
}
