import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation
import TestSupport
import Testing

@Suite("Public P-256 JWK")
struct JWKTests {
    /// The key of RFC 9449 §4.1.
    static let example: JSONObject = [
        "kty": "EC", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA", "crv": "P-256",
    ]

    @Test("the thumbprint of RFC 9449's key is the one printed there")
    func thumbprint() throws {
        let key = try P256PublicJWK(parsing: Self.example)
        #expect(key.thumbprint.text == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    }

    @Test("the thumbprint does not depend on the order or number of members")
    func thumbprintIsCanonical() throws {
        var other: JSONObject = ["use": "sig", "alg": "ES256", "kid": "a", "key_ops": ["verify"]]
        for member in Self.example.members.reversed() { other[member.name] = member.value }
        #expect(try P256PublicJWK(parsing: other) == P256PublicJWK(parsing: Self.example))
    }

    @Test("a key survives the way through its JSON form")
    func roundTrip() throws {
        for seed in 1...20 {
            let key = SoftwareDevice(seed: UInt64(seed)).jwk
            #expect(try P256PublicJWK(parsing: key.json) == key)
            #expect(try P256PublicJWK(parsing: key.json).thumbprint == key.thumbprint)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let change: JSONObject
        let error: JWKError
        var testDescription: String { "\(JSONValue.object(change).text) → \(error)" }
    }

    static let refusals: [Refusal] = [
        Refusal(change: ["kty": "RSA"], error: .keyType),
        Refusal(change: ["kty": "oct"], error: .keyType),
        Refusal(change: ["kty": "ec"], error: .keyType),
        Refusal(change: ["kty": ["EC"]], error: .keyType),
        Refusal(change: ["crv": "P-384"], error: .curve),
        Refusal(change: ["crv": "secp256k1"], error: .curve),
        Refusal(change: ["crv": .null], error: .curve),
        Refusal(change: ["x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBF"], error: .coordinate),
        Refusal(change: ["x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs="], error: .coordinate),
        Refusal(change: ["x": "AJfLRa4cft-LVd4USAkQ2PcwpA5aQYReNlEFH1lQFgRb"], error: .coordinate),
        Refusal(change: ["y": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFt"], error: .coordinate),
        Refusal(change: ["y": 4], error: .coordinate),
        Refusal(change: ["y": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"], error: .notOnCurve),
        Refusal(
            change: [
                "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "y": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            ], error: .notOnCurve),
        Refusal(change: ["d": "AAAA"], error: .privateMember),
        Refusal(change: ["d": .null], error: .privateMember),
        Refusal(change: ["k": "c2VjcmV0"], error: .privateMember),
        Refusal(change: ["use": "enc"], error: .purpose),
        Refusal(change: ["alg": "ES384"], error: .purpose),
        Refusal(change: ["alg": "HS256"], error: .purpose),
        Refusal(change: ["key_ops": ["sign"]], error: .purpose),
        Refusal(change: ["key_ops": ["verify", "sign"]], error: .purpose),
    ]

    @Test("each fault is refused with its own reason", arguments: refusals)
    func refused(refusal: Refusal) {
        var json = Self.example
        for member in refusal.change.members { json[member.name] = member.value }
        #expect(throws: refusal.error) { try P256PublicJWK(parsing: json) }
    }

    @Test(
        "a missing member is refused",
        arguments: [("kty", JWKError.keyType), ("crv", .curve), ("x", .coordinate), ("y", .coordinate)])
    func missing(name: String, error: JWKError) {
        var json = Self.example
        json[name] = nil
        #expect(throws: error) { try P256PublicJWK(parsing: json) }
    }

    @Test("a signer does not show its key")
    func redacted() {
        let device = SoftwareDevice(seed: 9)
        var dumped = ""
        dump(device.signer, to: &dumped)
        let raw = Array(device.key.rawRepresentation)
        for text in ["\(device.signer)", String(reflecting: device.signer), dumped] {
            #expect(!text.contains(Base64URL.encode(raw)))
            #expect(!text.contains("PrivateKey"))
        }
    }
}
