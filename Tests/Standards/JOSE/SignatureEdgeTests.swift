import BucklerPrimitives
import Crypto
import Foundation
import TestSupport
import Testing

@testable import BucklerJOSE

/// Signatures and keys at the edges of P-256 (FIPS 186-5 §6.4.2, SP 800-56A §5.6.2.3.4), derived here.
@Suite("Edges of ES256")
struct SignatureEdgeTests {
    private static let device = SoftwareDevice(seed: 77)
    private static let header = #"{"alg":"ES256","typ":"at+jwt"}"#

    /// The bytes that are signed for a payload with this number.
    private static func input(_ number: Int = 0) -> String {
        Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(#"{"n":\#(number)}"#.utf8))
    }

    private static func isValid(_ input: String, _ signature: [UInt8], by key: P256PublicJWK) throws -> Bool {
        let jws = try UnverifiedJWS(parsing: input + "." + Base64URL.encode(signature))
        do throws(JWSError) {
            _ = try jws.verified(by: key, typ: "at+jwt")
            return true
        } catch {
            #expect(error == .signature)
            return false
        }
    }

    private static func good(_ number: Int = 0) throws -> (r: Number256, s: Number256) {
        let raw = try device.signer.signature(for: Array(input(number).utf8))
        return (Number256(Array(raw[..<32])), Number256(Array(raw[32...])))
    }

    @Test("r and s outside 1 … n − 1 are refused, alone and together")
    func range() throws {
        let (r, s) = try Self.good()
        #expect(try Self.isValid(Self.input(), r.bytes + s.bytes, by: Self.device.jwk))
        let edges: [Number256] = [
            .zero, .order, .order.adding(.one).sum, .prime, Number256([UInt8](repeating: 255, count: 32)),
        ]
        for edge in edges {
            #expect(try !Self.isValid(Self.input(), edge.bytes + s.bytes, by: Self.device.jwk))
            #expect(try !Self.isValid(Self.input(), r.bytes + edge.bytes, by: Self.device.jwk))
            for other in edges {
                #expect(try !Self.isValid(Self.input(), edge.bytes + other.bytes, by: Self.device.jwk))
            }
        }
    }

    @Test("1 and n − 1 are in range and sign nothing")
    func smallest() throws {
        let (r, s) = try Self.good()
        let last = Number256.order.subtracting(.one).difference
        for edge in [Number256.one, last] {
            #expect(try !Self.isValid(Self.input(), edge.bytes + s.bytes, by: Self.device.jwk))
            #expect(try !Self.isValid(Self.input(), r.bytes + edge.bytes, by: Self.device.jwk))
            #expect(try !Self.isValid(Self.input(), edge.bytes + edge.bytes, by: Self.device.jwk))
        }
    }

    @Test("both halves of s are accepted, as RFC 7518 says nothing against either, and nothing else about them changes")
    func highS() throws {
        for number in 0..<20 {
            let (r, s) = try Self.good(number)
            let mirrored = Number256.order.subtracting(s).difference
            #expect(try Self.isValid(Self.input(number), r.bytes + mirrored.bytes, by: Self.device.jwk))
            let negatedR = Number256.order.subtracting(r).difference
            #expect(try !Self.isValid(Self.input(number), negatedR.bytes + s.bytes, by: Self.device.jwk))
            #expect(try !Self.isValid(Self.input(number), s.bytes + r.bytes, by: Self.device.jwk))
        }
    }

    @Test("r + n and s + n, where they fit, are not the same signature")
    func notReduced() throws {
        var tried = 0
        for number in 0..<2000 where tried < 2 {
            let (r, s) = try Self.good(number)
            let lifted = s.adding(.order)
            // n is close to 2²⁵⁶: the sum fits for one s in 2³²; with the overflow cut off it must be refused too.
            tried += 1
            #expect(try !Self.isValid(Self.input(number), r.bytes + lifted.sum.bytes, by: Self.device.jwk))
            #expect(try !Self.isValid(Self.input(number), r.adding(.order).sum.bytes + s.bytes, by: Self.device.jwk))
        }
    }

    @Test("leading zeros belong to the 64 bytes: kept they are valid, stripped the length is wrong")
    func leadingZeros() throws {
        var found = 0
        for number in 0..<4000 where found < 3 {
            let (r, s) = try Self.good(number)
            guard r.bytes[0] == 0 || s.bytes[0] == 0 else { continue }
            found += 1
            let whole = r.bytes + s.bytes
            #expect(try Self.isValid(Self.input(number), whole, by: Self.device.jwk))
            let stripped = r.bytes.drop { $0 == 0 } + s.bytes.drop { $0 == 0 }
            #expect(throws: JWSError.signature) {
                try UnverifiedJWS(parsing: Self.input(number) + "." + Base64URL.encode(Array(stripped)))
            }
        }
        #expect(found == 3)
    }

