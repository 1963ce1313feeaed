import CommonCrypto
func seal(_ key: [UInt8], _ iv: [UInt8], _ text: [UInt8]) {
    var out = [UInt8](repeating: 0, count: text.count + 16)
    var count = 0
    CCCrypt(
        CCOperation(kCCEncrypt),
        // ruleid: small-block-cipher
        CCAlgorithm(kCCAlgorithm3DES),
        CCOptions(kCCOptionPKCS7Padding), key, key.count, iv, text, text.count, &out, out.count, &count)
    // ruleid: weak-cipher
    let algorithm = UInt32(kCCAlgorithmRC4)
    // ruleid: weak-cipher
    let single = UInt32(kCCAlgorithmDES)
    // ruleid: small-block-cipher
    let old = try Blowfish(key: key, blockMode: CBC(iv: iv), padding: .pkcs7)
    // ok: weak-cipher, small-block-cipher
    CCCrypt(CCOperation(kCCEncrypt), CCAlgorithm(kCCAlgorithmAES), 0, key, key.count, iv, text, 1, &out, 1, &count)
    // ok: weak-cipher, small-block-cipher
    let size = kCCKeySize3DES
    // ok: weak-cipher
    if algorithm == kCCAlgorithmDES { fatalError("refused") }
    // ok: small-block-cipher
    if algorithm == kCCAlgorithm3DES { fatalError("refused") }
}
