import BucklerPrimitives
import Crypto
import Foundation

/// The `kind: service` clients that may introspect (PD-19), by the digests of their secrets.
package struct ServiceClients: Sendable {
    /// A service client as the configuration has it.
    package struct Entry: Sendable {
        let secret: SecretString
        let audience: String

        /// Takes the secret (at least 32 bytes of text) and the audience whose tokens the client may ask about.
        package init(secret: SecretString, audience: String) {
            self.secret = secret
            self.audience = audience
        }
    }

    /// Who asked.
    package struct Authenticated: Sendable, Hashable {
        /// The client.
        package let client: ClientID
        /// The one audience whose tokens it may ask about.
        package let audience: String
    }

    private let digests: [ClientID: [UInt8]]
    private let audiences: [ClientID: String]

    /// Keeps each client's audience and the SHA-256 of its secret.
    package init(_ entries: [ClientID: Entry]) {
        digests = entries.mapValues { entry in entry.secret.withExposedBytes { Array(SHA256.hash(data: $0)) } }
        audiences = entries.mapValues(\.audience)
    }

    /// The client of an `Authorization: Basic` value; nil for anything but a known client with its secret.
    ///
    /// Identifier and secret are form-encoded inside (RFC 6749 §2.3.1). Digests are compared in constant time, for an
    /// unknown client with a digest that nothing has.
    package func authenticate(basic value: String) -> Authenticated? {
        guard value.utf8.count <= 1024, value.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(value.dropFirst(6))),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":"),
            let name = Self.decode(text[..<colon]), let secret = Self.decode(text[text.index(after: colon)...])
        else { return nil }
        let digest = Array(SHA256.hash(data: Array(secret.utf8)))
        let client = ClientID(parsing: name)
        let expected = client.flatMap { digests[$0] } ?? Array(repeating: 0, count: 32)
        guard ConstantTime.equal(digest, expected), let client, let audience = audiences[client] else { return nil }
        return Authenticated(client: client, audience: audience)
    }

    private static func decode(_ text: Substring) -> String? {
        guard let form = try? FormURLEncoded(parsing: Array("v=\(text)".utf8), maximumByteCount: 1024) else {
            return nil
        }
        return form["v"]
    }
}
