import CommonCrypto
let fixedVector: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
func seal(_ key: [UInt8], _ text: [UInt8], _ given: Data) throws {
    var out = [UInt8](repeating: 0, count: 64)
    var count = 0
    // ruleid: static-iv
    CCCrypt(CCOperation(kCCEncrypt), CCAlgorithm(kCCAlgorithmAES), CCOptions(kCCOptionPKCS7Padding), key, 16, nil, text, 1, &out, 1, &count)
    // ruleid: static-iv
    CCCrypt(CCOperation(kCCEncrypt), CCAlgorithm(kCCAlgorithmAES), CCOptions(kCCOptionPKCS7Padding), key, 16, fixedVector, text, 1, &out, 1, &count)
    // ruleid: static-iv
    let nonce = try AES.GCM.Nonce(data: Data(count: 12))
    // ruleid: static-iv
    let aes = try AES(key: key, blockMode: CBC(iv: "0123456789abcdef".bytes), padding: .pkcs7)
    // ok: static-iv
    CCCrypt(CCOperation(kCCEncrypt), CCAlgorithm(kCCAlgorithmAES), CCOptions(kCCOptionECBMode | kCCOptionPKCS7Padding), key, 16, nil, text, 1, &out, 1, &count)
    var vector = [UInt8](repeating: 0, count: 16)
    guard SecRandomCopyBytes(kSecRandomDefault, vector.count, &vector) == errSecSuccess else { return }
    // ok: static-iv
    CCCrypt(CCOperation(kCCEncrypt), CCAlgorithm(kCCAlgorithmAES), CCOptions(kCCOptionPKCS7Padding), key, 16, vector, text, 1, &out, 1, &count)
    // ruleid: static-iv
    let wrapped = text.aesEncrypt(key: password, iv: "0123456789abcdef")
    // ok: static-iv
    let wrapped2 = text.aesEncrypt(key: password, iv: vector)
    // ok: static-iv
    let fresh = AES.GCM.Nonce()
    // ok: static-iv
    let read = try AES.GCM.Nonce(data: given.prefix(12))
}
extension Data {
    func aes(key: Data, iv: Data = "abcdefghijklmnop".data(using: .utf8)!) {
        iv.withUnsafeBytes { pointer in
            // ruleid: static-iv
            CCCrypt(0, CCAlgorithm(kCCAlgorithmAES), CCOptions(kCCOptionPKCS7Padding), key.bytes, 16, pointer, text, 1, &out, 1, &count)
        }
    }
    func other(key: Data, iv: Data = Data()) {
        // ok: static-iv
        CCCrypt(0, CCAlgorithm(kCCAlgorithmAES), CCOptions(kCCOptionPKCS7Padding), key.bytes, 16, iv.bytes, text, 1, &out, 1, &count)
    }
}
