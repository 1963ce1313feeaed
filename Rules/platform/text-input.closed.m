#import <UIKit/UIKit.h>

// ok: custom-keyboards-allowed
@implementation AppDelegate

- (BOOL)application:(UIApplication *)application shouldAllowExtensionPointIdentifier:(NSString *)identifier {
    return ![identifier isEqualToString:UIApplicationKeyboardExtensionPointIdentifier];
}

@end
