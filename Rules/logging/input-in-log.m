#import <Foundation/Foundation.h>
@implementation Page
- (void)report {
    // ruleid: input-in-log
    NSLog(@"searched %@", self.searchField.text);
    NSString *title = [self.webView stringByEvaluatingJavaScriptFromString:@"document.title"];
    // ruleid: input-in-log
    NSLog(@"title %@", title);
    // ok: input-in-log
    NSLog(@"searched for %lu characters", (unsigned long)self.searchField.text.length);
    // ok: input-in-log
    NSLog(@"started");
}
@end
