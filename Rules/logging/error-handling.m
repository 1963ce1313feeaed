#import <Foundation/Foundation.h>
@implementation Keeper
- (void)keep:(CFDictionaryRef)query error:(NSError *)error {
    // ruleid: swallowed-security-error
    @try {
        SecKeyRef key = SecKeyCreateRandomKey(query, NULL);
    } @catch (NSException *exception) {
    }
    // ok: swallowed-security-error
    @try {
        SecKeyRef key = SecKeyCreateRandomKey(query, NULL);
    } @catch (NSException *exception) {
        [self report:exception];
    }
    // ruleid: keychain-status-ignored
    SecItemAdd(query, NULL);
    // ok: keychain-status-ignored
    OSStatus status = SecItemAdd(query, NULL);
    // ok: keychain-status-ignored
    if (SecItemUpdate(query, query) == errSecSuccess) { return; }
    // ok: keychain-status-ignored
    status = SecItemUpdate(query, query);
    // ruleid: internals-shown-to-people
    UIAlertController *alert = [UIAlertController alertControllerWithTitle:@"Error" message:[error debugDescription] preferredStyle:UIAlertControllerStyleAlert];
    // ok: internals-shown-to-people
    UIAlertController *other = [UIAlertController alertControllerWithTitle:@"Error" message:error.localizedDescription preferredStyle:UIAlertControllerStyleAlert];
}
@end
