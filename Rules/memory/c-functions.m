#import <Foundation/Foundation.h>
@implementation Copier
- (void)copy:(const char *)text into:(char *)target count:(size_t)count {
    char buffer[16];
    // ruleid: unbounded-copy
    strcpy(buffer, text);
    // ruleid: unbounded-copy
    sprintf(buffer, "name %s", text);
    // ruleid: unbounded-copy
    gets(buffer);
    // ruleid: unbounded-copy
    memcpy(buffer, text, strlen(text));
    // ruleid: unbounded-copy
    sscanf(text, "%s", buffer);
    // ok: unbounded-copy
    strlcpy(buffer, text, sizeof(buffer));
    // ok: unbounded-copy
    snprintf(buffer, sizeof(buffer), "name %s", text);
    // ok: unbounded-copy
    sprintf(buffer, "%d", 3);
    // ruleid: predictable-temporary-file
    char *name = tmpnam(buffer);
    // ok: predictable-temporary-file
    int file = mkstemp(buffer);
}
- (void)twice:(char *)p {
    // ruleid: freed-twice
    free(p);
    [self work];
    free(p);
}
- (void)twiceInLoop:(char *)p {
    if (p) {
        // ruleid: freed-twice
        free(p);
        free(p);
    }
}
- (void)again:(char *)p {
    // ok: freed-twice
    free(p);
    p = malloc(16);
    free(p);
}
- (void)branches:(int)kind text:(char *)p {
    switch (kind) {
    case 1:
        // ok: freed-twice
        free(p);
        break;
    case 2:
        free(p);
        break;
    }
}
- (void)once:(char *)p other:(char *)q {
    // ok: freed-twice
    free(p);
    free(q);
}
- (void)use:(char *)p {
    // ruleid: used-after-free
    free(p);
    printf("%s", p);
}
- (void)send:(char *)p {
    // ruleid: used-after-free
    free(p);
    write(1, p, 3);
}
- (void)useFirst:(char *)p other:(char *)q {
    printf("%s", p);
    // ok: used-after-free
    free(p);
    // ok: used-after-free
    free(q);
    [self work];
}
- (void)allocate:(size_t)rows columns:(size_t)columns {
    // ruleid: multiplied-allocation
    char *first = malloc(rows * columns);
    // ruleid: multiplied-allocation
    first = realloc(first, columns * rows);
    // ok: multiplied-allocation
    int *second = malloc(rows * sizeof(int));
    // ok: multiplied-allocation
    char *third = calloc(rows, columns);
}
- (void)bridge:(SecCertificateRef)certificate {
    // ruleid: core-foundation-leak
    NSString *name = (__bridge NSString *)SecCertificateCopySubjectSummary(certificate);
    // ruleid: core-foundation-leak
    NSString *uuid = (__bridge NSString *)CFUUIDCreateString(NULL, self.uuid);
    // ok: core-foundation-leak
    NSString *summary = (__bridge_transfer NSString *)SecCertificateCopySubjectSummary(certificate);
    // ok: core-foundation-leak
    NSString *other = CFBridgingRelease(SecCertificateCopySubjectSummary(certificate));
    // ruleid: core-foundation-over-release
    NSString *lent = (__bridge_transfer NSString *)CFBundleGetIdentifier(self.bundle);
    // ruleid: core-foundation-over-release
    NSString *also = CFBridgingRelease(CFLocaleGetIdentifier(self.locale));
    // ok: core-foundation-over-release
    NSString *fine = (__bridge NSString *)CFBundleGetIdentifier(self.bundle);
    // ok: core-foundation-over-release
    NSString *own = CFBridgingRelease(CFStringCreateCopy(NULL, text));
}
@end
