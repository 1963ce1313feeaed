@implementation Helper
// ruleid: xpc-connection-not-checked
- (BOOL)listener:(NSXPCListener *)listener shouldAcceptNewConnection:(NSXPCConnection *)connection {
    connection.exportedObject = self;
    [connection resume];
    return YES;
}
@end
@implementation Strict
// ok: xpc-connection-not-checked
- (BOOL)listener:(NSXPCListener *)listener shouldAcceptNewConnection:(NSXPCConnection *)connection {
    [connection setCodeSigningRequirement:@"anchor apple generic"];
    [connection resume];
    return YES;
}
@end
