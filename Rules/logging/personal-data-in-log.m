#import <Foundation/Foundation.h>
@implementation Reporter
- (void)report:(User *)user {
    // ruleid: personal-data-in-log
    NSLog(@"mail %@", user.email);
    // ruleid: personal-data-in-log
    NSLog(@"user %@ born %@", user.identifier, user.dateOfBirth);
    // ok: personal-data-in-log
    NSLog(@"user %@", user.identifier);
    // ok: personal-data-in-log
    NSLog(@"email is missing");
}
@end
