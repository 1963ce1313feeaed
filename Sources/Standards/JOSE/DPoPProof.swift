import BucklerPrimitives

/// Which part of a DPoP proof (RFC 9449 §4.2) is not as it must be.
public enum DPoPProofError: Error, Equatable, Sendable {
    /// More than 4 KiB.
    case tooLarge
    /// Not a compact JWS, or a part that is not base64url or not one JSON object with distinct names.
    case form
    /// `typ` is not `dpop+jwt`.
    case type
    /// `alg` is not `ES256`.
    case algorithm
    /// A header parameter that would change how the signature is checked.
    case forbiddenHeader
    /// `jwk` is missing or not a public P-256 key.
    case key
    /// `jwk` carries a private or symmetric part.
    case privateKey
    /// `htm` is missing, empty or not text.
    case method
    /// `htu` is missing or not text.
    case uri
    /// `jti` is missing, empty, longer than 128 characters or not text.
    case identifier
    /// `iat` is missing or not an integer.
    case issuedAt
    /// `ath` is not the base64url of 32 bytes.
    case accessTokenHash
    /// `nonce` is not text.
    case nonce
    /// The signature was not made by the key in the proof.
    case signature
}

/// A DPoP proof whose form was checked and whose signature was not.
public struct UnverifiedDPoPProof: Sendable {
    /// The key that the proof says it was made with.
    public let jwk: P256PublicJWK
    /// `htm`, as sent.
    public let method: String
    /// `htu`, as sent.
    public let uri: String
    /// `jti`, 1 to 128 characters.
    public let jti: String
    /// `iat` in seconds; the phone's clock, no measure of freshness.
    public let issuedAt: Int64
    /// `ath`, 32 bytes.
    public let accessTokenHash: [UInt8]?
    /// `nonce`.
    public let nonce: String?
    /// All claims.
    public let claims: JSONObject

    private let jws: UnverifiedJWS
    fileprivate let isHeaderKnown: Bool

    /// The largest proof that is read, in bytes.
    public static let maximumByteCount = 4096
    /// The longest `jti`, in bytes.
    public static let maximumIdentifierLength = 128

    /// Checks the form of one `DPoP` header field: steps 2 to 5 and 7 of RFC 9449 §4.3.
    public init(parsing field: String) throws(DPoPProofError) { try self.init(parsing: field, headers: nil) }

    /// The same; headers that `headers` remembers need not be read again.
    package init(parsing field: String, headers: ProofHeaderMemory?) throws(DPoPProofError) {
        var known: ProofHeaderMemory.Known?
        do {
            jws = try UnverifiedJWS(
                parsing: field, maximumByteCount: Self.maximumByteCount,
                forbidding: UnverifiedJWS.alwaysForbiddenHeaders
            ) { text in
                known = headers?.header(text)
                return known?.header
            }
        } catch {
            throw DPoPProofError(error)
        }
        isHeaderKnown = known != nil
        // Step 4: typ.
        guard jws.typ == "dpop+jwt" else { throw .type }
        // Steps 5 and 7: an asymmetric algorithm (the JWS parser knows one), a key without a private half.
        jwk = if let known { known.jwk } else { try Self.key(jws.header["jwk"]) }
        // Step 3: the required claims, each of its type.
        claims = jws.payload
        guard let method = claims["htm"]?.string, !method.isEmpty else { throw .method }
        guard let uri = claims["htu"]?.string else { throw .uri }
        guard let jti = claims["jti"]?.string, (1...Self.maximumIdentifierLength).contains(jti.utf8.count) else {
            throw .identifier
        }
        guard let issuedAt = claims["iat"]?.integer else { throw .issuedAt }
        self.method = method
        self.uri = uri
        self.jti = jti
        self.issuedAt = issuedAt
        accessTokenHash = try Self.hash(claims["ath"])
        nonce = try Self.nonce(claims["nonce"])
    }

    /// The key's thumbprint.
    public var thumbprint: JWKThumbprint { jwk.thumbprint }

    /// Checks the signature with the key in the proof: one curve operation (step 6).
    public func verified() throws(DPoPProofError) -> VerifiedDPoPProof {
        do { _ = try jws.verifiedIgnoringType(by: jwk) } catch { throw .signature }
        return VerifiedDPoPProof(self, header: jws.header, headerText: jws.headerText)
    }

    private static func key(_ value: JSONValue?) throws(DPoPProofError) -> P256PublicJWK {
        guard let json = value?.object else { throw .key }
        do { return try P256PublicJWK(parsing: json) } catch { throw error == .privateMember ? .privateKey : .key }
    }

    private static func hash(_ value: JSONValue?) throws(DPoPProofError) -> [UInt8]? {
        guard let value else { return nil }
        guard let text = value.string, let bytes = Base64URL.decode(text), bytes.count == 32 else {
            throw .accessTokenHash
        }
        return bytes
    }

    private static func nonce(_ value: JSONValue?) throws(DPoPProofError) -> String? {
        guard let value else { return nil }
        guard let text = value.string else { throw .nonce }
        return text
    }
}

/// A DPoP proof that was signed by the key in it; whose it is, from when and for what is the verifier's to check.
public struct VerifiedDPoPProof: Sendable {
    /// The key that made the proof.
    public let jwk: P256PublicJWK
    /// `htm`, as sent.
    public let method: String
    /// `htu`, as sent.
    public let uri: String
    /// `jti`, 1 to 128 characters.
    public let jti: String
    /// `iat` in seconds.
    public let issuedAt: Int64
    /// `ath`, 32 bytes.
    public let accessTokenHash: [UInt8]?
    /// `nonce`.
    public let nonce: String?
    /// All claims.
    public let claims: JSONObject

    /// For `ProofHeaderMemory`.
    let header: JSONObject
    let headerText: String
    let isHeaderKnown: Bool

    init(_ proof: UnverifiedDPoPProof, header: JSONObject, headerText: String) {
        self.header = header
        self.headerText = headerText
        isHeaderKnown = proof.isHeaderKnown
        jwk = proof.jwk
        method = proof.method
        uri = proof.uri
        jti = proof.jti
        issuedAt = proof.issuedAt
        accessTokenHash = proof.accessTokenHash
        nonce = proof.nonce
        claims = proof.claims
    }

    /// The key's thumbprint.
    public var thumbprint: JWKThumbprint { jwk.thumbprint }
}

extension DPoPProofError {
    fileprivate init(_ error: JWSError) {
        switch error {
        case .tooLarge: self = .tooLarge
        case .algorithm: self = .algorithm
        case .forbiddenHeader: self = .forbiddenHeader
        case .type: self = .type
        case .signature: self = .signature
        case .form, .encoding, .header, .payload, .headerType: self = .form
        }
    }
}
