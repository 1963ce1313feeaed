import CommonCrypto
import CryptoKit

let secret = "0123456789abcdef"

struct Vault {
    static let keyBytes: [UInt8] = [0x7c, 0x02, 0x2a, 0x7e]

    func keys(_ given: Data, _ iv: [UInt8], _ text: [UInt8]) throws {
        let raw: [UInt8] = [1, 2, 3, 4]
        // ruleid: hardcoded-key
        _ = SymmetricKey(data: raw)
        let data = Data(secret.utf8)
        // ruleid: hardcoded-key
        let k = SymmetricKey(data: data)
        // ruleid: hardcoded-key
        let signer = try? P256.Signing.PrivateKey(rawRepresentation: Data(Vault.keyBytes))
        // ruleid: hardcoded-key
        let agreement = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: Data(base64Encoded: "q2V5a2V5a2V5a2V5")!)
        let attributes: [String: Any] = [
            kSecAttrKeyType as String: kSecAttrKeyTypeRSA, kSecAttrKeyClass as String: kSecAttrKeyClassPrivate,
        ]
        // ruleid: hardcoded-key
        let key = SecKeyCreateWithData(data as CFData, attributes as CFDictionary, nil)
        var out = [UInt8](repeating: 0, count: 64)
        var count = 0
        secret.withCString { pointer in
            // ruleid: hardcoded-key
            CCCrypt(0, CCAlgorithm(kCCAlgorithmAES), 1, pointer, kCCKeySizeAES128, iv, text, 1, &out, 1, &count)
        }
        // ruleid: hardcoded-key
        let swift = try AES(key: "secret0key000000".bytes, blockMode: CBC(iv: iv))
        // ruleid: hardcoded-key
        let hex = try AES(key: Array(hex: "2b7e151628aed2a6abf7158809cf4f3c"), blockMode: CBC(iv: iv))
        // ruleid: hardcoded-key
        let read = SymmetricKey(data: bytes("2b7e151628aed2a6abf7158809cf4f3c"))
        // ok: hardcoded-key
        _ = SymmetricKey(data: given)
        // ruleid: hardcoded-key
        let wrapped = text.aesEncrypt(key: "0123456789abcdef", iv: iv)
        // ruleid: hardcoded-key
        let extended = data.aes(operation: kCCEncrypt, keyData: secret.data(using: .utf8)!)
        // ok: hardcoded-key
        let loaded = data.aes(operation: kCCEncrypt, keyData: given)
        // ok: hardcoded-key
        let stored = text.aesEncrypt(key: typed, iv: iv)
        // ok: hardcoded-key
        let named = SymmetricKey(data: load("main"))
        // ok: hardcoded-key
        _ = SymmetricKey(size: .bits256)
        // ok: hardcoded-key
        let user = try P256.Signing.PrivateKey(rawRepresentation: given)
        let publicAttributes: [String: Any] = [
            kSecAttrKeyType as String: kSecAttrKeyTypeRSA, kSecAttrKeyClass as String: kSecAttrKeyClassPublic,
        ]
        // ok: hardcoded-key
        let verifier = SecKeyCreateWithData(data as CFData, publicAttributes as CFDictionary, nil)
        var fresh = [UInt8](repeating: 0, count: 32)
        let status = SecRandomCopyBytes(kSecRandomDefault, fresh.count, &fresh)
        // ok: hardcoded-key
        let random = SymmetricKey(data: fresh)
    }

    func passwords(_ typed: String, _ salt: [UInt8], _ data: Data) {
        var key = [UInt8](repeating: 0, count: 32)
        // ruleid: hardcoded-encryption-password
        CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), secret, 16, salt, 16, 3, 600_000, &key, 32)
        // ruleid: hardcoded-encryption-password
        let box = RNCryptor.encrypt(data: data, withPassword: "thepassword")
        // ok: hardcoded-encryption-password
        CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), typed, typed.utf8.count, salt, 16, 3, 600_000, &key, 32)
        // ok: hardcoded-encryption-password
        let open = try? RNCryptor.decrypt(data: box, withPassword: typed)
    }
}
func nothing(_ salt: Data, _ data: Data, _ text: String?) {
    // ruleid: missing-key
    CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), nil, 0, salt, salt.count, prf, rounds, &derived, 32)
    // ruleid: missing-key
    let open = try? RNDecryptor.decryptData(data, withPassword: nil)
    // ok: missing-key
    let sealed = try? RNDecryptor.decryptData(data, withPassword: text)
    // ok: missing-key
    CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), text, 12, salt, salt.count, prf, rounds, &derived, 32)
}
enum Settings {
    // ruleid: cipher-constant
    static let aesKey = "superSecretKey"
    // ruleid: cipher-constant
    static let iv = "a1b2c3d4e5f60718"
    // ok: cipher-constant
    static let keyName = "superSecretKey"
    // ok: cipher-constant
    static let archiveEpisodesKey = "ArchiveEpisodes"
    // ok: cipher-constant
    static let aesKeyName = "com.shop.aes"
}
func throughFunction(_ data: Data, _ settings: RNCryptorSettings, _ own: Data) {
    let constant = Data("abcdef123456".utf8)
    // ruleid: hardcoded-key
    let encryptor = RNEncryptor(settings: settings, encryptionKey: constant, hmacKey: own, handler: handler)
    // ok: hardcoded-key
    let fine = RNEncryptor(settings: settings, encryptionKey: own, hmacKey: own, handler: handler)
    // ruleid: hardcoded-encryption-password
    let sealed = try? encryptor.encryptData(data, with: settings, password: "correct horse")
    // ok: hardcoded-encryption-password
    let typed = try? encryptor.encryptData(data, with: settings, password: field.text)
}
