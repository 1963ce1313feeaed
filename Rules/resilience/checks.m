@implementation Guardian
// ruleid: jailbreak-check-by-path
- (BOOL)isJailbroken {
    return [[NSFileManager defaultManager] fileExistsAtPath:@"/Applications/Cydia.app"];
}
// ok: jailbreak-check-by-path
- (BOOL)hasCache {
    return [[NSFileManager defaultManager] fileExistsAtPath:@"/Library/Caches"];
}
- (void)start {
    // ruleid: security-check-ignored
    if ([self isJailbroken]) { NSLog(@"jailbroken"); }
    // ok: security-check-ignored
    if ([self isJailbroken]) { [self wipe]; }
}
@end
