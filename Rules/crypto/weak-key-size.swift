import Security
func generate() {
    let attributes: [String: Any] = [
        kSecAttrKeyType as String: kSecAttrKeyTypeRSA,
        // ruleid: short-key-size
        kSecAttrKeySizeInBits as String: 1024,
        kSecPrivateKeyAttrs as String: [kSecAttrIsPermanent as String: true],
    ]
    var query: [String: Any] = [:]
    // ruleid: weak-key-size
    query[kSecAttrKeySizeInBits as String] = 512
    // ruleid: short-key-size
    query[kSecAttrKeySizeInBits as String] = 1536
    let curve: [CFString: Any] = [
        // ruleid: short-key-size
        kSecAttrKeySizeInBits: 192,
        kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
    ]
    let broken: [CFString: Any] = [
        kSecAttrKeyType: kSecAttrKeyTypeRSA,
        // ruleid: weak-key-size
        kSecAttrKeySizeInBits: 768,
    ]
    let good: [String: Any] = [
        kSecAttrKeyType as String: kSecAttrKeyTypeRSA,
        // ok: weak-key-size, short-key-size
        kSecAttrKeySizeInBits as String: 3072,
    ]
    let goodCurve: [String: Any] = [
        kSecAttrKeyType as String: kSecAttrKeyTypeECSECPrimeRandom,
        // ok: weak-key-size, short-key-size
        kSecAttrKeySizeInBits as String: 256,
    ]
    let approvedCurve: [CFString: Any] = [
        kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
        // ok: weak-key-size, short-key-size
        kSecAttrKeySizeInBits: 224,
    ]
    // ok: weak-key-size, short-key-size
    query[kSecAttrKeySizeInBits as String] = 256
    var symmetric: [CFString: Any] = [kSecAttrKeyType: kSecAttrKeyTypeAES]
    // ok: weak-key-size, short-key-size
    symmetric[kSecAttrKeySizeInBits] = 128
    // ok: weak-key-size, short-key-size
    query[kSecAttrKeySizeInBits as String] = 521
}
