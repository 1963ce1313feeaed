#import <Foundation/Foundation.h>
@implementation Client
- (void)report:(NSURLRequest *)request answer:(NSHTTPURLResponse *)response {
    // ruleid: http-traffic-in-log
    NSLog(@"%@", request.allHTTPHeaderFields);
    // ruleid: http-traffic-in-log
    NSLog(@"%@", [response allHeaderFields]);
    // ok: http-traffic-in-log
    NSLog(@"%ld", (long)response.statusCode);
    // ok: http-traffic-in-log
    NSLog(@"%lu", (unsigned long)[request.HTTPBody length]);
}
@end
