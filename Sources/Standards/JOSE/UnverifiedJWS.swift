import BucklerPrimitives
import Crypto
import Foundation

/// Why a text is not a JWS that this product accepts.
public enum JWSError: Error, Equatable, Sendable {
    /// More bytes than the caller allows.
    case tooLarge
    /// Not three parts with dots between them.
    case form
    /// A part is not strict base64url.
    case encoding
    /// The header is not one JSON object with distinct names.
    case header(StrictJSONError)
    /// The payload is not one JSON object with distinct names.
    case payload(StrictJSONError)
    /// `alg` is not `ES256`; `none` and every symmetric algorithm are among these.
    case algorithm
    /// A header parameter that would change how or with which key the signature is checked.
    case forbiddenHeader
    /// `typ` or `kid` is not text.
    case headerType
    /// `typ` is not what the verifier expects.
    case type
    /// The signature has not 64 bytes, or was not made by this key over these bytes.
    case signature
}

/// A compact JWS (RFC 7515 §3.1) whose form was checked and whose signature was not.
///
/// One algorithm, ES256. `crit`, `b64`, `zip`, `jku`, `jwk`, `x5u` and `x5c` are refused: keys come from the verifier,
/// never from the message. Duplicate names are refused in header and payload.
public struct UnverifiedJWS: Sendable {
    /// The protected header.
    public let header: JSONObject
    /// The payload, not to be trusted before `verified`.
    public let payload: JSONObject
    /// Which key is said to have signed.
    public let kid: String?
    /// What kind of token it says it is.
    public let typ: String?

    /// The header as it was sent, in base64url.
    let headerText: String
    private let signingInput: [UInt8]
    private let signature: [UInt8]

    /// Checks the form of at most `maximumByteCount` bytes.
    public init(parsing text: String, maximumByteCount: Int = 8192) throws(JWSError) {
        try self.init(parsing: text, maximumByteCount: maximumByteCount, forbidding: Self.forbiddenHeaders)
    }

    /// `known` may answer with what this very header text was read as before, under the same `forbidding`.
    init(
        parsing text: String, maximumByteCount: Int, forbidding forbidden: [String],
        known: (String) -> JSONObject? = { _ in nil }
    ) throws(JWSError) {
        guard text.utf8.count <= maximumByteCount else { throw .tooLarge }
        var bytes = Array(text.utf8)
        let (first, second) = try Self.dots(in: bytes)
        headerText = String(decoding: bytes[..<first], as: UTF8.self)
        let remembered = known(headerText)
        guard let headerBytes = remembered == nil ? Base64URL.decode(bytes[..<first]) : [],
            let payloadBytes = Base64URL.decode(bytes[(first + 1)..<second]),
            let signature = Base64URL.decode(bytes[(second + 1)...])
        else { throw .encoding }
        if let remembered {
            header = remembered
        } else {
            do { header = try StrictJSON.parseObject(headerBytes, limits: .token) } catch { throw .header(error) }
            guard header["alg"]?.string == "ES256" else { throw .algorithm }
            for name in forbidden where header[name] != nil { throw .forbiddenHeader }
        }
        typ = try Self.text(header["typ"])
        kid = try Self.text(header["kid"])
        guard signature.count == 64 else { throw .signature }
        do { payload = try StrictJSON.parseObject(payloadBytes, limits: .token) } catch { throw .payload(error) }
        self.signature = signature
        bytes.removeLast(bytes.count - second)
        signingInput = bytes
    }

    /// Checks the type and the signature: one curve operation, after everything that costs less.
    ///
    /// `typ` is compared exactly: one spelling per kind of token, in lower case and without `application/`.
    public func verified(by key: P256PublicJWK, typ expected: String) throws(JWSError) -> VerifiedJWS {
        guard typ == expected else { throw .type }
        return try verifiedIgnoringType(by: key)
    }

    /// Checks only the signature, for callers that have looked at the type themselves.
    func verifiedIgnoringType(by key: P256PublicJWK) throws(JWSError) -> VerifiedJWS {
        guard let ecdsa = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
            key.publicKey.isValidSignature(ecdsa, for: signingInput)
        else { throw .signature }
        return VerifiedJWS(header: header, payload: payload)
    }

    private static func dots(in bytes: [UInt8]) throws(JWSError) -> (Int, Int) {
        let dot = UInt8(ascii: ".")
        guard let first = bytes.firstIndex(of: dot), let second = bytes[(first + 1)...].firstIndex(of: dot),
            !bytes[(second + 1)...].contains(dot)
        else { throw .form }
        return (first, second)
    }

    private static func text(_ value: JSONValue?) throws(JWSError) -> String? {
        guard let value else { return nil }
        guard let text = value.string else { throw .headerType }
        return text
    }

    /// Refused everywhere.
    static let alwaysForbiddenHeaders = ["crit", "b64", "zip", "enc", "jku", "x5u", "x5c", "x5t", "x5t#S256"]
    private static let forbiddenHeaders = alwaysForbiddenHeaders + ["jwk"]
}

/// A JWS whose signature was checked against a key of the verifier's choice.
public struct VerifiedJWS: Sendable {
    /// The protected header.
    public let header: JSONObject
    /// The payload.
    public let payload: JSONObject

    init(header: JSONObject, payload: JSONObject) {
        self.header = header
        self.payload = payload
    }
}
