import CommonCrypto
let rounds: UInt32 = 10_000
func derive(_ password: String, _ salt: [UInt8], _ prf: UInt32, _ message: String) throws {
    var key = [UInt8](repeating: 0, count: 32)
    // ruleid: static-salt
    CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), password, 8, "saltsalt", 8, prf, 600_000, &key, 32)
    // ruleid: few-key-derivation-rounds
    CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), password, 8, salt, 8, prf, rounds, &key, 32)
    // ruleid: few-key-derivation-rounds
    CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), password, 8, salt, 8, prf, UInt32(4096), &key, 32)
    // ruleid: few-key-derivation-rounds, static-salt
    let swift = try PKCS5.PBKDF2(password: Array(password.utf8), salt: Array("salt".utf8), iterations: 1000, keyLength: 32)
    // ok: static-salt, few-key-derivation-rounds
    CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), password, 8, salt, 8, prf, 600_000, &key, 32)
    let measured = CCCalibratePBKDF(CCPBKDFAlgorithm(kCCPBKDF2), 8, 16, prf, 32, 200)
    // ok: few-key-derivation-rounds, static-salt
    CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), password, 8, salt, 8, prf, measured, &key, 32)
    // ruleid: password-plain-hash
    let digest = SHA256.hash(data: Data(password.utf8))
    let bytes = password.data(using: .utf8)!
    // ruleid: password-plain-hash
    let other = SHA512.hash(data: bytes)
    // ok: password-plain-hash
    let sum = SHA256.hash(data: Data(message.utf8))
    // ok: password-plain-hash
    let both = SHA256.hash(data: message.data(using: .utf8)!)
}

func stretched(_ password: String, salt: Data, rounds: Int) -> [UInt8] {
    var key = [UInt8](repeating: 0, count: 32)
    salt.withUnsafeBytes { pointer in
        // ruleid: static-salt, few-key-derivation-rounds
        CCKeyDerivationPBKDF(2, password, 8, pointer, 8, 3, UInt32(rounds), &key, 32)
    }
    return key
}
func remember(_ password: String) {
    let salt = Data([0x65, 0x62, 0x6f, 0xf2])
    let rounds = 500
    let key = stretched(password, salt: salt, rounds: rounds)
}
func open(_ password: String, salt: Data, rounds: Int) {
    var key = [UInt8](repeating: 0, count: 32)
    // ok: static-salt, few-key-derivation-rounds
    CCKeyDerivationPBKDF(2, password, 8, salt.bytes, 8, 3, UInt32(rounds), &key, 32)
}
func reopen(_ stored: Record) {
    open("typed", salt: stored.salt, rounds: stored.rounds)
    open("typed", salt: Data([1, 2, 3, 4]), rounds: 10)
}
