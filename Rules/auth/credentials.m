@implementation Login
- (void)signIn {
    // ruleid: hardcoded-credential-check
    if ([self.passwordField.text isEqualToString:@"Adm1n!"]) { [self open]; }
    // ok: hardcoded-credential-check
    if ([self.nameField.text isEqualToString:@"Jane"]) { return; }
    // ruleid: hardcoded-basic-credentials
    NSURLCredential *c = [NSURLCredential credentialWithUser:@"admin" password:@"hunter2" persistence:NSURLCredentialPersistenceNone];
    // ok: hardcoded-basic-credentials
    NSURLCredential *d = [NSURLCredential credentialWithUser:@"admin" password:self.passwordField.text persistence:NSURLCredentialPersistenceNone];
}
@end
