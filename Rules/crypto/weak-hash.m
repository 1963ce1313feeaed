#import <CommonCrypto/CommonDigest.h>

@implementation Digests
- (NSData *)digestOf:(NSData *)data {
    unsigned char digest[CC_SHA256_DIGEST_LENGTH];
    // ruleid: weak-hash
    CC_MD5(data.bytes, (CC_LONG)data.length, digest);
    CC_SHA1_CTX context;
    // ruleid: weak-hash
    CC_SHA1_Init(&context);
    // ok: weak-hash
    CC_SHA256(data.bytes, (CC_LONG)data.length, digest);
    // ok: weak-hash
    NSLog(@"CC_MD5(data) is not called");
    return [NSData dataWithBytes:digest length:sizeof(digest)];
}
@end
