#import <Foundation/Foundation.h>
@implementation Finder
- (void)find:(NSString *)name {
    NSString *query = [NSString stringWithFormat:@"SELECT * FROM users WHERE name = '%@'", name];
    // ruleid: sql-injection
    sqlite3_prepare_v2(self.database, [query UTF8String], -1, &statement, NULL);
    // ruleid: sql-injection
    [self.fmdb executeQuery:[NSString stringWithFormat:@"select * from users where name like '%%%@%%'", name]];
    // ok: sql-injection
    [self.fmdb executeQuery:@"select * from users where name = ?", name];
    NSString *table = [NSString stringWithFormat:@"SELECT * FROM %@", self.table];
    // ok: sql-injection
    sqlite3_prepare_v2(self.database, [table UTF8String], -1, &statement, NULL);
    // ruleid: predicate-injection
    NSPredicate *first = [NSPredicate predicateWithFormat:[NSString stringWithFormat:@"name == '%@'", name]];
    NSString *format = [NSString stringWithFormat:@"name CONTAINS[cd] '%@'", name];
    // ruleid: predicate-injection
    NSPredicate *second = [NSPredicate predicateWithFormat:format];
    // ok: predicate-injection
    NSPredicate *third = [NSPredicate predicateWithFormat:@"name == %@", name];
    // ok: predicate-injection
    NSPredicate *fourth = [NSPredicate predicateWithFormat:@"name == 'a'"];
    // ruleid: expression-from-text
    NSExpression *expression = [NSExpression expressionWithFormat:name];
    // ok: expression-from-text
    NSExpression *constant = [NSExpression expressionWithFormat:@"1 + 2"];
}
@end
