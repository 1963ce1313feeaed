#import <WebKit/WebKit.h>

@interface OldController : UIViewController
// ruleid: ui-web-view
@property (nonatomic, strong) IBOutlet UIWebView *page;
// ok: ui-web-view
@property (nonatomic, strong) IBOutlet WKWebView *modern;
@end

@implementation OldController

- (UIView *)make {
    // ruleid: ui-web-view
    return [[UIWebView alloc] initWithFrame:CGRectZero];
}

- (void)inspect {
    // ruleid: webview-inspectable
    self.modern.inspectable = YES;
    // ok: webview-inspectable
    self.modern.inspectable = NO;
}

- (void)prefer:(WKPreferences *)preferences {
    // ruleid: webview-opens-windows
    preferences.javaScriptCanOpenWindowsAutomatically = YES;
    // ok: webview-opens-windows
    preferences.javaScriptCanOpenWindowsAutomatically = NO;
    // ruleid: fraud-warning-off
    preferences.fraudulentWebsiteWarningEnabled = NO;
    // ok: fraud-warning-off
    preferences.fraudulentWebsiteWarningEnabled = YES;
}

- (void)signIn {
    // ruleid: embedded-web-login
    [self.modern loadRequest:[NSURLRequest requestWithURL:[NSURL URLWithString:@"https://login.example.com/oauth/authorize?response_type=token"]]];
    // ok: embedded-web-login
    [self.modern loadRequest:[NSURLRequest requestWithURL:[NSURL URLWithString:@"https://www.example.com/terms"]]];
}

@end
