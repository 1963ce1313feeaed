import BucklerPrimitives
import Foundation
import Testing

@testable import Authentication

@Suite("Mail templates")
struct MailTemplateTests {
    static let code = "736251"

    /// Every mail of the product; the flag says whether it carries a code.
    static func all(service: String = "Acme Notes", device: String? = "Ann’s phone") throws -> [(
        mail: MailMessage, hasCode: Bool
    )] {
        let templates = MailTemplates(serviceName: try MailHeaderText(parsing: service))
        let to = try Email(parsing: "ann@example.org")
        let occasion = MailOccasion(at: Timestamp(seconds: 1_767_323_045), deviceName: device)
        let code = SecretString(code)
        return [
            (templates.verifyAddress(to, code: code), true),
            (templates.newDeviceCode(to, code: code, occasion: occasion), true),
            (templates.proofCode(to, code: code, occasion: occasion), true),
            (templates.resetCode(to, code: code, occasion: occasion), true),
            (templates.alreadyRegistered(to), false), (templates.noAccount(to), false),
            (templates.newSignIn(to, occasion: occasion), false),
            (templates.passwordChanged(to, occasion: occasion), false),
            (templates.factorAdded(to, occasion: occasion), false),
            (templates.factorRemoved(to, occasion: occasion), false),
            (templates.recoveryCodeUsed(to, left: 9, occasion: occasion), false),
            (templates.recoveryCodeUsed(to, left: 0, occasion: occasion), false),
            (templates.recoveryCodesReplaced(to, occasion: occasion), false),
            (
                templates.recoveryStarted(to, hold: RecoveryHold(startedAt: occasion.at), occasion: occasion), false
            ),
            (templates.confirmAddress(to, code: code, occasion: occasion), true),
            (templates.undoCode(to, code: code, occasion: occasion), true),
            (templates.addressChanged(to, occasion: occasion), false),
            (templates.addressReplaced(to, until: occasion.at + .days(7), occasion: occasion), false),
            (templates.nothingToUndo(to), false), (templates.addressRestored(to, occasion: occasion), false),
            (templates.addressTaken(to, occasion: occasion), false),
            (templates.secondAddressReplaced(to, occasion: occasion), false),
            (templates.secondAddressAdded(to, occasion: occasion), false),
            (templates.secondAddressRemoved(to, occasion: occasion), false),
            (templates.recoveryCancelled(to, occasion: occasion), false),
            (templates.recoveryCompleted(to, occasion: occasion), false),
        ]
    }

    @Test("the code stands once in each form, never in the subject, and nowhere else")
    func codes() throws {
        for (mail, hasCode) in try Self.all() {
            #expect(!mail.subject.text.contains(Self.code))
            for form in [mail.text, mail.html] {
                let parts = form.withExposedText { $0.components(separatedBy: Self.code).count - 1 }
                #expect(parts == (hasCode ? 1 : 0), "\(mail.subject.text)")
            }
        }
    }

    @Test("no mail holds a link, a picture, a script or anything from elsewhere")
    func nothingActs() throws {
        for (mail, _) in try Self.all() {
            let html = mail.html.withExposedText { $0.lowercased() }
            for forbidden in [
                "href", "src=", "<a ", "<a>", "<img", "<script", "<form", "<link", "<iframe", "url(", "http", "www.",
                "onload",
                "@import", "mailto:",
            ] { #expect(!html.contains(forbidden), "\(mail.subject.text): \(forbidden)") }
            let text = mail.text.withExposedText { $0.lowercased() }
            for forbidden in ["http", "www.", "mailto:"] { #expect(!text.contains(forbidden)) }
        }
    }

    @Test("names from outside are text, never markup")
    func escaping() throws {
        let attack = "<img src=x onerror=alert(1)>&\"'"
        for (mail, _) in try Self.all(service: attack, device: attack + "\u{0}\r\nBcc: x") {
            let html = mail.html.withExposedText { $0 }
            #expect(!html.contains("<img"))
            #expect(!html.contains("\u{0}"))
            #expect(!html.contains("\r"))
        }
        #expect(HTML.escaped("<>&\"'\u{1}") == "&lt;&gt;&amp;&quot;&#39;\u{FFFD}")
    }

    @Test("a device name is cut and quoted")
    func deviceNames() throws {
        let long = MailOccasion(at: Timestamp(seconds: 0), deviceName: String(repeating: "x", count: 1000))
        #expect(long.deviceName?.count == 64)
        #expect(MailOccasion(at: Timestamp(seconds: 0), deviceName: "\u{0}\u{1}").deviceName == nil)
        #expect(MailOccasion(at: Timestamp(seconds: 0), deviceName: "a\nb").deviceName == "ab")
        let hostile = "Call +1-900 www.evil.example/x?a=b@c \u{202E}\u{2028}\u{200B}Zoë's iPhone (2)"
        let told = MailOccasion(at: Timestamp(seconds: 0), deviceName: hostile).deviceName
        #expect(told == "Call 1-900 wwwevilexamplexabc Zoë's iPhone (2)")
    }

    @Test("both forms say the same words")
    func sameWords() throws {
        for (mail, _) in try Self.all() {
            let html = mail.html.withExposedText { text in
                String(text[(text.range(of: "<h1")?.lowerBound ?? text.startIndex)...])
                    .replacing(#/<[^>]*>/#, with: " ").replacing("&amp;", with: "&").replacing("&#39;", with: "'")
            }
            let plain = mail.text.withExposedText { $0.replacing("--\n", with: "").replacing(":", with: "") }
            let words = { (text: String) in
                text.replacing(":", with: "").split(whereSeparator: \.isWhitespace).map(String.init)
            }
            #expect(words(html) == words(plain), "\(mail.subject.text)")
        }
    }

    @Test("lines of the plain form stay below 78 characters")
    func lineLengths() throws {
        for (mail, _) in try Self.all() {
            mail.text.withExposedText { text in
                for line in text.split(separator: "\n") { #expect(line.count <= 78, "\(line)") }
            }
        }
    }

    @Test("a mail prints as nothing")
    func redaction() throws {
        let mail = try Self.all()[0].mail
        var dumped = ""
        dump(mail, to: &dumped)
        for text in ["\(mail)", String(reflecting: mail), dumped] {
            #expect(!text.contains(Self.code) && !text.contains("ann@"))
        }
    }
}
