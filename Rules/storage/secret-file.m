void save(NSString *password, NSString *path, NSString *notes, NSURL *url) {
    // ruleid: secret-in-file
    [password writeToFile:path atomically:YES encoding:NSUTF8StringEncoding error:NULL];
    // ok: secret-in-file
    [notes writeToFile:path atomically:YES encoding:NSUTF8StringEncoding error:NULL];
    // ruleid: backup-not-excluded
    [url setResourceValue:@NO forKey:NSURLIsExcludedFromBackupKey error:NULL];
    // ok: backup-not-excluded
    [url setResourceValue:@YES forKey:NSURLIsExcludedFromBackupKey error:NULL];
}
