#import <Foundation/Foundation.h>
@interface Model : NSObject
// ruleid: strong-delegate
@property (nonatomic, strong) id<ModelDelegate> delegate;
// ok: strong-delegate
@property (nonatomic, weak) id<ModelDelegate> listDelegate;
// ruleid: unsafe-delegate
@property (nonatomic, assign) id<ModelDelegate> oldDelegate;
// ok: unsafe-delegate
@property (nonatomic, weak) id<ModelDelegate> newDelegate;
@end
@implementation Model
- (void)bind {
    // ruleid: block-retains-owner
    self.onChange = ^{ [self reload]; };
    // ruleid: block-retains-owner
    self.completion = ^(NSString *value) { self.name = value; };
    // ok: block-retains-owner
    self.onDone = ^{ [weakSelf reload]; };
    // ok: block-retains-owner
    self.onStart = ^{ NSLog(@"started"); };
    // ruleid: timer-retains-owner
    [NSTimer scheduledTimerWithTimeInterval:1 target:self selector:@selector(tick) userInfo:nil repeats:YES];
    // ok: timer-retains-owner
    [NSTimer scheduledTimerWithTimeInterval:1 target:self selector:@selector(tick) userInfo:nil repeats:NO];
    // ruleid: session-never-invalidated
    NSURLSession *session = [NSURLSession sessionWithConfiguration:configuration delegate:self delegateQueue:nil];
    // ok: session-never-invalidated
    NSURLSession *plain = [NSURLSession sessionWithConfiguration:configuration delegate:nil delegateQueue:nil];
    // ruleid: message-handler-retains-owner
    [controller addScriptMessageHandler:self name:@"native"];
    // ok: message-handler-retains-owner
    [controller addScriptMessageHandler:handler name:@"native"];
}
@end
