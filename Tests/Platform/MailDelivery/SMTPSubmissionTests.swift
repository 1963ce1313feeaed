import Authentication
import BucklerPrimitives
import Foundation
import Spawning
import TestSupport
import Testing

@testable import MailDelivery

@Suite(
    "SMTP submission to a foreign server", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Python.path != nil && ForeignMailServer.opensslPath != nil, "python3 or openssl is not installed"))
struct SMTPSubmissionTests {
    @Test(
        "a mail arrives byte for byte, encrypted and with the password",
        arguments: [SMTPConfiguration.Encryption.startTLS, .implicitTLS])
    func arrives(encryption: SMTPConfiguration.Encryption) async throws {
        let server = try ForeignMailServer(encryption: encryption)
        let mail = try Samples.awkwardMail()
        try await server.transport(encryption).deliver(mail)
        let report = try server.report()
        #expect(report.isEncrypted)
        #expect(report.user == "notes" && report.password == "interop-pass")
        #expect(report.from == "<no-reply@example.com>" && report.to == ["<ann@example.org>"])
        #expect(Array(report.data.utf8) == MailBytes.encode(mail, from: try Samples.sender()))
    }

    @Test("a server whose certificate nobody vouches for never sees password or mail")
    func unknownAuthority() async throws {
        let server = try ForeignMailServer(encryption: .startTLS)
        let mail = try Samples.awkwardMail()
        await #expect(throws: MailError.misconfigured(MailFault(replyCode: 220, libraryCode: 60))) {
            try await server.transport(.startTLS, trusts: false).deliver(mail)
        }
        let report = try server.report()
        #expect(report.user == nil && report.from == nil && report.data.isEmpty)
    }

    @Test("a certificate for another name is refused")
    func foreignName() async throws {
        let server = try ForeignMailServer(encryption: .implicitTLS, certificateName: "DNS:mail.example.com")
        let mail = try Samples.awkwardMail()
        let error = await #expect(throws: MailError.self) { try await server.transport(.implicitTLS).deliver(mail) }
        #expect(error == .misconfigured(MailFault(replyCode: 0, libraryCode: 60)))
    }

    @Test(
        "replies decide what happens to the mail",
        arguments: [
            ("AUTH", "535 no", MailError.misconfigured(MailFault(replyCode: 535, libraryCode: 67))),
            ("RCPT", "550 no such user", .refused(MailFault(replyCode: 550, libraryCode: 55))),
            ("RCPT", "451 come back", .temporary(MailFault(replyCode: 451, libraryCode: 55))),
            ("MAIL", "530 authenticate first", .misconfigured(MailFault(replyCode: 530, libraryCode: 55))),
            ("MAIL", "553 not you", .refused(MailFault(replyCode: 553, libraryCode: 55))),
            ("DONE", "554 spam", .refused(MailFault(replyCode: 554, libraryCode: 8))),
            ("DONE", "452 disk full", .temporary(MailFault(replyCode: 452, libraryCode: 8))),
        ])
    func replies(command: String, reply: String, expected: MailError) async throws {
        let server = try ForeignMailServer(encryption: .startTLS, refusing: command, with: reply)
        let mail = try Samples.awkwardMail()
        let error = await #expect(throws: MailError.self) { try await server.transport(.startTLS).deliver(mail) }
        #expect(error?.sort == expected.sort, "\(String(describing: error))")
        #expect(error?.fault.replyCode == expected.fault.replyCode, "\(String(describing: error))")
    }
}

extension MailError {
    /// What the queue makes of it.
    fileprivate var sort: String {
        switch self {
        case .temporary: "temporary"
        case .refused: "refused"
        case .misconfigured: "misconfigured"
        case .cancelled: "cancelled"
        }
    }

    fileprivate var fault: MailFault {
        switch self {
        case .temporary(let fault), .refused(let fault), .misconfigured(let fault): fault
        case .cancelled: MailFault()
        }
    }
}

/// A mail server of one connection in Python's standard library, with a certificate of its own.
private final class ForeignMailServer {
    static let opensslPath = ForeignProgram.first(of: ["/usr/bin/openssl", "/usr/local/bin/openssl"])

    /// What the server saw.
    struct Report: Decodable {
        var isEncrypted = false
        var user: String?
        var password: String?
        var from: String?
        var to: [String] = []
        var data = ""
    }

    private let folder: TemporaryFolder
    private let process: ChildProcess
    private let output = Pipe()
    private let port: UInt16
    private var rest = Data()

