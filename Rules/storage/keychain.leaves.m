#import <Security/Security.h>

void add(NSMutableDictionary *query) {
    // ruleid: keychain-leaves-device
    query[(__bridge id)kSecAttrAccessible] = (__bridge id)kSecAttrAccessibleWhenUnlocked;
    // ok: keychain-leaves-device
    query[(__bridge id)kSecAttrAccessible] = (__bridge id)kSecAttrAccessibleWhenUnlockedThisDeviceOnly;
}
