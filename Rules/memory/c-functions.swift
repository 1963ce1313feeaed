import Darwin

func copy(_ target: UnsafeMutablePointer<CChar>, _ text: String) {
    // ruleid: unbounded-copy
    strcpy(target, text)
    // ruleid: unbounded-copy
    strcat(target, text)
    // ok: unbounded-copy
    strlcpy(target, text, 16)
    // ok: unbounded-copy
    strcpy(target, "short")
    // ruleid: predictable-temporary-file
    let name = mktemp(target)
    // ruleid: predictable-temporary-file
    let second = tempnam("/tmp", "x")
    // ok: predictable-temporary-file
    let file = mkstemp(target)
    // ok: predictable-temporary-file
    let folder = mkdtemp(target)
}
