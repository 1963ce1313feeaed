@implementation Store
- (void)add:(NSData *)data query:(NSMutableDictionary *)query {
    // ruleid: keychain-always-accessible
    [query setObject:(__bridge id)kSecAttrAccessibleAlways forKey:(__bridge id)kSecAttrAccessible];
    // ruleid: keychain-after-first-unlock
    query[(__bridge id)kSecAttrAccessible] = (__bridge id)kSecAttrAccessibleAfterFirstUnlock;
    // ok: keychain-always-accessible, keychain-after-first-unlock
    query[(__bridge id)kSecAttrAccessible] = (__bridge id)kSecAttrAccessibleWhenUnlocked;
    // ruleid: keychain-without-access-class
    NSDictionary *item = @{(__bridge id)kSecClass: (__bridge id)kSecClassKey, (__bridge id)kSecValueData: data};
    // ruleid: keychain-synchronizable
    NSDictionary *cloud = @{(__bridge id)kSecClass: (__bridge id)kSecClassKey, (__bridge id)kSecAttrSynchronizable: @YES};
    // ok: keychain-synchronizable, keychain-without-access-class
    NSDictionary *find = @{(__bridge id)kSecClass: (__bridge id)kSecClassKey, (__bridge id)kSecAttrSynchronizable: @NO};
}
@end
