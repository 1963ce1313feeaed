void looks(void) {
    // ruleid: debugger-check-by-flag
    ptrace(PT_DENY_ATTACH, 0, 0, 0);
    // ok: debugger-check-by-flag
    ptrace(PT_CONTINUE, 0, 0, 0);
    // ruleid: tool-check-by-name
    BOOL found = [images containsObject:@"MobileSubstrate.dylib"];
    // ok: tool-check-by-name
    BOOL fine = [images containsObject:@"Foundation"];
    // ruleid: simulator-check-by-environment
    char *name = getenv("SIMULATOR_DEVICE_NAME");
    // ok: simulator-check-by-environment
    char *home = getenv("HOME");
}
