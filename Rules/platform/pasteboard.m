#import <UIKit/UIKit.h>

@implementation Vault

- (void)copyPassword {
    // ruleid: secret-on-pasteboard
    [UIPasteboard generalPasteboard].string = self.password;
    // ruleid: secret-on-pasteboard
    [[UIPasteboard generalPasteboard] setString:self.passwordField.text];
    UIPasteboard *board = [UIPasteboard generalPasteboard];
    // ruleid: secret-on-pasteboard
    board.string = accessToken;
    // ok: secret-on-pasteboard
    board.string = self.title;
    // ok: secret-on-pasteboard
    [UIPasteboard generalPasteboard].string = link.absoluteString;
}

- (void)applicationDidBecomeActive:(UIApplication *)application {
    // ruleid: pasteboard-read-at-start
    NSString *text = [UIPasteboard generalPasteboard].string;
    [self offer:text];
}

- (void)paste:(id)sender {
    // ok: pasteboard-read-at-start
    self.field.text = [UIPasteboard generalPasteboard].string;
}

- (void)shareBoard:(UIPasteboard *)board {
    // ruleid: pasteboard-persistent
    board.persistent = YES;
    // ok: pasteboard-persistent
    board.persistent = NO;
}

@end
