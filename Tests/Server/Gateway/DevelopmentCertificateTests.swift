import BucklerPrimitives
import Foundation
import TestSupport
import Testing

@testable import ServerGateway

/// The development authority can sign for nobody else (PD-20), by OpenSSL's judgement.
@Suite("Development certificate", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct DevelopmentCertificateTests {
    @Test(
        "OpenSSL accepts the leaf for its names; it names no addresses, which BoringSSL could not judge",
        arguments: ["localhost", "phone.lan"])
    func accepted(name: String) throws {
        let certificate = try DevelopmentCertificateAuthority.issue(
            furtherNames: ["phone.lan", "192.168.1.20"], clock: .system, entropy: .seeded(1))
        #expect(try verify(certificate.chain, authority: certificate.authority, "-verify_hostname", name))
        for address in ["127.0.0.1", "::1", "192.168.1.20"] {
            #expect(try !verify(certificate.chain, authority: certificate.authority, "-verify_ip", address))
        }
        #expect(try !verify(certificate.chain, authority: certificate.authority, "-verify_hostname", "evil.example"))
    }

    @Test(
        "a leaf for another name, signed with the authority's own key, fails",
        arguments: ["evil.example", "localhost.evil.example"])
    func outsideConstraints(name: String) throws {
        let permitted = try ["localhost", "127.0.0.1"].map(DevelopmentCertificateAuthority.Name.init)
        let pair = try DevelopmentCertificateAuthority.make(
            names: [try DevelopmentCertificateAuthority.Name(name)], permitted: permitted, clock: .system,
            entropy: .seeded(1))
        let (leaf, authority) = try pair.texts
        #expect(try !verify(leaf, authority: authority, "-purpose", "sslserver"))
    }

    @Test(
        "texts that are no names are refused", arguments: ["", "a b", "a/b", "*.lan", ".lan", "lan.", "1.2.3", "ü.lan"])
    func names(text: String) {
        #expect(throws: DevelopmentCertificateError.name) {
            _ = try DevelopmentCertificateAuthority.issue(furtherNames: [text], clock: .system, entropy: .seeded(1))
        }
    }

    private func verify(_ chain: String, authority: String, _ option: String, _ value: String) throws -> Bool {
        let folder = try TemporaryFolder()
        try chain.write(toFile: folder.path + "/leaf.pem", atomically: true, encoding: .utf8)
        try authority.write(toFile: folder.path + "/ca.pem", atomically: true, encoding: .utf8)
        let files = [folder.path + "/ca.pem", option, value, folder.path + "/leaf.pem"]
        return try ForeignProgram.run(["openssl", "verify", "-x509_strict", "-CAfile"] + files).status == 0
    }
}
