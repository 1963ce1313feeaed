#import <UIKit/UIKit.h>

@implementation LinkDelegate
// ruleid: deep-link-parameters-trusted
- (BOOL)application:(UIApplication *)app openURL:(NSURL *)url options:(NSDictionary<UIApplicationOpenURLOptionsKey, id> *)options {
    NSURL *target = [NSURL URLWithString:url.query];
    // ruleid: deep-link-to-action
    [self.webView loadRequest:[NSURLRequest requestWithURL:target]];
    // ruleid: deep-link-to-action
    [[NSUserDefaults standardUserDefaults] setObject:url.query forKey:@"server"];
    return YES;
}
@end

@implementation CheckedDelegate
// ok: deep-link-parameters-trusted
- (BOOL)application:(UIApplication *)app openURL:(NSURL *)url options:(NSDictionary<UIApplicationOpenURLOptionsKey, id> *)options {
    if (![url.host isEqualToString:@"open"]) { return NO; }
    // ok: deep-link-to-action
    [[NSUserDefaults standardUserDefaults] setObject:url.query forKey:@"filter"];
    return YES;
}

- (void)handOver:(NSString *)token {
    NSString *link = [NSString stringWithFormat:@"partnerapp://login?token=%@", token];
    // ruleid: secret-in-link-to-other-app
    [[UIApplication sharedApplication] openURL:[NSURL URLWithString:link] options:@{} completionHandler:nil];
    // ok: secret-in-link-to-other-app
    [[UIApplication sharedApplication] openURL:[NSURL URLWithString:@"partnerapp://login"] options:@{} completionHandler:nil];
}
@end
