import BucklerPrimitives
import Crypto
import Foundation
import TestSupport
import Testing

@testable import BucklerJOSE

@Suite("Compact JWS")
struct JWSTests {
    static let device = SoftwareDevice(seed: 1)
    static let payload: JSONObject = ["iss": "https://api.example.com/buckler", "exp": 1_767_225_900]

    static func token(typ: String = "at+jwt", kid: String? = "k1") throws -> String {
        try JWSSigner.sign(payload: payload, typ: typ, kid: kid, with: device.signer)
    }

    @Test("what was signed is verified")
    func roundTrip() throws {
        let jws = try UnverifiedJWS(parsing: Self.token(), maximumByteCount: 4096)
        #expect(jws.kid == "k1")
        #expect(jws.typ == "at+jwt")
        #expect(try jws.verified(by: Self.device.jwk, typ: "at+jwt").payload == Self.payload)
    }

    @Test("the example of RFC 7515 appendix A.3 is verified, and its key is the one printed there")
    func rfc7515() throws {
        let key = try P256PublicJWK(parsing: [
            "kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        ])
        let jws = try UnverifiedJWS(parsing: Self.rfc7515Example, maximumByteCount: 512)
        #expect(try jws.verifiedIgnoringType(by: key).payload["iss"] == "joe")
        #expect(throws: JWSError.type) { try jws.verified(by: key, typ: "at+jwt") }
        #expect(throws: JWSError.signature) { try jws.verifiedIgnoringType(by: Self.device.jwk) }
    }

    static let rfc7515Example =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        + "cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

    @Test("the HMAC example of RFC 7515 appendix A.1 and the unsecured one of A.5 are refused")
    func rfc7515Others() {
        let payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        let hmac = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(payload).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(throws: JWSError.algorithm) { try UnverifiedJWS(parsing: hmac) }
        #expect(throws: JWSError.algorithm) { try UnverifiedJWS(parsing: "eyJhbGciOiJub25lIn0.\(payload).") }
    }

    @Test("the public key as an HMAC secret opens nothing")
    func algorithmConfusion() throws {
        let token = try Self.token()
        let symmetric = try ForgedJWS.symmetric(token, publicKey: Self.device.key.publicKey)
        #expect(throws: JWSError.algorithm) { try UnverifiedJWS(parsing: symmetric) }
        let unsigned = try ForgedJWS.unsigned(token)
        #expect(throws: JWSError.algorithm) { try UnverifiedJWS(parsing: unsigned) }
    }

    @Test(
        "every algorithm but ES256 is refused, in every spelling",
        arguments: [
            "none", "None", "NONE", "", "HS256", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "es256",
            "ES256 ",
        ])
    func algorithms(name: String) throws {
        let text = try ForgedJWS.compact(
            header: ["alg": .string(name), "typ": "at+jwt"], payload: Self.payload, signer: Self.device.signer)
        #expect(throws: JWSError.algorithm) { try UnverifiedJWS(parsing: text) }
    }

    @Test(
        "header parameters that choose a key or change the meaning are refused",
        arguments: ["crit", "b64", "zip", "enc", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"])
    func forbiddenHeaders(name: String) throws {
        for value in [JSONValue.string("x"), .null, ["exp"], false] {
            var header: JSONObject = ["alg": "ES256", "typ": "at+jwt", "kid": "k1"]
            header[name] = value
            let text = try ForgedJWS.compact(header: header, payload: Self.payload, signer: Self.device.signer)
            #expect(throws: JWSError.forbiddenHeader) { try UnverifiedJWS(parsing: text) }
        }
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        let header: String
        let payload: String
        let error: JWSError
        var testDescription: String { header + "." + payload }
    }

    static let malformed: [Malformed] = [
        Malformed(header: #"{"alg":"none","alg":"ES256"}"#, payload: "{}", error: .header(.duplicateName)),
        Malformed(header: #"{"alg":"ES256","\u0061lg":"none"}"#, payload: "{}", error: .header(.duplicateName)),
        Malformed(header: #"{"alg":"ES256"}"#, payload: #"{"sub":"a","sub":"b"}"#, error: .payload(.duplicateName)),
        Malformed(header: #"["ES256"]"#, payload: "{}", error: .header(.syntax(offset: 0))),
        Malformed(header: #"{"alg":"ES256"}"#, payload: "[]", error: .payload(.syntax(offset: 0))),
        Malformed(header: #"{"alg":"ES256"} {}"#, payload: "{}", error: .header(.syntax(offset: 16))),
        Malformed(header: #"{"alg":"ES256","typ":1}"#, payload: "{}", error: .headerType),
        Malformed(header: #"{"alg":"ES256","kid":["a"]}"#, payload: "{}", error: .headerType),
        Malformed(header: "{}", payload: "{}", error: .algorithm),
        Malformed(header: #"{"alg":["ES256"]}"#, payload: "{}", error: .algorithm),
    ]

    @Test("doubled names, other JSON and other types are refused", arguments: malformed)
    func malformedContent(sample: Malformed) throws {
        let text = try ForgedJWS.compact(header: sample.header, payload: sample.payload, signer: Self.device.signer)
        #expect(throws: sample.error) { try UnverifiedJWS(parsing: text) }
    }

    @Test("text that is not three parts of strict base64url is refused")
    func form() throws {
        let token = try Self.token()
        for text in ["", ".", "..", "a.b", token + ".", token + ".AAAA", "." + token, token.replacing(".", with: "")] {
            #expect(throws: JWSError.self) { try UnverifiedJWS(parsing: text) }
        }
        for text in [token + "=", " " + token, token + "\n", token.replacing("_", with: "/") + "+"] {
            #expect(throws: JWSError.encoding) { try UnverifiedJWS(parsing: text) }
        }
        #expect(throws: JWSError.tooLarge) { try UnverifiedJWS(parsing: token, maximumByteCount: token.utf8.count - 1) }
        #expect(throws: Never.self) { try UnverifiedJWS(parsing: token, maximumByteCount: token.utf8.count) }
    }

    @Test("a signature of another length or in DER is refused")
    func signatureLength() throws {
        let parts = try Self.token().split(separator: ".")
        let der = try Self.device.key.signature(for: Data("\(parts[0]).\(parts[1])".utf8)).derRepresentation
        for signature in [[], [UInt8](repeating: 0, count: 63), [UInt8](repeating: 0, count: 65), Array(der)] {
            let text = "\(parts[0]).\(parts[1]).\(Base64URL.encode(signature))"
            #expect(throws: JWSError.signature) { try UnverifiedJWS(parsing: text) }
        }
    }

    @Test("a signature of zeros, of another key or over other bytes is refused")
    func signatures() throws {
        let token = try Self.token()
        let parts = token.split(separator: ".")
        let zeros = "\(parts[0]).\(parts[1]).\(Base64URL.encode([UInt8](repeating: 0, count: 64)))"
        let edited = try ForgedJWS.edited(token) { $0["iss"] = "https://evil.example" }
        for text in [zeros, edited] {
            let jws = try UnverifiedJWS(parsing: text)
            #expect(throws: JWSError.signature) { try jws.verified(by: Self.device.jwk, typ: "at+jwt") }
        }
        let jws = try UnverifiedJWS(parsing: token)
        #expect(throws: JWSError.signature) { try jws.verified(by: SoftwareDevice(seed: 2).jwk, typ: "at+jwt") }
    }

    @Test(
        "a token of another kind is refused, however similar",
        arguments: ["at+JWT", "application/at+jwt", "jwt", "", "at+jwt "])
    func types(typ: String) throws {
        let jws = try UnverifiedJWS(parsing: Self.token(typ: typ))
        #expect(throws: JWSError.type) { try jws.verified(by: Self.device.jwk, typ: "at+jwt") }
    }

    @Test("damaged tokens are refused and never crash the parser")
    func damaged() throws {
        let token = try Self.token()
        let entropy = Entropy.seeded(7515)
        for _ in 0..<4000 {
            let bytes = Mutation.damage(Array(token.utf8), with: entropy)
            let text = String(decoding: bytes, as: UTF8.self)
            guard text != token, let jws = try? UnverifiedJWS(parsing: text) else { continue }
            #expect(throws: JWSError.self) { try jws.verified(by: Self.device.jwk, typ: "at+jwt") }
        }
    }

    @Test("damaged contents under a good signature are read or refused, and never crash the parser")
    func damagedContents() throws {
        let entropy = Entropy.seeded(8259)
        let header = Array(#"{"alg":"ES256","typ":"at+jwt","kid":"k\u00e9\ud83d\ude00"}"#.utf8)
        let payload = Array(#"{"a":[1,-2.5e3,true,null,{"b":"\n\"\\"}],"exp":1767225900,"s":"é"}"#.utf8)
        for _ in 0..<4000 {
            let parts = [Mutation.damage(header, with: entropy), Mutation.damage(payload, with: entropy)]
            let text =
                parts.map { Base64URL.encode($0) }.joined(separator: ".") + "." + String(repeating: "A", count: 86)
            _ = try? UnverifiedJWS(parsing: text)
        }
    }
}
