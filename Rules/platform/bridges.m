#import <WebKit/WebKit.h>

@implementation OpenBridge
// ruleid: script-message-origin-unchecked
- (void)userContentController:(WKUserContentController *)controller didReceiveScriptMessage:(WKScriptMessage *)message {
    NSString *path = message.body;
    // ruleid: script-message-to-action
    [[NSUserDefaults standardUserDefaults] setObject:path forKey:@"path"];
}
@end

@implementation CheckedBridge
// ok: script-message-origin-unchecked
- (void)userContentController:(WKUserContentController *)controller didReceiveScriptMessage:(WKScriptMessage *)message {
    if (![message.frameInfo.securityOrigin.host isEqualToString:@"app.example.com"]) { return; }
    NSString *path = message.body;
    // ok: script-message-to-action
    [[NSUserDefaults standardUserDefaults] setObject:path forKey:@"path"];
}

- (void)expose:(UIWebView *)view {
    // ruleid: script-context-of-web-view
    JSContext *context = [view valueForKeyPath:@"documentView.webView.mainFrame.javaScriptContext"];
    // ok: script-context-of-web-view
    context = [view valueForKeyPath:@"layer.contents"];
}
@end
