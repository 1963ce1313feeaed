#import <Foundation/Foundation.h>
@implementation Reporter
- (void)report:(NSString *)password user:(User *)user {
    // ruleid: secret-in-analytics
    [[FIRCrashlytics crashlytics] setCustomValue:password forKey:@"password"];
    // ruleid: secret-in-analytics
    [FIRAnalytics logEventWithName:@"login" parameters:@{@"token": user.accessToken}];
    // ok: secret-in-analytics
    [FIRAnalytics logEventWithName:@"login" parameters:@{@"method": @"password"}];
    // ok: secret-in-analytics
    [[FIRCrashlytics crashlytics] setCustomValue:user.name forKey:@"name"];
}
@end
