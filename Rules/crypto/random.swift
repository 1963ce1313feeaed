import Darwin
import Security

@_silgen_name("rand")
func c_rand() -> Int32

struct Tokens {
    static func makeToken() -> String {
        var token = ""
        for _ in 0..<16 {
            // ruleid: predictable-secret
            token += String(c_rand() % 256)
            // ruleid: predictable-secret
            token += String(Int(drand48() * 256))
            // ok: predictable-secret, predictable-random
            token += String(UInt8.random(in: 0...255))
            // ok: predictable-secret, predictable-random
            token += String(arc4random_uniform(256))
            // ok: predictable-secret, predictable-random
            token += String(GKRandomSource.sharedRandom().nextInt(upperBound: 256))
            // ruleid: predictable-secret
            token += String(GKMersenneTwisterRandomSource(seed: 7).nextInt(upperBound: 256))
        }
        return token
    }

    static func secureToken() -> [UInt8] {
        var rng = SystemRandomNumberGenerator()
        var bytes = [UInt8](repeating: 0, count: 16)
        // ok: predictable-secret, predictable-random
        bytes[0] = UInt8.random(in: 0...255, using: &rng)
        // ruleid: unchecked-random-bytes
        _ = SecRandomCopyBytes(kSecRandomDefault, bytes.count, &bytes)
        // ok: unchecked-random-bytes
        let status = SecRandomCopyBytes(kSecRandomDefault, bytes.count, &bytes)
        // ok: unchecked-random-bytes
        guard SecRandomCopyBytes(kSecRandomDefault, bytes.count, &bytes) == errSecSuccess else { return [] }
        return bytes
    }

    static func makeOTP() -> Int {
        Int(drand48() * 10_000) // ruleid: predictable-secret
    }

    static func slotPosition() -> Int {
        // ok: predictable-secret
        Int(drand48() * 8) // ruleid: predictable-random
    }

    static func confettiAngle() -> Double {
        // ruleid: predictable-random
        srand48(7) // ok: predictable-secret
        return drand48() // ruleid: predictable-random
    }
}

// ruleid: custom-random-generator
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 { state &*= 6_364_136_223_846_793_005; return state }
}

final class Shuffler {}
// ruleid: custom-random-generator
extension Shuffler: RandomNumberGenerator {
    func next() -> UInt64 { 4 }
}

// ok: custom-random-generator
struct Dice {
    var system = SystemRandomNumberGenerator()
    mutating func roll() -> Int { Int.random(in: 1...6, using: &system) }
}
// ok: custom-random-generator
struct Other: Sequence { func next() -> UInt64? { nil } }
// ok: custom-random-generator
public struct SystemBytes: RandomNumberGenerator {
    public init() {}
    public mutating func next() -> UInt64 {
        var value: UInt64 = 0
        guard SecRandomCopyBytes(kSecRandomDefault, 8, &value) == errSecSuccess else { fatalError() }
        return value
    }
}
