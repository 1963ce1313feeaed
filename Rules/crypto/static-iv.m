#import <CommonCrypto/CommonCryptor.h>
void seal(NSData *key, NSData *data, NSData *given, void *out, size_t room, size_t *moved) {
    const unsigned char iv[kCCBlockSizeAES128] = {0};
    // ruleid: static-iv
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, key.bytes, key.length, iv, data.bytes, data.length, out, room, moved);
    // ruleid: static-iv
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, key.bytes, key.length, NULL, data.bytes, data.length, out, room, moved);
    // ok: static-iv
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, key.bytes, key.length, given.bytes, data.bytes, data.length, out, room, moved);
    // ok: static-iv
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding | kCCOptionECBMode, key.bytes, key.length, NULL, data.bytes, data.length, out, room, moved);
}
