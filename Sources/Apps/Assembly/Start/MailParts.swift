import Authentication
import BucklerPrimitives
import MailDelivery
import ServerConfiguration

extension ServerSettings {
    /// The way out for mail: a mail server, or files in development.
    func makeMailTransport() throws(StartFailure) -> any MailTransport {
        let sender = MailSender(name: try senderName(), address: mail.from.address)
        switch mail.transport {
        case .files(let folder):
            do throws(MailError) {
                return try FileMailTransport(folder: folder, sender: sender)
            } catch {
                throw .file(key: "data", path: folder, problem: "the folder for mail cannot be made")
            }
        case .smtp(let server, let user, let passwordFile, let trust):
            return SMTPTransport(try smtp(server, user, passwordFile, trust, sender))
        }
    }

    private func smtp(
        _ server: MailServer, _ user: String?, _ passwordFile: String?, _ trust: String?, _ sender: MailSender
    ) throws(StartFailure) -> SMTPConfiguration {
        var credentials: SMTPCredentials?
        if let user, let passwordFile {
            credentials = SMTPCredentials(
                user: user, password: try SecretFile.read(key: "mail.password_file", path: passwordFile))
        }
        if let trust, FileStatus(trust)?.isRegularFile != true {
            throw .file(key: "mail.ca_file", path: trust, problem: "is not a file that can be read")
        }
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        guard let port = UInt16(exactly: server.port),
            let configuration = SMTPConfiguration(
                host: host, port: port, encryption: server.isImplicitTLS ? .implicitTLS : .startTLS,
                credentials: credentials, sender: sender, certificateAuthorityFile: trust)
        else { throw .file(key: "mail.smtp", path: server.text, problem: "is not a mail server's address") }
        return configuration
    }

    private func senderName() throws(StartFailure) -> MailHeaderText? {
        guard let name = mail.from.name else { return nil }
        do throws(MailHeaderError) {
            return try MailHeaderText(parsing: name)
        } catch {
            throw .file(key: "mail.from", path: name, problem: "cannot stand in a mail header")
        }
    }
}
