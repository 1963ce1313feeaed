import Security
func generate() {
    let attributes: [String: Any] = [
        kSecAttrKeyType as String: kSecAttrKeyTypeRSA,
        // ruleid: weak-key-size
        kSecAttrKeySizeInBits as String: 1024,
        kSecPrivateKeyAttrs as String: [kSecAttrIsPermanent as String: true],
    ]
    var query: [String: Any] = [:]
    // ruleid: weak-key-size
    query[kSecAttrKeySizeInBits as String] = 512
    let curve: [CFString: Any] = [
        // ruleid: weak-key-size
        kSecAttrKeySizeInBits: 192,
        kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
    ]
    let good: [String: Any] = [
        kSecAttrKeyType as String: kSecAttrKeyTypeRSA,
        // ok: weak-key-size
        kSecAttrKeySizeInBits as String: 3072,
    ]
    let goodCurve: [String: Any] = [
        kSecAttrKeyType as String: kSecAttrKeyTypeECSECPrimeRandom,
        // ok: weak-key-size
        kSecAttrKeySizeInBits as String: 256,
    ]
    // ok: weak-key-size
    query[kSecAttrKeySizeInBits as String] = 256
}
