void report(NSString *token, NSString *sessionId) {
    // ruleid: token-in-log
    NSLog(@"call for %@", token);
    // ruleid: token-in-log
    NSLog(@"peer %@", sessionId);
    // ok: token-in-log
    NSLog(@"length %lu", token.length);
    // ok: token-in-log
    NSLog(@"joined");
}
