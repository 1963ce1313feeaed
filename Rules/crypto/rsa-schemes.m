#import <Security/Security.h>
void use(SecKeyRef key, CFDataRef data) {
    // ruleid: rsa-encryption-padding
    CFDataRef a = SecKeyCreateEncryptedData(key, kSecKeyAlgorithmRSAEncryptionPKCS1, data, NULL);
    // ruleid: rsa-encryption-padding
    SecKeyEncrypt(key, kSecPaddingPKCS1, bytes, length, out, &outLength);
    // ok: rsa-encryption-padding
    SecKeyEncrypt(key, kSecPaddingOAEP, bytes, length, out, &outLength);
    // ruleid: weak-signature-hash
    CFDataRef b = SecKeyCreateSignature(key, kSecKeyAlgorithmECDSASignatureMessageX962SHA1, data, NULL);
    // ruleid: weak-signature-hash
    SecKeyRawVerify(key, kSecPaddingPKCS1SHA1, digest, 20, signature, length);
    // ok: weak-signature-hash
    CFDataRef c = SecKeyCreateSignature(key, kSecKeyAlgorithmECDSASignatureMessageX962SHA256, data, NULL);
}
