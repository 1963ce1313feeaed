#import <CommonCrypto/CommonCryptor.h>
CCCryptorStatus seal(NSData *key, NSData *data, void *out, size_t room, size_t *moved) {
    CCCryptorRef cryptor;
    // ruleid: weak-cipher
    CCCryptorCreate(kCCEncrypt, kCCAlgorithmDES, kCCOptionPKCS7Padding, key.bytes, key.length, NULL, &cryptor);
    // ruleid: weak-cipher
    const EVP_CIPHER *stream = EVP_rc4();
    // ruleid: small-block-cipher
    const EVP_CIPHER *cipher = EVP_des_ede3_cbc();
    // ok: weak-cipher
    CCCryptorCreate(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, key.bytes, key.length, NULL, &cryptor);
    // ok: weak-cipher
    return kCCSuccess;
}
