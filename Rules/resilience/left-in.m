@implementation Settings
- (void)read:(NSUserDefaults *)defaults {
    // ruleid: security-switched-off-by-flag
    BOOL bypassLogin = YES;
    // ok: security-switched-off-by-flag
    BOOL bypassCache = YES;
    // ruleid: security-switched-off-from-outside
    if ([defaults boolForKey:@"ignoreCertificateErrors"] || [defaults boolForKey:@"ignoreCertificate"]) { [self trustAll]; }
    // ok: security-switched-off-from-outside
    if ([defaults boolForKey:@"ignoreCase"]) { [self fold]; }
    // ruleid: debug-mode-on
    BOOL debugMode = YES;
    // ok: debug-mode-on
    BOOL darkMode = YES;
    // ruleid: purchase-state-in-user-defaults
    BOOL pro = [defaults boolForKey:@"isPro"];
    // ok: purchase-state-in-user-defaults
    BOOL profile = [defaults boolForKey:@"isProfileShown"];
    // ruleid: test-server-address
    NSString *server = @"https://api-staging.shop.io/v2";
    // ok: test-server-address
    NSString *other = @"https://www.shop.io/v2";
    // ruleid: hidden-gesture
    tap.numberOfTapsRequired = 6;
    // ok: hidden-gesture
    tap.numberOfTapsRequired = 2;
}
@end
