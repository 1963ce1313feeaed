#import <CommonCrypto/CommonCryptor.h>
static NSString *const kKey = @"0123456789abcdef";
static const unsigned char keyBytes[] = {0x01, 0x02, 0x03, 0x04};

@implementation Vault
- (void)seal:(NSData *)data key:(NSData *)given iv:(NSData *)iv out:(void *)out room:(size_t)room moved:(size_t *)moved {
    // ruleid: hardcoded-key
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, [kKey UTF8String], kCCKeySizeAES128, iv.bytes, data.bytes, data.length, out, room, moved);
    // ruleid: hardcoded-key
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, keyBytes, sizeof(keyBytes), iv.bytes, data.bytes, data.length, out, room, moved);
    NSData *keyData = [kKey dataUsingEncoding:NSUTF8StringEncoding];
    // ruleid: hardcoded-key
    CCHmac(kCCHmacAlgSHA256, keyData.bytes, keyData.length, data.bytes, data.length, out);
    // ok: hardcoded-key
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, kCCOptionPKCS7Padding, given.bytes, given.length, iv.bytes, data.bytes, data.length, out, room, moved);
    // ok: hardcoded-key
    CCHmac(kCCHmacAlgSHA256, [given bytes], given.length, data.bytes, data.length, out);
    // ruleid: hardcoded-encryption-password
    NSData *sealed = [RNEncryptor encryptData:data withSettings:kRNCryptorAES256Settings password:@"@daloq3as" error:&error];
    // ok: hardcoded-encryption-password
    NSData *opened = [RNDecryptor decryptData:data withPassword:self.field.text error:&error];
}
@end
void nothing(NSData *salt, NSString *text) {
    // ruleid: missing-key
    CCKeyDerivationPBKDF(kCCPBKDF2, NULL, 0, salt.bytes, salt.length, prf, rounds, derived, 32);
    // ok: missing-key
    CCKeyDerivationPBKDF(kCCPBKDF2, text.UTF8String, text.length, salt.bytes, salt.length, prf, rounds, derived, 32);
    // ruleid: cipher-constant
    NSString *aesKey = @"superSecretKey";
    // ok: cipher-constant
    NSString *aesKeyName = @"superSecretKey";
}
