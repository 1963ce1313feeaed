#import <CoreData/CoreData.h>

@implementation Store

- (void)save:(NSManagedObjectContext *)context {
    NSManagedObject *user = [NSEntityDescription insertNewObjectForEntityForName:@"User" inManagedObjectContext:context];
    // ruleid: secret-in-database
    [user setValue:self.passwordField.text forKey:@"password"];
    // ok: secret-in-database
    [user setValue:self.nameField.text forKey:@"name"];
    // ruleid: secret-in-database
    [transaction setObject:self.token forKey:@"accessToken" inCollection:@"app"];
}

- (void)writeList:(NSString *)password path:(NSString *)path {
    NSMutableDictionary *list = [NSMutableDictionary dictionary];
    // ruleid: secret-in-property-list
    [list setObject:password forKey:@"password"];
    // ok: secret-in-property-list
    [list setObject:path forKey:@"path"];
    [list writeToFile:path atomically:YES];
    // ruleid: secret-in-property-list
    [@{@"apiKey": password} writeToFile:path atomically:YES];
}

- (void)writeCloud:(NSString *)token {
    // ruleid: secret-in-icloud-store
    [[NSUbiquitousKeyValueStore defaultStore] setString:token forKey:@"authToken"];
    // ok: secret-in-icloud-store
    [[NSUbiquitousKeyValueStore defaultStore] setString:token forKey:@"theme"];
}

- (void)cookies:(NSDate *)date {
    // ruleid: secret-in-cookie
    NSHTTPCookie *cookie = [NSHTTPCookie cookieWithProperties:@{NSHTTPCookieName: @"session", NSHTTPCookieValue: value, NSHTTPCookieExpires: date}];
    // ok: secret-in-cookie
    cookie = [NSHTTPCookie cookieWithProperties:@{NSHTTPCookieName: @"theme", NSHTTPCookieValue: value, NSHTTPCookieExpires: date}];
    NSDictionary *properties = @{NSHTTPCookieName: @"password", NSHTTPCookieValue: value, NSHTTPCookieExpires: date};
    // ruleid: secret-in-cookie
    cookie = [[NSHTTPCookie alloc] initWithProperties:properties];
    // ruleid: credential-stored-permanently
    NSURLCredential *kept = [NSURLCredential credentialWithUser:user password:password persistence:NSURLCredentialPersistencePermanent];
    // ok: credential-stored-permanently
    kept = [NSURLCredential credentialWithUser:user password:password persistence:NSURLCredentialPersistenceForSession];
}

- (void)writeFile:(NSData *)data url:(NSURL *)url {
    [data writeToURL:url atomically:YES];
    // ruleid: backup-exclusion-only
    [url setResourceValue:@YES forKey:NSURLIsExcludedFromBackupKey error:nil];
}

- (void)markCache:(NSURL *)url {
    // ok: backup-exclusion-only
    [url setResourceValue:@YES forKey:NSURLIsExcludedFromBackupKey error:nil];
    // ruleid: secret-column
    [db executeUpdate:@"CREATE TABLE users (id INTEGER, password TEXT)"];
    // ok: secret-column
    [db executeUpdate:@"CREATE TABLE pages (id INTEGER, title TEXT)"];
}

@end
