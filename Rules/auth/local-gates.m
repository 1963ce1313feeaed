#import <LocalAuthentication/LocalAuthentication.h>

@implementation Gate

// ruleid: can-evaluate-as-check
- (BOOL)isAuthenticated {
    return [[[LAContext alloc] init] canEvaluatePolicy:LAPolicyDeviceOwnerAuthenticationWithBiometrics error:nil];
}

// ok: can-evaluate-as-check
- (BOOL)isBiometryAvailable {
    return [[[LAContext alloc] init] canEvaluatePolicy:LAPolicyDeviceOwnerAuthenticationWithBiometrics error:nil];
}

- (BOOL)hasPasscode {
    // ruleid: device-passcode-check
    return [[[LAContext alloc] init] canEvaluatePolicy:LAPolicyDeviceOwnerAuthentication error:nil];
}

- (void)route {
    // ruleid: sign-in-state-in-user-defaults
    if ([[NSUserDefaults standardUserDefaults] boolForKey:@"isLoggedIn"]) { [self home]; }
    // ok: sign-in-state-in-user-defaults
    if ([[NSUserDefaults standardUserDefaults] boolForKey:@"showsHints"]) { [self help]; }
}

@end
