import CommonCrypto
func seal(_ key: [UInt8], _ iv: [UInt8], _ text: [UInt8]) throws {
    var out = [UInt8](repeating: 0, count: text.count + 16)
    var count = 0
    CCCrypt(
        CCOperation(kCCEncrypt), CCAlgorithm(kCCAlgorithmAES),
        // ruleid: ecb-mode
        CCOptions(kCCOptionECBMode | kCCOptionPKCS7Padding),
        key, key.count, nil, text, text.count, &out, out.count, &count)
    // ruleid: ecb-mode
    let cipher = try AES(key: key, blockMode: ECB(), padding: .pkcs7)
    // ok: ecb-mode
    let better = try AES(key: key, blockMode: CBC(iv: iv), padding: .pkcs7)
    // ok: ecb-mode
    let name = "RSA/ECB/PKCS1Padding"
    // ok: ecb-mode
    if options & kCCOptionECBMode != 0 { throw Refused() }
}
