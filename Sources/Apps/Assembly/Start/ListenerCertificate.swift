import BucklerPrimitives
import Foundation
import Logging
import ServerConfiguration
import ServerGateway

/// The public listener's certificate: the operator's files, or the development one.
///
/// The development leaf and its key are kept in `keys/tls` and used again while they have a week left and the names are
/// the same, so that a phone which was told to trust `dev-ca.pem` goes on trusting it. The authority's key is gone as
/// soon as the leaf is signed (PD-20).
struct ListenerCertificate {
    let settings: ServerSettings
    let environment: ServerEnvironment

    /// The authority's certificate in the data folder, for `curl --cacert`.
    static let authorityFileName = "dev-ca.pem"

    /// The machine's own time, also where a test moves the server's: TLS clients judge validity by theirs.
    private static let clock = WallClock.system

    /// Reads or makes it.
    func load() throws(StartFailure) -> ServerTLS {
        if let files = settings.certificate { return try production(files) }
        let names = try furtherNames()
        if let kept = keptPair(names), let tls = try? ServerTLS(kept) { return tls }
        return try issue(names)
    }

    /// The names that the certificate and the proofs' `htu` know beside the public URL (PD-20).
    func furtherNames() throws(StartFailure) -> [String] {
        guard let name = settings.lan else { return [] }
        let addresses = DoctorNetwork().resolve(name).filter { DoctorNetwork().outsideAddresses().contains($0) }
        guard !addresses.isEmpty else { throw .lanName(name) }
        return [name] + addresses
    }

    private func production(_ files: CertificateFiles) throws(StartFailure) -> ServerTLS {
        if let status = FileStatus(files.key), status.mode & 0o077 != 0 {
            throw .file(key: "tls.key", path: files.key, problem: "is open to others; chmod 600")
        }
        do throws(CertificateError) {
            return try ServerTLS(.files(chain: files.chain, key: files.key))
        } catch {
            switch error {
            case .chain: throw .file(key: "tls.certificate", path: files.chain, problem: "holds no certificate in PEM")
            case .key: throw .file(key: "tls.key", path: files.key, problem: "holds no private key in PEM")
            case .pair:
                throw .file(key: "tls.key", path: files.key, problem: "does not belong to the certificate")
            }
        }
    }

    private var folder: String { settings.keys + "/tls" }
    private var chainPath: String { folder + "/development-chain.pem" }
    private var keyPath: String { folder + "/development-key.pem" }
    private var notePath: String { folder + "/development-names" }
    private var authorityPath: String { settings.data + "/" + Self.authorityFileName }

    private func keptPair(_ names: [String]) -> CertificateSource? {
        guard let note = try? String(contentsOfFile: notePath, encoding: .utf8),
            let status = FileStatus(keyPath), status.mode & 0o077 == 0, FileStatus(authorityPath) != nil
        else { return nil }
        let lines = note.split(separator: "\n").map(String.init)
        guard let seconds = lines.first.flatMap(Int64.init), Array(lines.dropFirst()) == names else { return nil }
        guard Self.clock.now + .days(7) < Timestamp(seconds: seconds) else { return nil }
        return .files(chain: chainPath, key: keyPath)
    }

    private func issue(_ names: [String]) throws(StartFailure) -> ServerTLS {
        let issued: DevelopmentCertificate
        do throws(DevelopmentCertificateError) {
            issued = try DevelopmentCertificateAuthority.issue(
                furtherNames: names, clock: Self.clock, entropy: environment.entropy)
        } catch {
            throw .lanName(settings.lan ?? "localhost")
        }
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw .keys("\(folder) cannot be made") }
        try write(issued.chain, to: chainPath)
        try write(issued.key, to: keyPath)
        try write(issued.authority, to: authorityPath)
        try write(([String(issued.expiresAt.seconds)] + names).joined(separator: "\n"), to: notePath)
        do throws(CertificateError) {
            return try ServerTLS(.texts(chain: issued.chain, key: issued.key))
        } catch {
            throw .unexpected("the development certificate does not load")
        }
    }

    /// Writes beside and renames, mode 0600, so that a reader never sees half a file.
    private func write(_ text: String, to path: String) throws(StartFailure) {
        let temporary = path + ".partial"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(key: "keys", path: path, problem: "cannot be written") }
        let bytes = Array((text + "\n").utf8)
        let count = Foundation.write(descriptor, bytes, bytes.count)
        close(descriptor)
        guard count == bytes.count, rename(temporary, path) == 0 else {
            throw .file(key: "keys", path: path, problem: "cannot be written")
        }
    }
}
