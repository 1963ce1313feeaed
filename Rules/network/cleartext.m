void load(NSInputStream *stream) {
    // ok: cleartext-url
    NSURL *a = [NSURL URLWithString:@"http://api.shop.com/v1/orders"];
    // ruleid: cleartext-request
    NSURLRequest *first = [NSURLRequest requestWithURL:a];
    // ok: cleartext-url
    NSURL *b = [NSURL URLWithString:@"https://api.shop.com/v1/orders"];
    // ok: cleartext-request
    NSURLRequest *second = [NSURLRequest requestWithURL:b];
    // ok: cleartext-url
    NSURL *c = [NSURL URLWithString:@"http://127.0.0.1:8080"];
    // ruleid: socket-without-tls
    [stream setProperty:NSStreamSocketSecurityLevelNone forKey:NSStreamSocketSecurityLevelKey];
    // ok: socket-without-tls
    [stream setProperty:NSStreamSocketSecurityLevelNegotiatedSSL forKey:NSStreamSocketSecurityLevelKey];
    // ruleid: cookie-without-secure
    NSHTTPCookie *cookie = [NSHTTPCookie cookieWithProperties:@{NSHTTPCookieName: @"session", NSHTTPCookieValue: @"1"}];
    // ok: cookie-without-secure
    NSHTTPCookie *safe = [NSHTTPCookie cookieWithProperties:@{NSHTTPCookieName: @"session", NSHTTPCookieSecure: @YES}];
    // ruleid: response-cache-preferred
    request.cachePolicy = NSURLRequestReturnCacheDataElseLoad;
    // ok: response-cache-preferred
    request.cachePolicy = NSURLRequestUseProtocolCachePolicy;
}
@implementation Loader
- (void)load {
    // ok: cleartext-url
    NSURL *url = [NSURL URLWithString:@"http://api.shop.com/v1/orders"];
    // ruleid: cleartext-request
    NSURLRequest *request = [NSURLRequest requestWithURL:url];
    // ok: cleartext-request
    [session dataTaskWithRequest:request];
}
- (void)help {
    // ruleid: cleartext-url
    NSURL *url = [NSURL URLWithString:@"http://help.shop.com"];
    [self open:url];
}
@end
void login(NSString *name, NSString *password) {
    // ruleid: password-in-query
    NSString *address = [NSString stringWithFormat:@"https://shop.com/login?user=%@&password=%@", name, password];
    // ok: password-in-query
    NSString *reset = [NSString stringWithFormat:@"https://shop.com/password?user=%@", name];
}
void built(NSString *host) {
    // ruleid: cleartext-address-built
    NSString *plain = [NSString stringWithFormat:@"http://%@/api", host];
    // ok: cleartext-address-built
    NSString *safe = [NSString stringWithFormat:@"https://%@/api", host];
}
