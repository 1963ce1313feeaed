#import <UIKit/UIKit.h>

// ok: app-switcher-uncovered
@implementation AppDelegate

- (void)applicationWillResignActive:(UIApplication *)application {
    [self.window addSubview:self.cover];
}

@end
