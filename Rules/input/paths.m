#import <Foundation/Foundation.h>
@implementation Unpacker
- (void)unpack:(ZipEntry *)zipEntry into:(NSString *)folder link:(NSURL *)link {
    // ruleid: archive-entry-path
    NSString *target = [folder stringByAppendingPathComponent:zipEntry.fileName];
    NSString *name = [zipEntry fileName];
    // ruleid: archive-entry-path
    NSString *second = [folder stringByAppendingPathComponent:name];
    // ok: archive-entry-path
    NSString *third = [folder stringByAppendingPathComponent:[zipEntry.fileName lastPathComponent]];
    // ok: archive-entry-path
    NSString *fourth = [folder stringByAppendingPathComponent:@"fixed"];
    // ruleid: untrusted-path
    NSString *file = [folder stringByAppendingPathComponent:[link query]];
    // ok: untrusted-path
    NSString *fixed = [folder stringByAppendingPathComponent:@"fixed"];
}
@end
