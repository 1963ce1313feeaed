#import <CommonCrypto/CommonCrypto.h>

// ruleid: private-key
static NSString *const kPem = @"-----BEGIN EC PRIVATE KEY-----\n" @"Q2Fubm90IGJlIGEga2V5LCBqdXN0IHRleHQuT25seSB0ZXh0IGFnYWlu\n" @"-----END EC PRIVATE KEY-----";
// ok: private-key
static NSString *const kMarker = @"-----BEGIN EC PRIVATE KEY-----";

// ruleid: secret-bytes
static const unsigned char kXorKey[] = {0x3f, 0x9a, 0x1c, 0x7e, 0x5b, 0x2d, 0x80, 0x46, 0xc1, 0xe7, 0xa9, 0xf3, 0x5d, 0x0b, 0x82, 0x46};
// ok: secret-bytes
static const unsigned char kTable[] = {0x3f, 0x9a, 0x1c, 0x7e, 0x5b, 0x2d, 0x80, 0x46, 0xc1, 0xe7, 0xa9, 0xf3, 0x5d, 0x0b, 0x82, 0x46};

@implementation Vault
- (NSData *)seal:(NSData *)data {
    // ruleid: cipher-key-literal
    NSString *encryptionKey = @"q7Zt4LmX9vKc2RbW";
    // ok: cipher-key-literal
    NSString *mode = @"q7Zt4LmX9vKc2RbW";
    CCCrypt(kCCEncrypt, kCCAlgorithmAES, 0, encryptionKey.UTF8String, 16, iv, data.bytes, data.length, out, size, &moved);
    return nil;
}
@end
