void write(NSData *data, NSString *path) {
    // ruleid: file-protection-none
    NSDictionary *attributes = @{NSFileProtectionKey: NSFileProtectionNone};
    // ruleid: file-protection-none
    [data writeToFile:path options:NSDataWritingFileProtectionNone error:NULL];
    // ok: file-protection-none, file-protection-not-complete
    [data writeToFile:path options:NSDataWritingFileProtectionComplete error:NULL];
    // ok: file-protection-none
    if ([level isEqualToString:NSFileProtectionNone]) { return; }
    // ruleid: file-protection-not-complete
    [data writeToFile:path options:NSDataWritingFileProtectionCompleteUntilFirstUserAuthentication error:NULL];
}
