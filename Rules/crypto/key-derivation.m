#import <CommonCrypto/CommonKeyDerivation.h>
void derive(NSString *password, NSString *text, NSData *salt, unsigned char *key) {
    // ruleid: static-salt
    CCKeyDerivationPBKDF(kCCPBKDF2, password.UTF8String, password.length, (const uint8_t *)"salt", 4, kCCPRFHmacAlgSHA256, 600000, key, 32);
    // ruleid: few-key-derivation-rounds
    CCKeyDerivationPBKDF(kCCPBKDF2, password.UTF8String, password.length, salt.bytes, salt.length, kCCPRFHmacAlgSHA1, 1000, key, 32);
    // ok: static-salt, few-key-derivation-rounds
    CCKeyDerivationPBKDF(kCCPBKDF2, password.UTF8String, password.length, salt.bytes, salt.length, kCCPRFHmacAlgSHA256, 600000, key, 32);
    NSData *bytes = [password dataUsingEncoding:NSUTF8StringEncoding];
    unsigned char digest[32];
    // ruleid: password-plain-hash
    CC_SHA256(bytes.bytes, (CC_LONG)bytes.length, digest);
    NSData *plain = [text dataUsingEncoding:NSUTF8StringEncoding];
    // ok: password-plain-hash
    CC_SHA256(plain.bytes, (CC_LONG)plain.length, digest);
}
