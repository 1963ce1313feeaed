#import <Foundation/Foundation.h>
@implementation Session
- (void)reportPassword:(NSString *)password user:(User *)user {
    // ruleid: secret-in-log
    NSLog(@"signed in with %@", password);
    // ruleid: secret-in-log
    NSLog(@"user %@ token %@", user.name, user.accessToken);
    // ruleid: secret-in-log
    NSLog(@"typed %@", self.passwordTextField.text);
    // ok: secret-in-log
    NSLog(@"password of %lu characters", (unsigned long)password.length);
    // ruleid: secret-in-log
    NSLog(@"Password: %@", value);
    // ok: secret-in-log
    NSLog(@"Password is wrong for %@", user.name);
    // ok: secret-in-log
    NSLog(@"password is wrong");
    // ruleid: secret-in-log
    printf("secret %s\n", [user.secret UTF8String]);
    // ok: secret-in-log
    NSLog(@"user %@", user.name);
    NSString *line = [NSString stringWithFormat:@"pw %@", password];
    // ruleid: secret-in-log
    NSLog(@"%@", line);
    // ruleid: secret-in-log
    os_log(OS_LOG_DEFAULT, "token %{public}@", user.authToken);
}
@end
