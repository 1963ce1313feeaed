import CommonCrypto
func codes(_ key: [UInt8], _ data: [UInt8]) {
    var code = [UInt8](repeating: 0, count: 32)
    CCHmac(CCHmacAlgorithm(kCCHmacAlgMD5), key, key.count, data, data.count, &code) // ruleid: hmac-md5
    CCHmac(CCHmacAlgorithm(kCCHmacAlgSHA1), key, key.count, data, data.count, &code) // ruleid: hmac-sha1
    // ok: hmac-md5, hmac-sha1
    CCHmac(CCHmacAlgorithm(kCCHmacAlgSHA256), key, key.count, data, data.count, &code)
    // ok: hmac-md5, hmac-sha1
    let strong = HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: key))
}
