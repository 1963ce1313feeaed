import CryptoSwift
import CryptoKit

func digests(_ data: Data, _ text: String) {
    // ruleid: weak-hash
    _ = Insecure.MD5.hash(data: data)
    let x = try? await Insecure.SHA1.hash(data: data).map { $0 } // ruleid: weak-hash
    // ruleid: weak-hash
    var running = Insecure.MD5()
    running.update(data: data)
    var digest = [UInt8](repeating: 0, count: Int(CC_SHA1_DIGEST_LENGTH))
    // ruleid: weak-hash
    data.withUnsafeBytes { _ = CC_SHA1($0.baseAddress, CC_LONG(data.count), &digest) }
    // ruleid: weak-hash
    let short = text.md5()
    // ok: weak-hash
    _ = SHA256.hash(data: data)
    // ok: weak-hash
    print("Insecure.MD5.hash(data: x)")
    // ok: weak-hash
    let code = HMAC<Insecure.SHA1>.authenticationCode(for: data, using: SymmetricKey(size: .bits256))
    // ok: weak-hash
    let strong = text.sha256()
}

extension Data {
    var md5Tag: Data {
        // ok: weak-hash
        // ruleid: weak-hash-helper
        Data(Insecure.MD5.hash(data: self))
    }

    func sha1() -> [UInt8] {
        // ruleid: weak-hash-helper
        Array(Insecure.SHA1.hash(data: self)) // ok: weak-hash
    }

    var tag: Data {
        // ok: weak-hash-helper
        Data(SHA256.hash(data: self))
    }

    func signature(of text: Data) -> [UInt8] {
        // ruleid: weak-hash
        Array(Insecure.SHA1.hash(data: text)) // ok: weak-hash-helper
    }
}

func accept(of key: String) -> [UInt8] {
    // ok: weak-hash
    Array(Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)))
}
