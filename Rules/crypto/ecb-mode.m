#import <CommonCrypto/CommonCryptor.h>
void seal(NSData *key, NSData *data, void *out, size_t room, size_t *moved) {
    // ruleid: ecb-mode
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding | kCCOptionECBMode, key.bytes, key.length, NULL, data.bytes, data.length, out, room, moved);
    // ruleid: ecb-mode
    CCOptions options = kCCOptionECBMode;
    // ok: ecb-mode
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, key.bytes, key.length, iv, data.bytes, data.length, out, room, moved);
    // ok: ecb-mode
    CCOptions padded = kCCOptionPKCS7Padding;
}
