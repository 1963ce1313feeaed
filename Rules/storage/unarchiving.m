void read(NSData *data, NSArray *list) {
    // ruleid: insecure-unarchiving
    id a = [NSKeyedUnarchiver unarchiveObjectWithData:data];
    // ok: insecure-unarchiving
    id b = [NSKeyedUnarchiver unarchivedObjectOfClass:[NSArray class] fromData:data error:NULL];
    // ruleid: insecure-archiving
    NSData *c = [NSKeyedArchiver archivedDataWithRootObject:list];
    // ok: insecure-archiving
    NSData *d = [NSKeyedArchiver archivedDataWithRootObject:list requiringSecureCoding:YES error:NULL];
}
