import Security

func check(_ trust: SecTrust) -> Bool {
    var result = SecTrustResultType.invalid
    // ruleid: outdated-security-api
    SecTrustEvaluate(trust, &result)
    // ruleid: outdated-security-api
    SecKeyRawSign(key, .PKCS1, bytes, count, &signature, &length)
    // ok: outdated-security-api
    SecKeyCreateSignature(key, .ecdsaSignatureMessageX962SHA256, data, nil)
    // ok: outdated-security-api
    return SecTrustEvaluateWithError(trust, nil)
}
