void open(FMDatabase *db, NSString *phrase) {
    // ruleid: sqlcipher-key-in-code
    [db setKey:@"correct horse"];
    // ok: sqlcipher-key-in-code
    [db setKey:phrase];
}
