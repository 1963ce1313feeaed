import BucklerPrimitives
import Crypto
import Foundation

/// The `kind: service` clients that may introspect (PD-19), by the digests of their secrets.
package struct ServiceClients: Sendable {
    private let digests: [ClientID: [UInt8]]

    /// Takes each client's secret (at least 32 bytes of text) and keeps its SHA-256.
    package init(_ secrets: [ClientID: SecretString]) {
        digests = secrets.mapValues { $0.withExposedBytes { Array(SHA256.hash(data: $0)) } }
    }

    /// The client of an `Authorization: Basic` value; nil for anything but a known client with its secret.
    ///
    /// Identifier and secret are form-encoded inside (RFC 6749 §2.3.1). Digests are compared in constant time, for an
    /// unknown client with a digest that nothing has.
    package func authenticate(basic value: String) -> ClientID? {
        guard value.utf8.count <= 1024, value.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(value.dropFirst(6))),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":"),
            let name = Self.decode(text[..<colon]), let secret = Self.decode(text[text.index(after: colon)...])
        else { return nil }
        let digest = Array(SHA256.hash(data: Array(secret.utf8)))
        let client = ClientID(parsing: name)
        let expected = client.flatMap { digests[$0] } ?? Array(repeating: 0, count: 32)
        return ConstantTime.equal(digest, expected) ? client : nil
    }

    private static func decode(_ text: Substring) -> String? {
        guard let form = try? FormURLEncoded(parsing: Array("v=\(text)".utf8), maximumByteCount: 1024) else {
            return nil
        }
        return form["v"]
    }
}
