#import <Foundation/Foundation.h>
@implementation Runner
- (void)run:(NSString *)text data:(NSData *)data link:(NSURL *)link coder:(NSCoder *)coder {
    // ruleid: format-string
    NSLog(text);
    // ruleid: format-string
    NSString *copy = [NSString stringWithFormat:text];
    // ok: format-string
    NSLog(@"%@", text);
    // ok: format-string
    NSString *localized = [NSString stringWithFormat:NSLocalizedString(@"key", nil)];
    // ruleid: command-injection
    system([text UTF8String]);
    // ok: command-injection
    system("ls");
    // ruleid: code-loaded-at-run-time
    dlopen([text UTF8String], RTLD_NOW);
    // ok: code-loaded-at-run-time
    dlopen("/usr/lib/libSystem.dylib", RTLD_NOW);
    // ruleid: class-named-from-outside
    Class type = NSClassFromString([link query]);
    // ok: class-named-from-outside
    Class fixed = NSClassFromString(@"XCTestCase");
    // ruleid: expression-from-input
    NSRegularExpression *first = [NSRegularExpression regularExpressionWithPattern:self.searchField.text options:0 error:nil];
    // ok: expression-from-input
    NSRegularExpression *second = [NSRegularExpression regularExpressionWithPattern:@"a+" options:0 error:nil];
    // ruleid: unescaped-url-parameter
    NSURL *address = [NSURL URLWithString:[NSString stringWithFormat:@"https://example.org/?q=%@", text]];
    // ok: unescaped-url-parameter
    NSURL *plain = [NSURL URLWithString:[NSString stringWithFormat:@"https://example.org/%@", text]];
    // ruleid: decoded-with-any-class
    id any = [coder decodeObjectOfClass:[NSObject class] forKey:@"key"];
    // ok: decoded-with-any-class
    id exact = [coder decodeObjectOfClass:[NSString class] forKey:@"key"];
}
@end
void typed(UITextField *nameField) {
    // ruleid: format-from-outside
    NSString *text = [NSString stringWithFormat:nameField.text, 1];
    // ok: format-from-outside
    NSString *fine = [NSString stringWithFormat:@"%@", nameField.text];
    // ruleid: slow-expression
    NSRegularExpression *slow = [NSRegularExpression regularExpressionWithPattern:@"(a+)+b" options:0 error:nil];
    // ok: slow-expression
    NSRegularExpression *fast = [NSRegularExpression regularExpressionWithPattern:@"a+b" options:0 error:nil];
}
