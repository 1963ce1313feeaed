#import <CommonCrypto/CommonHMAC.h>
void codes(const void *key, size_t keyLength, const void *data, size_t length, void *code) {
    // ruleid: hmac-md5
    CCHmac(kCCHmacAlgMD5, key, keyLength, data, length, code);
    // ruleid: hmac-sha1
    CCHmac(kCCHmacAlgSHA1, key, keyLength, data, length, code);
    // ok: hmac-md5, hmac-sha1
    CCHmac(kCCHmacAlgSHA512, key, keyLength, data, length, code);
}
