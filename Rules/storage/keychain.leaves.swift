import Security

func attributes() -> [[String: Any]] {
    [
        // ruleid: keychain-leaves-device
        [kSecAttrAccessible as String: kSecAttrAccessibleWhenUnlocked],
        // ok: keychain-leaves-device
        [kSecAttrAccessible as String: kSecAttrAccessibleWhenUnlockedThisDeviceOnly],
    ]
}

func keychain(_ chain: Keychain) -> [Keychain] {
    [
        // ruleid: keychain-leaves-device
        chain.accessibility(.whenUnlocked),
        // ok: keychain-leaves-device
        chain.accessibility(.whenUnlockedThisDeviceOnly),
    ]
}
