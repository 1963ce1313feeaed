import BucklerPrimitives
import Crypto
import Foundation

/// Why a JSON Web Key is not a public P-256 signing key.
public enum JWKError: Error, Equatable, Sendable {
    /// `kty` is not `EC`.
    case keyType
    /// `crv` is not `P-256`.
    case curve
    /// `x` or `y` is missing or is not 43 characters of base64url.
    case coordinate
    /// The point is not on the curve.
    case notOnCurve
    /// A member that belongs to private or symmetric keys stands in it.
    case privateMember
    /// `use`, `key_ops` or `alg` says that it is for something else.
    case purpose
}

/// A public P-256 key for ES256 (RFC 7517, RFC 7518 §6.2.1).
///
/// Parsing checks that the point is on the curve, which costs about 1 µs; the thumbprint is computed once.
public struct P256PublicJWK: Hashable, Sendable {
    /// The key.
    public let publicKey: P256.Signing.PublicKey
    /// The key's RFC 7638 thumbprint.
    public let thumbprint: JWKThumbprint
    private let coordinates: [UInt8]

    /// Wraps a key.
    public init(_ key: P256.Signing.PublicKey) {
        self.init(key, coordinates: Array(key.rawRepresentation))
    }

    /// Takes a JWK; members that RFC 7517 does not forbid and that say nothing about the key are ignored (§4).
    public init(parsing json: JSONObject) throws(JWKError) {
        guard json["kty"]?.string == "EC" else { throw .keyType }
        guard json["crv"]?.string == "P-256" else { throw .curve }
        for name in Self.privateMembers where json[name] != nil { throw .privateMember }
        try Self.checkPurpose(json)
        let coordinates = try Self.coordinate(json["x"]) + Self.coordinate(json["y"])
        guard let key = try? P256.Signing.PublicKey(rawRepresentation: coordinates) else { throw .notOnCurve }
        self.init(key, coordinates: coordinates)
    }

    private init(_ key: P256.Signing.PublicKey, coordinates: [UInt8]) {
        publicKey = key
        self.coordinates = coordinates
        thumbprint = JWKThumbprint(x: coordinates[..<32], y: coordinates[32...])
    }

    /// `kty`, `crv`, `x` and `y`.
    public var json: JSONObject {
        [
            "kty": "EC", "crv": "P-256", "x": .string(Base64URL.encode(coordinates[..<32])),
            "y": .string(Base64URL.encode(coordinates[32...])),
        ]
    }

    /// Equal if the coordinates are equal.
    public static func == (left: P256PublicJWK, right: P256PublicJWK) -> Bool { left.coordinates == right.coordinates }

    /// Feeds the coordinates.
    public func hash(into hasher: inout Hasher) { hasher.combine(coordinates) }

    private static func coordinate(_ value: JSONValue?) throws(JWKError) -> [UInt8] {
        guard let text = value?.string, text.utf8.count == 43, let bytes = Base64URL.decode(text) else {
            throw .coordinate
        }
        return bytes
    }

    private static func checkPurpose(_ json: JSONObject) throws(JWKError) {
        if let use = json["use"], use.string != "sig" { throw .purpose }
        if let algorithm = json["alg"], algorithm.string != "ES256" { throw .purpose }
        if let operations = json["key_ops"], operations != ["verify"] { throw .purpose }
    }

    /// RFC 7518 §6.2.2, §6.3.2, §6.4.1.
    private static let privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
}

extension JWKThumbprint {
    /// SHA-256 over the required members in lexicographic order, without white space (RFC 7638 §3).
    init(x: ArraySlice<UInt8>, y: ArraySlice<UInt8>) {
        var input: [UInt8] = []
        input.reserveCapacity(140)
        input.append(contentsOf: #"{"crv":"P-256","kty":"EC","x":""#.utf8)
        input.append(contentsOf: Base64URL.encode(x).utf8)
        input.append(contentsOf: #"","y":""#.utf8)
        input.append(contentsOf: Base64URL.encode(y).utf8)
        input.append(contentsOf: #""}"#.utf8)
        self.init(digest: SHA256Bytes.digest(of: input))
    }
}
