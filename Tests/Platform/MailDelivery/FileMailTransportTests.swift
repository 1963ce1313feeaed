import Authentication
import BucklerPrimitives
import Foundation
import TestSupport
import Testing

@testable import MailDelivery

@Suite("File mail transport")
struct FileMailTransportTests {
    @Test("files sort as the mails were queued and are for the owner alone")
    func names() async throws {
        let folder = try TemporaryFolder()
        let transport = try FileMailTransport(folder: folder.path + "/mail", sender: try Samples.sender())
        let instants = [1_767_323_045_999, 1_767_323_046_000, 1_767_323_046_001, 1_798_761_599_000].map(
            Timestamp.init(milliseconds:))
        for instant in instants.shuffled() {
            let mail = try Samples.awkwardMail(at: instant)
            try await transport.deliver(OutgoingMail(id: .random(.system), date: mail.date, message: mail.message))
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/mail").sorted()
        #expect(names.count == 4)
        #expect(names[0].hasPrefix("20260102T030405.999Z-mail_"))
        #expect(names[3].hasPrefix("20261231T235959.000Z-mail_"))
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/mail/" + name)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test("a repeated delivery leaves one file, and no partial one")
    func repeated() async throws {
        let folder = try TemporaryFolder()
        let transport = try FileMailTransport(folder: folder.path, sender: try Samples.sender())
        let mail = try Samples.awkwardMail()
        for _ in 0..<3 { try await transport.deliver(mail) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [FileMailTransport.fileName(mail)])
        let written = try Data(contentsOf: folder.url(FileMailTransport.fileName(mail)))
        #expect(Array(written) == MailBytes.encode(mail, from: try Samples.sender()))
    }

    @Test("a folder that cannot be one is refused at once")
    func notAFolder() throws {
        let folder = try TemporaryFolder()
        try Data("x".utf8).write(to: folder.url("file"))
        for path in [folder.path + "/file", folder.path + "/missing/mail"] {
            #expect(throws: MailError.self) { try FileMailTransport(folder: path, sender: try Samples.sender()) }
        }
    }

    @Test("a folder that went away is a temporary failure")
    func gone() async throws {
        let folder = try TemporaryFolder()
        let transport = try FileMailTransport(folder: folder.path + "/mail", sender: try Samples.sender())
        try FileManager.default.removeItem(atPath: folder.path + "/mail")
        let mail = try Samples.awkwardMail()
        await #expect(throws: MailError.temporary(MailFault(libraryCode: Int(ENOENT)))) {
            try await transport.deliver(mail)
        }
    }
}
