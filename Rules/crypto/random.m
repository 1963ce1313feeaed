@implementation Tokens
- (NSString *)newSessionToken {
    // ruleid: predictable-secret
    return [NSString stringWithFormat:@"%d", rand()];
}
- (int)frameDelay {
    // ruleid: predictable-random
    return random() % 10; // ok: predictable-secret
}
- (NSData *)makeNonce {
    // ok: predictable-secret, predictable-random
    uint32_t value = arc4random();
    unsigned char bytes[16];
    // ruleid: unchecked-random-bytes
    SecRandomCopyBytes(kSecRandomDefault, sizeof(bytes), bytes);
    // ok: unchecked-random-bytes
    if (SecRandomCopyBytes(kSecRandomDefault, sizeof(bytes), bytes) != errSecSuccess) return nil;
    // ok: unchecked-random-bytes
    int status = SecRandomCopyBytes(kSecRandomDefault, sizeof(bytes), bytes);
    return [NSData dataWithBytes:bytes length:sizeof(bytes)];
}
@end
