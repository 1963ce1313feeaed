import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation

/// Compact JWS of any content, for verifiers that must refuse: nothing is checked before signing.
public enum ForgedJWS {
    /// Signs these header and payload texts as they are.
    public static func compact(header: String, payload: String, signer: some ES256Signer) throws -> String {
        let input = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        return input + "." + Base64URL.encode(try signer.signature(for: Array(input.utf8)))
    }

    /// Signs these objects as they are.
    public static func compact(header: JSONObject, payload: JSONObject, signer: some ES256Signer) throws -> String {
        try compact(
            header: JSONValue.object(header).text, payload: JSONValue.object(payload).text, signer: signer)
    }

    /// The token with `alg` changed to `none` and its signature removed (RFC 8725 §2.1).
    public static func unsigned(_ token: String) throws -> String {
        try withoutSignature(token, algorithm: "none") + "."
    }

    /// The token with `alg` changed to `HS256`, its MAC made with the public key's bytes as the secret (RFC 8725 §2.1).
    public static func symmetric(_ token: String, publicKey: P256.Signing.PublicKey) throws -> String {
        let input = try withoutSignature(token, algorithm: "HS256")
        let key = SymmetricKey(data: publicKey.x963Representation)
        return input + "."
            + Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: Array(input.utf8), using: key)))
    }

    /// The token with one member of its header and payload replaced and the old signature kept.
    public static func edited(_ token: String, payload edit: (inout JSONObject) -> Void) throws -> String {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw NotCompact() }
        var payload = try StrictJSON.parseObject(Base64URL.decode(parts[1]) ?? [])
        edit(&payload)
        return "\(parts[0]).\(Base64URL.encode(JSONValue.object(payload).serialized)).\(parts[2])"
    }

    /// The payload of a token, unverified.
    public static func payload(of token: String) throws -> JSONObject {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw NotCompact() }
        return try StrictJSON.parseObject(Base64URL.decode(parts[1]) ?? [])
    }

    /// The text is no compact JWS.
    public struct NotCompact: Error {}

    private static func withoutSignature(_ token: String, algorithm: String) throws -> String {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw NotCompact() }
        var header = try StrictJSON.parseObject(Base64URL.decode(parts[0]) ?? [])
        header["alg"] = .string(algorithm)
        return "\(Base64URL.encode(JSONValue.object(header).serialized)).\(parts[1])"
    }
}
