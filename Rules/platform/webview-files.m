#import <WebKit/WebKit.h>

@implementation ReaderController

- (void)configure:(WKWebViewConfiguration *)configuration {
    // ruleid: webview-universal-file-access
    [configuration setValue:@YES forKey:@"allowUniversalAccessFromFileURLs"];
    // ok: webview-universal-file-access
    [configuration setValue:@NO forKey:@"allowUniversalAccessFromFileURLs"];
    // ruleid: webview-file-access
    [configuration.preferences setValue:@YES forKey:@"allowFileAccessFromFileURLs"];
    // ok: webview-file-access
    [configuration.preferences setValue:@NO forKey:@"allowFileAccessFromFileURLs"];
}

- (void)show:(NSURL *)page {
    // ruleid: webview-broad-read-access
    [self.webView loadFileURL:page allowingReadAccessToURL:[NSURL fileURLWithPath:NSHomeDirectory()]];
    // ruleid: webview-broad-read-access
    [self.webView loadFileURL:page allowingReadAccessToURL:self.documentsDirectory];
    // ok: webview-broad-read-access
    [self.webView loadFileURL:page allowingReadAccessToURL:page];
    // ok: webview-broad-read-access
    [self.webView loadFileURL:page allowingReadAccessToURL:[page URLByDeletingLastPathComponent]];
}

@end
