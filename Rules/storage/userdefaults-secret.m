@implementation Settings
- (void)save:(NSString *)password theme:(NSString *)theme {
    NSUserDefaults *defaults = [NSUserDefaults standardUserDefaults];
    // ruleid: secret-in-user-defaults
    [defaults setObject:password forKey:@"password"];
    // ruleid: secret-in-user-defaults
    [[NSUserDefaults standardUserDefaults] setObject:self.token forKey:@"accessToken"];
    // ok: secret-in-user-defaults
    [defaults setObject:theme forKey:@"theme"];
    // ok: secret-in-user-defaults
    [defaults setBool:YES forKey:@"hasPassword"];
    // ok: secret-in-user-defaults
    [form setObject:password forKey:@"password"];
}
@end
void person(NSUserDefaults *defaults, NSString *number) {
    // ruleid: personal-number-in-user-defaults
    [defaults setObject:number forKey:@"ssn"];
    // ok: personal-number-in-user-defaults
    [defaults setObject:number forKey:@"page"];
}
