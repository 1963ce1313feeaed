import BucklerJOSE
import BucklerPrimitives

/// What the first request of a flow fixes for good (PD-07): later requests cannot change any of it.
package struct FlowBinding: Sendable, Hashable {
    /// The client.
    package let client: ClientID
    /// The DPoP key that signed the first request, and must sign every other.
    package let key: JWKThumbprint
    /// The scopes that the code will carry.
    package let scope: [String]
    /// The single audience of the tokens.
    package let audience: String
    /// The PKCE challenge (RFC 7636, S256): 32 bytes.
    package let codeChallenge: CodeChallenge

    /// Takes the parts.
    package init(
        client: ClientID, key: JWKThumbprint, scope: [String], audience: String, codeChallenge: CodeChallenge
    ) {
        self.client = client
        self.key = key
        self.scope = scope
        self.audience = audience
        self.codeChallenge = codeChallenge
    }
}

/// A PKCE challenge of method S256: the SHA-256 of the verifier (RFC 7636 §4.2).
package struct CodeChallenge: Sendable, Hashable {
    /// Thirty-two bytes.
    package let bytes: [UInt8]

    /// Takes 32 bytes; nil for any other number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// Parses 43 characters of base64url; nil for anything else.
    package init?(parsing text: String) {
        guard let bytes = Base64URL.decode(text) else { return nil }
        self.init(bytes: bytes)
    }
}

/// A client as this practice needs it; made from the configuration.
package struct SignInClient: Sendable, Hashable {
    /// Its public identifier.
    package let id: ClientID
    /// Every scope it may ask for; all of them are granted when it names none.
    package let scopes: [String]
    /// Every audience it may ask for (RFC 8707); the first is the default.
    package let audiences: [String]
    /// True if a sign-in on a device new to the account is confirmed by e-mail when no second factor is enrolled (PD-08).
    package let confirmsNewDevices: Bool

    /// Takes the parts; nil without an audience.
    package init?(id: ClientID, scopes: [String], audiences: [String], confirmsNewDevices: Bool = true) {
        guard !audiences.isEmpty else { return nil }
        self.id = id
        self.scopes = scopes
        self.audiences = audiences
        self.confirmsNewDevices = confirmsNewDevices
    }

    /// The scopes asked for, in the client's order; nil if one is not allowed or stands twice.
    func grantedScope(_ requested: String?) -> [String]? {
        guard let requested else { return scopes }
        let words = requested.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard Set(words).count == words.count, words.allSatisfy(scopes.contains) else { return nil }
        return scopes.filter(words.contains)
    }

    /// The audience asked for; nil if it is not one of the client's.
    func audience(_ requested: String?) -> String? {
        guard let requested else { return audiences.first }
        return audiences.contains(requested) ? requested : nil
    }
}

/// The configured clients that may sign people in.
package struct SignInClients: Sendable {
    private let clients: [ClientID: SignInClient]

    /// Takes the clients; the last of two with one identifier counts.
    package init(_ clients: [SignInClient]) {
        self.clients = Dictionary(clients.map { ($0.id, $0) }) { _, last in last }
    }

    /// The client with this identifier.
    package subscript(id: ClientID) -> SignInClient? { clients[id] }
}
