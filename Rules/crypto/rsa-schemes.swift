import Security
func use(_ key: SecKey, _ data: Data) {
    // ruleid: rsa-encryption-padding
    let a = SecKeyCreateEncryptedData(key, .rsaEncryptionPKCS1, data as CFData, nil)
    // ruleid: rsa-encryption-padding
    let raw: SecKeyAlgorithm = SecKeyAlgorithm.rsaEncryptionRaw
    // ok: rsa-encryption-padding
    let b = SecKeyCreateEncryptedData(key, .rsaEncryptionOAEPSHA256, data as CFData, nil)
    // ok: rsa-encryption-padding, weak-signature-hash
    let c = SecKeyCreateSignature(key, .rsaSignatureMessagePKCS1v15SHA256, data as CFData, nil)
    // ruleid: weak-signature-hash
    let d = SecKeyCreateSignature(key, .rsaSignatureMessagePKCS1v15SHA1, data as CFData, nil)
    // ruleid: weak-signature-hash
    let e = SecKeyVerifySignature(key, SecKeyAlgorithm.ecdsaSignatureMessageX962SHA1, data as CFData, data as CFData, nil)
    // ok: weak-signature-hash
    let f = SecKeyCreateSignature(key, .ecdsaSignatureMessageX962SHA256, data as CFData, nil)
}
