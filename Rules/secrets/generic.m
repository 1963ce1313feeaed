// ruleid: hardcoded-secret
static NSString *const kClientSecret = @"q7Zt4LmX9vKc2RbW8nYd5HsJ";
// ok: hardcoded-secret
static NSString *const kClientSecretKey = @"client.secret.of.shop";
// ruleid: hardcoded-api-key
#define WEATHER_API_KEY @"3f9a1c7e5b2d8046c1e7a9f35d0b8246"
// ok: hardcoded-api-key
#define API_KEY_NAME @"3f9a1c7e5b2d8046c1e7a9f35d0b8246"

@implementation Client
- (void)start {
    // ruleid: hardcoded-secret
    [OAuth clientWithID:@"shop" secret:@"vKc2RbW8nYd5HsJ3fGp6TaE1"];
    // ok: hardcoded-secret
    [OAuth clientWithID:@"shop" secret:stored];
    // ruleid: hardcoded-api-key
    [Tracker startWithApiKey:@"9e1f7c3a5d8b06e24f9c7a1b3d5e8f02"];
    // ruleid: hardcoded-password
    NSString *password = @"tr0ub4dor&3";
    // ok: hardcoded-password
    NSString *passwordKey = @"user.password";
    // ruleid: hardcoded-secret
    NSDictionary *body = @{@"client_secret": @"q7Zt4LmX9vKc2RbW8nYd5HsJ"};
    // ok: hardcoded-secret
    NSDictionary *names = @{@"secret_label": @"q7Zt4LmX9vKc2RbW8nYd5HsJ"};
}
@end
