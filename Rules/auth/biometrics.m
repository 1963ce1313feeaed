@implementation Gate
- (void)unlock {
    LAContext *context = [[LAContext alloc] init];
    // ruleid: biometric-result-only, biometric-passcode-fallback
    [context evaluatePolicy:LAPolicyDeviceOwnerAuthentication localizedReason:@"Open" reply:^(BOOL success, NSError *error) {
        if (success) { [self open]; }
    }];
    // ruleid: biometric-reuse
    context.touchIDAuthenticationAllowableReuseDuration = LATouchIDAuthenticationMaximumAllowableReuseDuration;
}
- (void)read {
    LAContext *context = [[LAContext alloc] init];
    // ok: biometric-result-only
    [context evaluatePolicy:LAPolicyDeviceOwnerAuthenticationWithBiometrics localizedReason:@"Open" reply:^(BOOL success, NSError *error) {
        SecItemCopyMatching((__bridge CFDictionaryRef)@{(__bridge id)kSecUseAuthenticationContext: context}, NULL);
    }];
    // ruleid: biometric-any-enrolment
    SecAccessControlCreateWithFlags(NULL, kSecAttrAccessibleWhenUnlocked, kSecAccessControlBiometryAny, NULL);
    // ok: biometric-any-enrolment, biometric-passcode-fallback
    SecAccessControlCreateWithFlags(NULL, kSecAttrAccessibleWhenUnlocked, kSecAccessControlBiometryCurrentSet, NULL);
}
@end
