import CommonCrypto
import CryptoKit
import Foundation

// The bodies of these keys are plain text in Base64, no keys.
enum Keys {
    // ruleid: private-key
    static let first = "-----BEGIN PRIVATE KEY-----\nQ2Fubm90IGJlIGEga2V5LCBqdXN0IHRleHQuT25seSB0ZXh0IGFnYWlu\n-----END PRIVATE KEY-----"
    static let second = """
        // ruleid: private-key
        -----BEGIN RSA PRIVATE KEY-----
        Q2Fubm90IGJlIGEga2V5LCBqdXN0IHRleHQuT25seSB0ZXh0IGFnYWlu
        -----END RSA PRIVATE KEY-----
        """
    // ok: private-key
    static let header = "-----BEGIN PRIVATE KEY-----"
    // ok: private-key
    static let open = "-----BEGIN PUBLIC KEY-----\nQ2Fubm90IGJlIGEga2V5LCBqdXN0IHRleHQuT25seSB0ZXh0IGFnYWlu\n-----END PUBLIC KEY-----"
    // ruleid: private-key-encrypted
    static let third = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nQ2Fubm90IGJlIGEga2V5LCBqdXN0IHRleHQuT25seSB0ZXh0IGFnYWlu\n-----END ENCRYPTED PRIVATE KEY-----"
    // ruleid: private-key-encrypted
    static let fourth = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nQ2Fubm90IGJlIGEga2V5LCBqdXN0IHRleHQuT25seSB0ZXh0IGFnYWlu\n-----END PGP PRIVATE KEY BLOCK-----"
    // ok: private-key-encrypted
    static let fifth = "-----BEGIN ENCRYPTED PRIVATE KEY-----"
    // ok: private-key-encrypted
    static let sixth = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nQ2Fubm90IGJlIGEga2V5LCBqdXN0IHRleHQuT25seSB0ZXh0IGFnYWlu\n"
    // ruleid: encoded-secret
    static let seventh = "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tClEyRnVibTkwSUdKbElHRWdhMlY1TENCcWRYTjBJSFJsZUhRdVQyNXNlU0IwWlhoMElHRm5ZV2x1"
    // ruleid: encoded-secret
    static let eighth = "cG9zdGdyZXM6Ly9zaG9wOnE3WnQ0TG1YOUBkYi5zaG9wLmlvL29yZGVycw=="
    // ok: encoded-secret
    static let ninth = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tClEyRnVibTkwSUdKbElHRWdhMlY1TENCcWRYTjBJSFJsZUhRdVQyNXNlU0IwWlhoMElHRm5ZV2x1"
    // ok: encoded-secret
    static let tenth = "cG9zdGdyZXMgaXMgYSBkYXRhYmFzZQ=="

    func encrypt(_ data: Data) {
        // ruleid: cipher-key-literal
        let key = "0123456789abcdef01234567"
        // ok: cipher-key-literal
        let name = "0123456789abcdef01234567"
        CCCrypt(op, algorithm, options, key, 24, nil, bytes, count, &out, size, &moved)
    }

    func seal(_ data: Data) {
        // ok: cipher-key-literal
        // ruleid: secret-bytes
        let aesKey: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
        let box = AES(key: aesKey, blockMode: mode)
    }

    func sign(_ data: Data) {
        // ruleid: cipher-key-literal
        let macKey: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        let code = HMAC(key: macKey)
    }

    func cache(_ value: Int) {
        // ok: cipher-key-literal
        let key = "lastVisit"
        UserDefaults.standard.set(value, forKey: key)
    }

    // ruleid: secret-bytes
    private let encryptionKey: [UInt8] = [0x3f, 0x9a, 0x1c, 0x7e, 0x5b, 0x2d, 0x80, 0x46, 0xc1, 0xe7, 0xa9, 0xf3, 0x5d, 0x0b, 0x82, 0x46]
    // ok: secret-bytes
    let publicKey: [UInt8] = [0x3f, 0x9a, 0x1c, 0x7e, 0x5b, 0x2d, 0x80, 0x46, 0xc1, 0xe7, 0xa9, 0xf3, 0x5d, 0x0b, 0x82, 0x46]
    // ok: secret-bytes
    let aesKey: [UInt8] = [first, second, third, fourth, a, b, c, d, e, f, g, h, i, j, k, l]
}
