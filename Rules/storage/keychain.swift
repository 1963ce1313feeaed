import Security
func add(_ data: Data, _ control: SecAccessControl) {
    var query: [String: Any] = [kSecClass as String: kSecClassGenericPassword]
    // ruleid: keychain-always-accessible
    query[kSecAttrAccessible as String] = kSecAttrAccessibleAlways
    // ruleid: keychain-always-accessible
    query[kSecAttrAccessible as String] = kSecAttrAccessibleAlwaysThisDeviceOnly
    // ruleid: keychain-after-first-unlock
    query[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlock
    // ok: keychain-always-accessible, keychain-after-first-unlock
    query[kSecAttrAccessible as String] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
    // ruleid: keychain-after-first-unlock
    let keychain = Keychain(service: "app").accessibility(.afterFirstUnlock)
    // ok: keychain-after-first-unlock
    let access = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
    // ok: keychain-always-accessible, keychain-after-first-unlock
    let text = "kSecAttrAccessibleAlways"
    // ruleid: keychain-synchronizable
    query[kSecAttrSynchronizable as String] = kCFBooleanTrue
    // ok: keychain-synchronizable
    query[kSecAttrSynchronizable as String] = kCFBooleanFalse
    // ruleid: keychain-synchronizable, keychain-without-access-class
    let item: [CFString: Any] = [kSecClass: kSecClassKey, kSecValueData: data, kSecAttrSynchronizable: true]
    // ruleid: keychain-without-access-class
    let plain = [kSecValueData as String: data, kSecClass as String: kSecClassKey] as CFDictionary
    // ok: keychain-without-access-class, keychain-synchronizable
    let bound: [String: Any] = [
        kSecClass as String: kSecClassKey, kSecValueData as String: data, kSecAttrAccessControl as String: control,
    ]
    // ok: keychain-without-access-class
    let question: [String: Any] = [kSecClass as String: kSecClassKey, kSecReturnData as String: true]
    // ok: keychain-without-access-class
    var later: [String: Any] = [kSecClass as String: kSecClassKey, kSecValueData as String: data]
    later[kSecAttrAccessible as String] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
}
