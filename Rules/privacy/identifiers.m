#import <AdSupport/AdSupport.h>
#import <UIKit/UIKit.h>

@implementation Identity

- (void)read {
    // ruleid: vendor-identifier
    NSString *vendor = [[[UIDevice currentDevice] identifierForVendor] UUIDString];
    // ok: vendor-identifier
    NSString *secretKey = [[[UIDevice currentDevice] identifierForVendor] UUIDString]; // ruleid: device-identifier-as-secret
    // ok: vendor-identifier
    NSString *installation = [[NSUUID UUID] UUIDString];
    // ok: device-identifier-as-secret
    NSString *key = [[NSUUID UUID] UUIDString];
    // ruleid: identifier-survives-removal
    [SAMKeychain setPassword:vendor forService:@"app" account:@"device"];
    // ok: identifier-survives-removal
    [SAMKeychain setPassword:installation forService:@"app" account:@"device"];
}

- (void)advertise {
    // ruleid: advertising-identifier
    NSUUID *id = [[ASIdentifierManager sharedManager] advertisingIdentifier];
    // ok: advertising-identifier
    NSUUID *other = [NSUUID UUID];
    // ruleid: device-fingerprinting
    CFDictionaryRef info = CNCopyCurrentNetworkInfo(CFSTR("en0"));
    // ok: device-fingerprinting
    NSString *version = [[UIDevice currentDevice] systemVersion];
}

@end
