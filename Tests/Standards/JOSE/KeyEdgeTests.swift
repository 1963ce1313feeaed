import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation
import TestSupport
import Testing

/// Points at the edges of P-256, as JWK (RFC 7518 §6.2.1; SP 800-56A §5.6.2.3.4).
@Suite("Edges of P-256 keys")
struct KeyEdgeTests {
    private static func jwk(_ x: [UInt8], _ y: [UInt8]) -> JSONObject {
        ["kty": "EC", "crv": "P-256", "x": .string(Base64URL.encode(x)), "y": .string(Base64URL.encode(y))]
    }

    /// The point with this x, if there is one; decompression does the square root.
    private static func point(x: UInt8) -> (x: Number256, y: Number256)? {
        let wanted = [UInt8](repeating: 0, count: 31) + [x]
        guard let key = try? P256.Signing.PublicKey(compressedRepresentation: [2] + wanted) else { return nil }
        let raw = Array(key.rawRepresentation)
        return (Number256(Array(raw[..<32])), Number256(Array(raw[32...])))
    }

    @Test("the point with x = 0 is a key like any other: leading zeros are kept")
    func zeroX() throws {
        let (x, y) = try #require(Self.point(x: 0))
        let key = try P256PublicJWK(parsing: Self.jwk(x.bytes, y.bytes))
        #expect(key.json["x"]?.string == String(repeating: "A", count: 43))
        #expect(Array(key.publicKey.rawRepresentation) == x.bytes + y.bytes)
    }

    @Test("a coordinate that is not reduced names no point, although its residue does")
    func notReduced() throws {
        var seen = 0
        for small in UInt8(0)...60 {
            guard let (x, y) = Self.point(x: small) else { continue }
            seen += 1
            #expect(throws: Never.self) { try P256PublicJWK(parsing: Self.jwk(x.bytes, y.bytes)) }
            let lifted = x.adding(.prime)
            #expect(!lifted.overflow)
            #expect(throws: JWKError.notOnCurve) { try P256PublicJWK(parsing: Self.jwk(lifted.sum.bytes, y.bytes)) }
        }
        #expect(seen > 20)
    }

    @Test("the mirrored point is another key; one step beside the curve, swapped or on another curve is none")
    func besideTheCurve() throws {
        for seed in 1...20 {
            let raw = Array(SoftwareDevice(seed: UInt64(seed)).key.publicKey.rawRepresentation)
            let (x, y) = (Number256(Array(raw[..<32])), Number256(Array(raw[32...])))
            let mirrored = Number256.prime.subtracting(y).difference
            let key = try P256PublicJWK(parsing: Self.jwk(x.bytes, y.bytes))
            #expect(try P256PublicJWK(parsing: Self.jwk(x.bytes, mirrored.bytes)).thumbprint != key.thumbprint)
            let strangers = [
                (x, y.adding(.one).sum), (x.adding(.one).sum, y), (x, Number256.zero), (Number256.zero, y),
                (x, Number256.prime), (Number256.prime, y), (x, Number256([UInt8](repeating: 255, count: 32))),
            ]
            for (x, y) in strangers {
                #expect(throws: JWKError.notOnCurve) { try P256PublicJWK(parsing: Self.jwk(x.bytes, y.bytes)) }
            }
        }
    }

    @Test("infinity has no coordinates: zeros, primes and SEC 1's single byte are refused")
    func infinity() {
        for (x, y) in [(Number256.zero, Number256.zero), (.prime, .prime), (.zero, .prime), (.prime, .zero)] {
            #expect(throws: JWKError.notOnCurve) { try P256PublicJWK(parsing: Self.jwk(x.bytes, y.bytes)) }
        }
        #expect(throws: JWKError.coordinate) { try P256PublicJWK(parsing: Self.jwk([0], [0])) }
        #expect(throws: JWKError.coordinate) { try P256PublicJWK(parsing: Self.jwk([], [])) }
    }

    @Test("a coordinate has 32 bytes: shorter, longer and SEC 1 forms are refused", arguments: [1, 31, 33, 64, 65])
    func lengths(count: Int) {
        let raw = Array(SoftwareDevice(seed: 5).key.publicKey.x963Representation) + [UInt8](repeating: 0, count: 8)
        let wrong = Array(raw.prefix(count))
        let right = Array(raw[1..<33])
        #expect(throws: JWKError.coordinate) { try P256PublicJWK(parsing: Self.jwk(wrong, right)) }
        #expect(throws: JWKError.coordinate) { try P256PublicJWK(parsing: Self.jwk(right, wrong)) }
    }

    @Test("a coordinate whose last character carries stray bits is refused: one key has one spelling")
    func strayBits() throws {
        let json = SoftwareDevice(seed: 6).jwk.json
        let x = try #require(json["x"]?.string)
        // 43 characters carry 258 bits: the last two must be zero (RFC 4648 §3.5).
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(x.last.flatMap(alphabet.firstIndex))
        for stray in 1...3 {
            var changed = json
            changed["x"] = .string(String(x.dropLast()) + String(alphabet[last + stray]))
            #expect(throws: JWKError.coordinate) { try P256PublicJWK(parsing: changed) }
        }
    }
}
