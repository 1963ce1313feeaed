import Authentication
import BucklerPrimitives
import Foundation
import TestSupport
import Testing

@testable import MailDelivery

@Suite("Mail bytes")
struct MailBytesTests {
    @Test("every line is ASCII, ends in CRLF and has at most 76 characters of content")
    func lines() throws {
        let bytes = MailBytes.encode(try Samples.awkwardMail(), from: try Samples.sender())
        #expect(bytes.allSatisfy { $0 < 128 })
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasSuffix("\r\n"))
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { !$0.contains("\n") && !$0.contains("\r") })
        #expect(lines.allSatisfy { $0.utf8.count <= 78 })
    }

    @Test("no line of the body begins with a dot")
    func leadingDots() throws {
        let bytes = MailBytes.encode(try Samples.awkwardMail(), from: try Samples.sender())
        #expect(!String(decoding: bytes, as: UTF8.self).contains("\r\n."))
    }

    @Test("nor does one that a soft break begins, and it reads back as it was", arguments: 70...80)
    func dotsAfterSoftBreaks(count: Int) {
        let line = String(repeating: "a", count: count) + ".b.."
        let text = String(decoding: QuotedPrintable.encode(lines: line), as: UTF8.self)
        #expect(!text.contains("\r\n."))
        #expect(text.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        let plain = text.replacingOccurrences(of: "=\r\n", with: "").replacingOccurrences(of: "=2E", with: ".")
        #expect(plain == line + "\r\n")
    }

    @Test("the same mail has the same bytes at every attempt")
    func repeatable() throws {
        let mail = try Samples.awkwardMail()
        #expect(
            MailBytes.encode(mail, from: try Samples.sender()) == MailBytes.encode(mail, from: try Samples.sender()))
    }

    @Test(
        "dates are RFC 5322 in UTC",
        arguments: [
            (1_767_225_600 as Int64, "Thu, 01 Jan 2026 00:00:00 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
        ])
    func dates(seconds: Int64, expected: String) {
        #expect(MailBytes.date(Timestamp(seconds: seconds)) == expected)
    }

    @Test(
        "a header that could become two is no header",
        arguments: [
            "Hello\r\nBcc: victim@example.com", "Hello\nworld", "Hello\rworld", "a\u{0}b", "a\u{7F}b", "a\u{85}b",
            "a\u{2028}b", "a\u{202E}gnp.exe", "", String(repeating: "x", count: 201),
        ])
    func headerInjection(text: String) {
        #expect(throws: MailHeaderError.self) { try MailHeaderText(parsing: text) }
    }

    @Test(
        "an address that could become a header is no address",
        arguments: [
            "a@example.com\r\nBcc: b@example.com", "a@example.com>, <b@example.com", "a b@example.com",
            "\"a\"@example.com",
            "a@example.com\n", "a@[127.0.0.1]", "a,b@example.com", "<a@example.com>",
        ])
    func addressInjection(text: String) {
        #expect(throws: EmailSyntaxError.self) { try Email(parsing: text) }
    }

    @Test("senders are read with and without a name")
    func senders() {
        #expect(MailSender(parsing: "no-reply@example.com")?.name == nil)
        #expect(MailSender(parsing: "Notes <no-reply@example.com>")?.name?.text == "Notes")
        #expect(MailSender(parsing: "\"Notes, Inc.\" <no-reply@example.com>")?.name?.text == "Notes, Inc.")
        #expect(MailSender(parsing: "<no-reply@example.com>")?.name == nil)
        for text in [
            "", "Notes", "Notes <>", "Notes <a@b>", "A\r\nB <a@example.com>", "A \"B\" <a@example.com>", "a@b.c <",
        ] {
            #expect(MailSender(parsing: text) == nil, "\(text)")
        }
    }

    @Test("a foreign parser reads back what was written", .enabled(if: Python.path != nil, "python3 is not installed"))
    func foreignParser() throws {
        let folder = try TemporaryFolder()
        let mail = try Samples.awkwardMail()
        try Data(MailBytes.encode(mail, from: try Samples.sender())).write(to: folder.url("mail.eml"))
        let program = """
            import email, email.policy, json, sys
            m = email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=email.policy.default)
            body = lambda kind: m.get_body((kind,)).get_content().replace('\\r\\n', '\\n')
            print(json.dumps([m['Subject'], m['From'], m['To'], m['Date'], m['Auto-Submitted'],
                body('plain'), body('html'),
                len(list(m.walk())), [str(d) for p in m.walk() for d in p.defects], m['Message-ID']]))
            """
        let output = try Python.run(program, folder.url("mail.eml").path)
        let fields = try #require(try JSONSerialization.jsonObject(with: output) as? [Any])
        #expect(fields[0] as? String == mail.message.subject.text)
        #expect(fields[1] as? String == "Zoë’s Notes & Söhne <no-reply@example.com>")
        #expect(fields[2] as? String == "ann@example.org")
        #expect(fields[3] as? String == "Fri, 02 Jan 2026 03:04:05 +0000")
        #expect(fields[4] as? String == "auto-generated")
        #expect(fields[5] as? String == mail.message.text.withExposedText { $0 })
        #expect(fields[6] as? String == mail.message.html.withExposedText { $0 })
        #expect(fields[7] as? Int == 3)
        #expect((fields[8] as? [Any])?.isEmpty == true)
        #expect(fields[9] as? String == "<\(mail.id.text)@example.com>")
    }
}

/// Mails that try a writer's patience.
enum Samples {
    static func sender() throws -> MailSender {
        MailSender(
            name: try MailHeaderText(parsing: "Zoë’s Notes & Söhne"),
            address: try Email(parsing: "no-reply@example.com"))
    }

    static func awkwardMail(at instant: Timestamp = Timestamp(seconds: 1_767_323_045)) throws -> OutgoingMail {
        let text = [
            "Grüße, ＡＢＣ, 日本語, 🛡️", ".a line with a dot", "..", "trailing space ", "tab\t", "a=b=c", "", "From the past",
            String(repeating: "long ", count: 60), String(repeating: "ü", count: 100), "--=_buckler_", "end",
        ].joined(separator: "\n")
        let subject =
            "Ein ziemlich langer Betreff über Sicherheit, Schlüssel und 🛡️ Schilde, der mehr als eine Zeile braucht"
        return OutgoingMail(
            id: .random(.seeded(5)), date: instant,
            message: MailMessage(
                recipient: try Email(parsing: "ann@example.org"), subject: try MailHeaderText(parsing: subject),
                text: SecretString(text), html: SecretString("<p>" + text + "</p>")))
    }
}
