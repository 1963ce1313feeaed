#if canImport(Security) || AppleStubs
    import BucklerPrimitives
    import Foundation

    #if canImport(Security)
        import Security
    #elseif AppleStubs
        import BucklerAppleStubs
    #endif

    /// Items of the Keychain: generic passwords of one service, on this device only, never synchronised.
    ///
    /// `SecItemAdd` is atomic across processes: the second adder gets `errSecDuplicateItem`. With an access group, an app and
    /// its extensions share the items without any lock (iOS kills a suspended app that holds a file lock in a shared container).
    public struct KeychainSecretStore: SecretStore {
        private let service: String
        private let accessGroup: String?

        /// Items of `service`; `accessGroup` is one of the app's entitlements, nil for its own.
        public init(service: String, accessGroup: String?) {
            self.service = service
            self.accessGroup = accessGroup
        }

        /// Adds or finds a probe item: asking for an item that may not exist cannot tell "locked" from "absent".
        public func checkReadable() throws(SecretStoreError) {
            if try read(Self.probe) == nil {
                _ = try add(Self.probe, SecretBytes([1]), protection: .afterFirstUnlock)
            }
        }

        /// The accounts of this service's items, without the probe.
        public func names() throws(SecretStoreError) -> [String] {
            var query = base()
            query[kSecMatchLimit] = kSecMatchLimitAll
            query[kSecReturnAttributes] = true
            var result: CFTypeRef?
            let status = SecItemCopyMatching(query as CFDictionary, &result)
            if status == errSecItemNotFound { return [] }
            try Self.check(status)
            guard let items = result as? [[String: Any]] else { throw .damaged }
            return items.compactMap { $0[kSecAttrAccount as String] as? String }.filter { $0 != Self.probe }
        }

        /// Reads one item.
        public func read(_ name: String) throws(SecretStoreError) -> SecretBytes? {
            var query = base()
            query[kSecAttrAccount] = name
            query[kSecMatchLimit] = kSecMatchLimitOne
            query[kSecReturnData] = true
            var result: CFTypeRef?
            let status = SecItemCopyMatching(query as CFDictionary, &result)
            if status == errSecItemNotFound { return nil }
            try Self.check(status)
            guard let data = result as? Data else { throw .damaged }
            return SecretBytes(data)
        }

        /// `SecItemAdd`; `errSecDuplicateItem` is the answer false.
        public func add(
            _ name: String, _ value: SecretBytes, protection: ItemProtection
        ) throws(SecretStoreError) -> Bool {
            var attributes = base()
            attributes[kSecAttrAccount] = name
            attributes[kSecAttrAccessible] = protection.accessibility
            attributes[kSecValueData] = value.withExposedBytes { Data($0) }
            let status = SecItemAdd(attributes as CFDictionary, nil)
            if status == errSecDuplicateItem { return false }
            try Self.check(status)
            return true
        }

        /// `SecItemDelete`; `errSecItemNotFound` is success.
        public func delete(_ name: String) throws(SecretStoreError) {
            var query = base()
            query[kSecAttrAccount] = name
            let status = SecItemDelete(query as CFDictionary)
            if status == errSecItemNotFound { return }
            try Self.check(status)
        }

        private func base() -> [CFString: Any] {
            var query: [CFString: Any] = [
                kSecClass: kSecClassGenericPassword,
                kSecAttrService: service,
                kSecAttrSynchronizable: false,
                kSecUseDataProtectionKeychain: true,
            ]
            if let accessGroup { query[kSecAttrAccessGroup] = accessGroup }
            return query
        }

        static func check(_ status: OSStatus) throws(SecretStoreError) {
            switch status {
            case errSecSuccess: return
            case errSecInteractionNotAllowed: throw .locked
            case errSecMissingEntitlement: throw .notEntitled
            case errSecDecode: throw .damaged
            default: throw .platform(status: status)
            }
        }

        private static let probe = "probe"
    }

    extension ItemProtection {
        /// The Keychain's accessibility class.
        var accessibility: CFString {
            switch self {
            case .afterFirstUnlock: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
            case .whenUnlocked: kSecAttrAccessibleWhenUnlockedThisDeviceOnly
            case .whenPasscodeSet: kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly
            }
        }
    }
#endif
