#import <UIKit/UIKit.h>
#import <UserNotifications/UserNotifications.h>

// ruleid: app-switcher-uncovered
@implementation AppDelegate

- (void)tell:(NSString *)otpCode {
    UNMutableNotificationContent *content = [[UNMutableNotificationContent alloc] init];
    // ruleid: secret-in-notification
    content.body = otpCode;
    // ok: secret-in-notification
    content.title = @"New code";
    // ruleid: secret-shared
    UIActivityViewController *sheet = [[UIActivityViewController alloc] initWithActivityItems:@[self.password] applicationActivities:nil];
    // ok: secret-shared
    sheet = [[UIActivityViewController alloc] initWithActivityItems:@[self.link] applicationActivities:nil];
}

- (void)publish:(NSUserActivity *)activity {
    // ruleid: secret-in-user-activity
    activity.userInfo = @{@"authToken": self.token};
    // ok: secret-in-user-activity
    activity.userInfo = @{@"id": self.identifier};
    // ruleid: activity-public-indexing
    activity.eligibleForPublicIndexing = YES;
    // ok: activity-public-indexing
    activity.eligibleForPublicIndexing = NO;
    // ruleid: distributed-notification
    [[NSDistributedNotificationCenter defaultCenter] postNotificationName:@"changed" object:nil userInfo:@{} deliverImmediately:YES];
}

// ruleid: local-ipc-without-check
- (BOOL)listener:(NSXPCListener *)listener shouldAcceptNewConnection:(NSXPCConnection *)connection {
    [connection resume];
    return YES;
}

@end

@implementation CheckedListener

// ok: local-ipc-without-check
- (BOOL)listener:(NSXPCListener *)listener shouldAcceptNewConnection:(NSXPCConnection *)connection {
    [connection setCodeSigningRequirement:requirement];
    return YES;
}

- (void)mark:(UITextField *)field image:(UIImage *)image {
    // ruleid: secret-in-accessibility
    field.accessibilityValue = self.password;
    // ok: secret-in-accessibility
    field.accessibilityValue = self.title;
    // ruleid: picture-to-photo-library
    UIImageWriteToSavedPhotosAlbum(image, nil, nil, nil);
    // ok: picture-to-photo-library
    self.imageView.image = image;
}

@end
