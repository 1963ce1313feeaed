#import <WebKit/WebKit.h>
@implementation Page
- (void)show:(NSString *)name link:(NSURL *)link {
    // ruleid: script-injection
    [self.webView evaluateJavaScript:[NSString stringWithFormat:@"greet('%@')", name] completionHandler:nil];
    NSString *script = [NSString stringWithFormat:@"set(\"%@\")", name];
    // ruleid: script-injection
    [self.webView stringByEvaluatingJavaScriptFromString:script];
    // ok: script-injection
    [self.webView evaluateJavaScript:[NSString stringWithFormat:@"greet(%@)", json] completionHandler:nil];
    // ok: script-injection
    [self.webView evaluateJavaScript:@"greet('all')" completionHandler:nil];
    // ruleid: input-in-web-page
    [self.webView loadHTMLString:[NSString stringWithFormat:@"<b>%@</b>", self.nameField.text] baseURL:nil];
    // ok: input-in-web-page
    [self.webView loadHTMLString:self.page baseURL:nil];
    NSString *target = [link query];
    // ruleid: untrusted-link-opened
    [[UIApplication sharedApplication] openURL:[NSURL URLWithString:target] options:@{} completionHandler:nil];
    // ok: untrusted-link-opened
    [[UIApplication sharedApplication] openURL:[NSURL URLWithString:@"https://example.org"] options:@{} completionHandler:nil];
}
@end