    init(
        encryption: SMTPConfiguration.Encryption, certificateName: String = "IP:127.0.0.1",
        refusing command: String = "",
        with reply: String = ""
    ) throws {
        folder = try TemporaryFolder()
        try Self.makeCertificate(folder, certificateName)
        try Data(Self.program.utf8).write(to: folder.url("server.py"))
        let mode = encryption == .implicitTLS ? "implicit" : "starttls"
        process = try ChildProcess(
            [Python.path ?? "", folder.url("server.py").path, folder.path, mode, command, reply],
            output: .descriptor(output.fileHandleForWriting.fileDescriptor))
        // Our copy of the writing end has to go, or the end of the output is never seen.
        try output.fileHandleForWriting.close()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let chunk = output.fileHandleForReading.availableData
            if chunk.isEmpty { break }
            line += chunk
        }
        port = try #require(UInt16(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines)))
    }

    deinit {
        process.signal(SIGTERM)
        _ = process.wait()
    }

    func transport(_ encryption: SMTPConfiguration.Encryption, trusts: Bool = true) throws -> SMTPTransport {
        let configuration = SMTPConfiguration(
            host: "127.0.0.1", port: port, encryption: encryption,
            credentials: SMTPCredentials(user: "notes", password: SecretString("interop-pass")),
            sender: try Samples.sender(), certificateAuthorityFile: trusts ? folder.url("cert.pem").path : nil)
        return SMTPTransport(try #require(configuration))
    }

    func report() throws -> Report {
        let data = output.fileHandleForReading.readDataToEndOfFile()
        _ = process.wait()
        return try JSONDecoder().decode(Report.self, from: data)
    }

    private static func makeCertificate(_ folder: TemporaryFolder, _ name: String) throws {
        let answer = try ForeignProgram.run([
            opensslPath ?? "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "1", "-subj", "/CN=mail", "-addext", "subjectAltName=\(name)", "-keyout",
            folder.url("key.pem").path, "-out", folder.url("cert.pem").path,
        ])
        #expect(answer.status == 0)
    }

    private static let program = #"""
        import base64, json, socket, ssl, sys
        folder, mode, refused, reply = sys.argv[1:5]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(20)
        print(listener.getsockname()[1], flush=True)
        report = {"isEncrypted": False, "to": [], "data": ""}
        connection, _ = listener.accept()
        connection.settimeout(20)
        buffer = b""
        def line():
            global buffer
            while b"\r\n" not in buffer:
                chunk = connection.recv(65536)
                if not chunk:
                    raise EOFError
                buffer += chunk
            head, buffer = buffer.split(b"\r\n", 1)
            return head
        def say(text):
            connection.sendall(text.encode() + b"\r\n")
        def answer(command, text):
            say(reply if command == refused else text)
            return command != refused
        try:
            if mode == "implicit":
                connection = context.wrap_socket(connection, server_side=True)
                report["isEncrypted"] = True
            say("220 mail")
            while True:
                text = line().decode()
                word = text[:4].upper()
                if word == "EHLO":
                    say("250-mail\r\n250-AUTH PLAIN" if report["isEncrypted"] else "250-mail\r\n250-STARTTLS")
                    say("250 SIZE 1000000")
                elif word == "STAR":
                    say("220 go")
                    connection = context.wrap_socket(connection, server_side=True)
                    buffer, report["isEncrypted"] = b"", True
                elif word == "AUTH":
                    words = text.split(" ")
                    if len(words) < 3:
                        say("334 ")
                        words.append(line().decode())
                    _, report["user"], report["password"] = base64.b64decode(words[2]).decode().split("\0")
                    answer("AUTH", "235 ok")
                elif word == "MAIL":
                    if answer("MAIL", "250 ok"):
                        report["from"] = text[10:].split(" ")[0]
                elif word == "RCPT":
                    if answer("RCPT", "250 ok"):
                        report["to"].append(text[8:].split(" ")[0])
                elif word == "DATA":
                    say("354 go")
                    lines = []
                    while (content := line()) != b".":
                        lines.append(content[1:] if content.startswith(b".") else content)
                    report["data"] = b"".join(l + b"\r\n" for l in lines).decode()
                    answer("DONE", "250 taken")
                elif word == "QUIT":
                    say("221 bye")
                    break
                else:
                    say("500 what")
        except (EOFError, OSError):
            pass
        print(json.dumps(report), flush=True)
        """#
}