    @Test("every length but 64 is refused before the curve is touched", arguments: [0, 1, 32, 62, 63, 65, 66, 96, 128])
    func lengths(count: Int) throws {
        let (r, s) = try Self.good()
        let bytes = Array((r.bytes + s.bytes + [UInt8](repeating: 0, count: 64)).prefix(count))
        #expect(throws: JWSError.signature) {
            try UnverifiedJWS(parsing: Self.input() + "." + Base64URL.encode(bytes))
        }
    }

    @Test("a signature whose point is the one at infinity is refused")
    func infinity() throws {
        // With r = 1 and the key d = −e, u₁G + u₂Q = (e/s)G + (1/s)(−e)G is infinity for every s.
        for number in 0..<10 {
            let digest = Array(SHA256.hash(data: Array(Self.input(number).utf8)))
            let reduced = Number256(digest).reducedByOrder
            let secret = Number256.order.subtracting(reduced).difference
            let key = P256PublicJWK(try P256.Signing.PrivateKey(rawRepresentation: secret.bytes).publicKey)
            for s in [Number256.one, .order.subtracting(.one).difference, Number256(Array(1...32))] {
                #expect(try !Self.isValid(Self.input(number), Number256.one.bytes + s.bytes, by: key))
            }
        }
    }

    @Test("the keys 1 and n − 1, whose points are G and −G, verify what they signed and nothing of each other")
    func extremeKeys() throws {
        let first = try P256.Signing.PrivateKey(rawRepresentation: Number256.one.bytes)
        let last = try P256.Signing.PrivateKey(rawRepresentation: Number256.order.subtracting(.one).difference.bytes)
        #expect(first.publicKey.rawRepresentation.prefix(32) == last.publicKey.rawRepresentation.prefix(32))
        for (own, other) in [(first, last), (last, first)] {
            let signature = Array(try own.signature(for: Data(Self.input().utf8)).rawRepresentation)
            #expect(try Self.isValid(Self.input(), signature, by: P256PublicJWK(own.publicKey)))
            #expect(try !Self.isValid(Self.input(), signature, by: P256PublicJWK(other.publicKey)))
        }
        #expect(throws: (any Error).self) { try P256.Signing.PrivateKey(rawRepresentation: Number256.zero.bytes) }
        #expect(throws: (any Error).self) { try P256.Signing.PrivateKey(rawRepresentation: Number256.order.bytes) }
    }
}

/// 256 bits, most significant byte first; just what the edges need.
struct Number256: Equatable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        precondition(bytes.count == 32)
        self.bytes = bytes
    }

    init(hex: String) { self.init(Hex.decode(hex) ?? []) }

    static let zero = Number256([UInt8](repeating: 0, count: 32))
    static let one = Number256([UInt8](repeating: 0, count: 31) + [1])
    /// n, the group's order (SP 800-186 §3.2.1.3).
    static let order = Number256(hex: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    /// p, the field's prime.
    static let prime = Number256(hex: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")

    /// The sum modulo 2²⁵⁶, and whether it was larger.
    func adding(_ other: Number256) -> (sum: Number256, overflow: Bool) {
        var carry = 0
        var result = bytes
        for index in (0..<32).reversed() {
            let value = Int(bytes[index]) + Int(other.bytes[index]) + carry
            result[index] = UInt8(value & 255)
            carry = value >> 8
        }
        return (Number256(result), carry == 1)
    }

    /// The difference modulo 2²⁵⁶, and whether it was negative.
    func subtracting(_ other: Number256) -> (difference: Number256, borrow: Bool) {
        var borrow = 0
        var result = bytes
        for index in (0..<32).reversed() {
            let value = Int(bytes[index]) - Int(other.bytes[index]) - borrow
            result[index] = UInt8((value + 256) & 255)
            borrow = value < 0 ? 1 : 0
        }
        return (Number256(result), borrow == 1)
    }

    /// Modulo n.
    var reducedByOrder: Number256 {
        let (difference, borrow) = subtracting(.order)
        return borrow ? self : difference
    }
}
