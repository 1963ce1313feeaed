import BucklerPrimitives
import BucklerSecurityEvents
import Crypto
import Foundation
import NIOCore
import SwiftASN1
import X509

/// A certificate for development and the authority that signed it.
package struct DevelopmentCertificate: Sendable {
    /// PEM of the authority, to be trusted by a developer's tools.
    ///
    /// Its private key no longer exists.
    package let authority: String
    /// PEM of the leaf and the authority.
    package let chain: String
    /// PEM of the leaf's private key.
    package let key: String
    /// The instant from which the leaf is refused.
    package let expiresAt: Timestamp
}

/// Why no development certificate could be made.
package enum DevelopmentCertificateError: Error, Equatable, Sendable {
    /// The further name is neither a host name nor an address.
    case name
    /// The certificate library refused.
    case library
}

/// Signs one leaf and is gone: its key lives in memory only, and a leaf for any other name would fail (PD-20).
///
/// The authority carries critical name constraints (`localhost` and the further host names), path length 0 and
/// `serverAuth`; the leaf lives 90 days. Addresses stand in the leaf and not in the constraints: BoringSSL, which the SDK
/// uses on Linux, refuses every chain with constraints on addresses. What keeps the authority from signing for another
/// address is that its key is gone.
package enum DevelopmentCertificateAuthority {
    /// Makes an authority and its only leaf.
    ///
    /// - Parameters:
    ///   - furtherNames: Host names or addresses beside localhost, such as the `--lan` name and its address.
    ///   - clock: Gives the first day of validity.
    ///   - entropy: Gives serial numbers; keys come from the operating system.
    /// - Returns: The certificate as PEM texts.
    /// - Throws: If a name cannot stand in a certificate.
    package static func issue(
        furtherNames: [String] = [], clock: WallClock, entropy: Entropy
    ) throws(DevelopmentCertificateError) -> DevelopmentCertificate {
        let names = try ["localhost", "127.0.0.1", "::1"].map(Name.init) + furtherNames.map(Name.init)
        let issued: IssuedPair
        do {
            // No addresses in the leaf: BoringSSL, which our own clients use, refuses every certificate that has both an
            // address and a constraint on addresses (X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE).
            issued = try make(
                names: names.filter { $0.domain != nil }, permitted: names, clock: clock, entropy: entropy)
            let texts = try issued.texts
            return DevelopmentCertificate(
                authority: texts.authority, chain: texts.leaf + "\n" + texts.authority,
                key: issued.key.pemRepresentation, expiresAt: issued.expiresAt)
        } catch {
            throw .library
        }
    }

    /// A leaf for `names` under an authority that permits `permitted`.
    ///
    /// They differ in one test only.
    static func make(
        names: [Name], permitted: [Name], clock: WallClock, entropy: Entropy
    ) throws -> IssuedPair {
        let authorityKey = P256.Signing.PrivateKey()
        let leafKey = P256.Signing.PrivateKey()
        // An hour back, for a phone whose clock is behind.
        let start = clock.now - .hours(1)
        let expiresAt = clock.now + .days(90)
        let subject = try DistinguishedName {
            CommonName("Buckler development authority \(Hex.encode(entropy.bytes(4)))")
        }
        let keyIdentifier = SubjectKeyIdentifier(hash: .init(authorityKey.publicKey))
        let authority = try Certificate(
            version: .v3, serialNumber: .init(bytes: serial(entropy)), publicKey: .init(authorityKey.publicKey),
            notValidBefore: start.date, notValidAfter: expiresAt.date, issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                Critical(constraints(permitted))
                try ExtendedKeyUsage([.serverAuth])
                keyIdentifier
            }, issuerPrivateKey: .init(authorityKey))
        let leaf = try Certificate(
            version: .v3, serialNumber: .init(bytes: serial(entropy)), publicKey: .init(leafKey.publicKey),
            notValidBefore: start.date, notValidAfter: expiresAt.date, issuer: subject,
            subject: try DistinguishedName { CommonName("localhost") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names.map(\.generalName))
                SubjectKeyIdentifier(hash: .init(leafKey.publicKey))
                AuthorityKeyIdentifier(keyIdentifier: keyIdentifier.keyIdentifier)
            }, issuerPrivateKey: .init(authorityKey))
        return IssuedPair(authority: authority, leaf: leaf, key: leafKey, expiresAt: expiresAt)
    }

    struct IssuedPair {
        let authority: Certificate
        let leaf: Certificate
        let key: P256.Signing.PrivateKey
        let expiresAt: Timestamp

        /// PEM of leaf and authority.
        var texts: (leaf: String, authority: String) { get throws { (try leaf.pem, try authority.pem) } }
    }

    private static func constraints(_ names: [Name]) -> NameConstraints {
        NameConstraints(permittedDNSDomains: names.compactMap(\.domain))
    }

    /// Sixteen random bytes, positive and without a leading zero (RFC 5280 §4.1.2.2).
    private static func serial(_ entropy: Entropy) -> [UInt8] {
        var bytes = entropy.bytes(16)
        bytes[0] = bytes[0] & 0x7F | 0x40
        return bytes
    }

    /// A host name or an address.
    struct Name {
        let text: String
        private let address: [UInt8]?

        init(_ text: String) throws(DevelopmentCertificateError) {
            self.text = text
            address = PeerAddress.parse(text)?.bytes
            guard address == nil else { return }
            let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            guard text.utf8.count <= 253,
                text.utf8.last.map({ $0 > UInt8(ascii: "9") || $0 < UInt8(ascii: "0") }) == true,
                labels.allSatisfy({ label in
                    (1...63).contains(label.count)
                        && label.allSatisfy {
                            let lower = $0 | 0x20
                            return (lower >= 0x61 && lower <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D
                        }
                })
            else { throw .name }
        }

        var domain: String? { address == nil ? text.lowercased() : nil }

        var generalName: GeneralName {
            address.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) } ?? .dnsName(text.lowercased())
        }
    }
}

extension Certificate {
    fileprivate var pem: String { get throws { try serializeAsPEM().pemString } }
}

extension Timestamp {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(seconds)) }
}
