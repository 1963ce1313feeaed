#import <Foundation/Foundation.h>
@implementation Form
- (void)signUp {
    NSMutableDictionary *user = [NSMutableDictionary dictionary];
    user[@"password"] = self.passwordField.text;
    // ruleid: record-with-secret-in-log
    NSLog(@"%@", user);
    // ok: record-with-secret-in-log
    NSLog(@"%@", self.name);
}
- (void)signIn {
    NSMutableDictionary *form = [NSMutableDictionary dictionary];
    [form setObject:self.token forKey:@"access_token"];
    // ruleid: record-with-secret-in-log
    NSLog(@"form %@", form);
}
- (void)order {
    NSMutableDictionary *item = [NSMutableDictionary dictionary];
    item[@"name"] = self.name;
    // ok: record-with-secret-in-log
    NSLog(@"%@", item);
}
@end
