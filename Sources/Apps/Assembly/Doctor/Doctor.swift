import BucklerPrimitives
import BucklerSecurityEvents
import CSystemShims
import Foundation
import NIOSSL
import ServerConfiguration

/// One answer of `buckler doctor`.
package struct DoctorFinding: Sendable, Hashable {
    /// How it is.
    package enum State: String, Sendable, Hashable {
        /// As it should be.
        case fine
        /// Worth a look.
        case warning
        /// To be repaired.
        case wrong
    }

    /// What was looked at.
    package let check: String
    /// How it is.
    package let state: State
    /// In words, with what to do.
    package let text: String
}

/// Looks at what a configuration file cannot know.
package struct Doctor: Sendable {
    private let settings: ServerSettings
    private let clock: WallClock
    private let network: DoctorNetwork

    /// Takes what a server would run with.
    package init(settings: ServerSettings, clock: WallClock) {
        self.settings = settings
        self.clock = clock
        network = DoctorNetwork()
    }

    /// Looks at everything; takes a few seconds at most.
    package func examine() async -> [DoctorFinding] {
        var findings = [folder("data", settings.data), folder("keys", settings.keys)]
        findings += rootKeys()
        findings += secretFiles()
        findings.append(certificate())
        findings += await upstream()
        findings.append(await mail())
        findings.append(publicName())
        findings.append(systemClock())
        findings.append(backup())
        return findings
    }

    // MARK: Files

    private func folder(_ check: String, _ path: String) -> DoctorFinding {
        guard let status = FileStatus(path) else {
            return .init(check: check, state: .warning, text: "\(path) does not exist yet; the first start makes it")
        }
        guard status.isFolder else { return .init(check: check, state: .wrong, text: "\(path) is not a folder") }
        guard status.mode & 0o077 == 0 else {
            return .init(check: check, state: .wrong, text: "\(path) is open to others; chmod 700")
        }
        guard status.owner == getuid() || getuid() == 0 else {
            return .init(check: check, state: .wrong, text: "\(path) belongs to user \(status.owner), not to this one")
        }
        return .init(check: check, state: .fine, text: path)
    }

    /// Files of a root key's rotation that is not over.
    private func rootKeys() -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        if FileStatus(settings.keys + "/root.next.key") != nil {
            findings.append(
                .init(
                    check: "root.next.key", state: .warning,
                    text:
                        "a rotation of the root key was interrupted; start the server, and if the file is still there, "
                        + "repeat: buckler admin keys rotate --purpose root"))
        }
        if FileStatus(settings.keys + "/root.former.key") != nil {
            findings.append(
                .init(
                    check: "root.former.key", state: .fine,
                    text:
                        "the root key was replaced, and rows are still moved; see buckler admin keys list. Copy the keys "
                        + "folder anew: backups from now on need the new root key"))
        }
        return findings
    }

    private func secretFiles() -> [DoctorFinding] {
        settings.secretFiles.map { key, path in
            guard let status = FileStatus(path) else {
                return .init(check: key, state: .wrong, text: "\(path) does not exist or cannot be reached")
            }
            guard !status.isFolder, status.mode & 0o077 == 0 else {
                return .init(check: key, state: .wrong, text: "\(path) is open to others; chmod 600")
            }
            return .init(check: key, state: .fine, text: path)
        }
    }

    private func certificate() -> DoctorFinding {
        guard let files = settings.certificate else {
            return .init(
                check: "certificate", state: .fine,
                text: "development makes its own and keeps it until a week before its end")
        }
        guard let leaf = try? NIOSSLCertificate.fromPEMFile(files.chain).first else {
            return .init(check: "certificate", state: .wrong, text: "\(files.chain) holds no certificate in PEM")
        }
        let days = (Int64(leaf.notValidAfter) - clock.now.seconds) / 86_400
        switch days {
        case ..<0: return .init(check: "certificate", state: .wrong, text: "expired \(-days) days ago; renew it")
        case ..<14: return .init(check: "certificate", state: .wrong, text: "expires in \(days) days; renew it")
        case ..<30: return .init(check: "certificate", state: .warning, text: "expires in \(days) days")
        default: return .init(check: "certificate", state: .fine, text: "expires in \(days) days")
        }
    }

    private func backup() -> DoctorFinding {
        guard let status = FileStatus(settings.data + "/" + Self.backupMarker) else {
            let state: DoctorFinding.State = settings.mode == .production ? .warning : .fine
            return .init(check: "backup", state: state, text: "no backup was made yet; see buckler backup")
        }
        let hours = (clock.now.seconds - status.modifiedAt) / 3600
        return .init(check: "backup", state: hours > 48 ? .warning : .fine, text: "the last one is \(hours) hours old")
    }

    /// An empty file in the data folder, touched by every backup.
    package static let backupMarker = "last-backup"

    // MARK: Network

    private func upstream() async -> [DoctorFinding] {
        let url = settings.upstream.url
        guard await network.accepts(url.place) else {
            return [.init(check: "upstream", state: .wrong, text: "\(url) accepts no connection; is your API running?")]
        }
        let answers = DoctorFinding(check: "upstream", state: .fine, text: "\(url) accepts connections")
        guard case .tcp(let host, let port) = url.place else { return [answers] }
        var exposed: [String] = []
        for address in network.outsideAddresses() where await network.accepts(.tcp(host: address, port: port)) {
            exposed.append(address)
        }
        return [answers] + exposure(host: host, port: port, exposed)
    }

    private func exposure(host: String, port: Int, _ addresses: [String]) -> [DoctorFinding] {
        if !addresses.isEmpty {
            return [
                .init(
                    check: "upstream exposure", state: .wrong,
                    text: "your API also answers on \(addresses.joined(separator: ", ")) port \(port), around Buckler; "
                        + "let it listen on loopback or a Unix socket only")
            ]
        }
        if SourceAddress(parsing: host)?.isLoopback == true || host == "localhost" { return [] }
        return [
            .init(
                check: "upstream exposure", state: .warning,
                text: "\(host) is another machine: let only this one reach it, and verify Buckler-Identity there")
        ]
    }

    private func mail() async -> DoctorFinding {
        switch settings.mail.transport {
        case .files(let folder): return .init(check: "mail", state: .fine, text: "files in \(folder)")
        case .smtp(let server, _, _, _):
            guard await network.accepts(.tcp(host: server.host, port: server.port)) else {
                return .init(check: "mail", state: .wrong, text: "\(server.host):\(server.port) accepts no connection")
            }
            return .init(check: "mail", state: .fine, text: "\(server.host):\(server.port) accepts connections")
        }
    }

    private func publicName() -> DoctorFinding {
        let host = settings.publicURL.host
        let addresses = network.resolve(host)
        if addresses.isEmpty { return .init(check: "DNS", state: .wrong, text: "\(host) has no address") }
        return .init(check: "DNS", state: .fine, text: "\(host) is \(addresses.joined(separator: ", "))")
    }

    private func systemClock() -> DoctorFinding {
        switch buckler_clock_is_synchronised() {
        case 1: .init(check: "clock", state: .fine, text: "synchronised")
        case 0:
            .init(
                check: "clock", state: .warning,
                text: "not synchronised by the kernel's account; authenticator codes allow 30 s. Run an NTP client")
        default: .init(check: "clock", state: .warning, text: "the kernel does not tell")
        }
    }
}

extension ServerSettings {
    /// Every file with a secret that this configuration names, by key.
    package var secretFiles: [(key: String, path: String)] {
        var files: [(String, String)] = []
        if let certificate { files.append(("tls.key", certificate.key)) }
        if case .smtp(_, _, let password?, _) = mail.transport { files.append(("mail.password_file", password)) }
        for client in clients {
            if case .service(let path) = client.kind { files.append(("clients.\(client.id.text).secret_file", path)) }
        }
        return files
    }
}
