#import <Security/Security.h>
void generate(NSMutableDictionary *query) {
    NSDictionary *attributes = @{
        (__bridge id)kSecAttrKeyType: (__bridge id)kSecAttrKeyTypeRSA,
        // ruleid: short-key-size
        (__bridge id)kSecAttrKeySizeInBits: @1024
    };
    // ruleid: short-key-size
    [query setObject:[NSNumber numberWithInt:1024] forKey:(__bridge id)kSecAttrKeySizeInBits];
    // ruleid: weak-key-size
    query[(__bridge id)kSecAttrKeySizeInBits] = @(768);
    // ruleid: weak-key-size
    [query setObject:@512 forKey:(__bridge id)kSecAttrKeySizeInBits];
    NSDictionary *good = @{
        (__bridge id)kSecAttrKeyType: (__bridge id)kSecAttrKeyTypeRSA,
        // ok: weak-key-size, short-key-size
        (__bridge id)kSecAttrKeySizeInBits: @2048
    };
    // ok: weak-key-size, short-key-size
    [query setObject:@4096 forKey:(__bridge id)kSecAttrKeySizeInBits];
    // ok: weak-key-size, short-key-size
    query[(__bridge id)kSecAttrKeySizeInBits] = @(128);
}
