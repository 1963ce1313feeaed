import BucklerPrimitives

/// Makes compact JWS with ES256.
public enum JWSSigner {
    /// Signs `payload`; throws only what the signer throws.
    public static func sign(
        payload: JSONObject, typ: String, kid: String?, with signer: some ES256Signer
    ) throws -> String {
        var header: JSONObject = ["typ": .string(typ), "alg": "ES256"]
        if let kid { header["kid"] = .string(kid) }
        let encodedHeader = Base64URL.encode(JSONValue.object(header).serialized)
        return try sign(payload: payload, encodedHeader: encodedHeader, with: signer)
    }

    /// Signs under a header that was encoded before.
    static func sign(payload: JSONObject, encodedHeader: String, with signer: some ES256Signer) throws -> String {
        let input = encodedHeader + "." + Base64URL.encode(JSONValue.object(payload).serialized)
        return input + "." + Base64URL.encode(try signer.signature(for: Array(input.utf8)))
    }
}
