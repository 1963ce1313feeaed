#if canImport(Security) || AppleStubs
    import BucklerPrimitives
    import Crypto
    import Foundation

    #if canImport(Security)
        import CoreFoundation
        import Security
    #elseif AppleStubs
        import BucklerAppleStubs
    #endif

    /// The device key in the Secure Enclave: made there, used there, never exported, usable after the first unlock.
    ///
    /// Several keys may carry one tag, so the Keychain cannot say which of two racing processes made *the* key. The add-only
    /// item `device-key` names it: its value is the suffix of the key's application tag.
    public struct SecureEnclaveKeyStore: DeviceKeyStore {
        private let items: KeychainSecretStore
        private let tag: String
        private let accessGroup: String?
        private let usesEnclave: Bool
        private let entropy: Entropy

        /// The key of `items`' service.
        ///
        /// `usesEnclave: false` keeps it in the Keychain instead: simulators have no Secure Enclave; a device without
        /// one falls back by the app's explicit choice only.
        public init(
            items: KeychainSecretStore, tag: String, accessGroup: String?, usesEnclave: Bool = true,
            entropy: Entropy = .system
        ) {
            self.items = items
            self.tag = tag
            self.accessGroup = accessGroup
            self.usesEnclave = usesEnclave
            self.entropy = entropy
        }

        /// True for keys of the Secure Enclave.
        public var isHardwareBacked: Bool { usesEnclave }

        /// Finds the key.
        ///
        /// A reference whose public key cannot be read is an invalidated key: nil.
        public func load() throws(SecretStoreError) -> (any DeviceKey)? {
            guard let suffix = try items.read(Self.item) else { return nil }
            return try find(suffix)
        }

        /// Makes the key, unless one exists.
        ///
        /// Of two racing processes one wins, and both return the winner's key.
        public func create() throws(SecretStoreError) -> any DeviceKey {
            if let suffix = try items.read(Self.item) {
                if let key = try find(suffix) { return key }
                try items.delete(Self.item)
                try deleteKey(suffix)
            }
            let suffix = SecretBytes(entropy.bytes(16))
            try makeKey(suffix)
            if try !items.add(Self.item, suffix, protection: .afterFirstUnlock) { try deleteKey(suffix) }
            guard let key = try load() else { throw .damaged }
            return key
        }

        /// Deletes the key and its name.
        public func delete() throws(SecretStoreError) {
            guard let suffix = try items.read(Self.item) else { return }
            try deleteKey(suffix)
            try items.delete(Self.item)
        }

        private func find(_ suffix: SecretBytes) throws(SecretStoreError) -> EnclaveKey? {
            var query = base(suffix)
            query[kSecMatchLimit] = kSecMatchLimitOne
            query[kSecReturnRef] = true
            var result: CFTypeRef?
            let status = SecItemCopyMatching(query as CFDictionary, &result)
            if status == errSecItemNotFound { return nil }
            try KeychainSecretStore.check(status)
            guard let result, CFGetTypeID(result) == SecKeyGetTypeID() else { throw .damaged }
            #if canImport(Security)
                // A conditional cast to a Core Foundation class does not compile; the type id was compared above.
                return EnclaveKey(unsafeDowncast(result, to: SecKey.self))
            #else
                return (result as? SecKey).flatMap(EnclaveKey.init)
            #endif
        }

        private func makeKey(_ suffix: SecretBytes) throws(SecretStoreError) {
            var error: Unmanaged<CFError>?
            guard
                let access = SecAccessControlCreateWithFlags(
                    nil, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly, usesEnclave ? .privateKeyUsage : [], &error)
            else { throw Self.failure(error) }
            var privateAttributes: [CFString: Any] = [
                kSecAttrIsPermanent: true, kSecAttrApplicationTag: applicationTag(suffix),
                kSecAttrAccessControl: access,
            ]
            if let accessGroup { privateAttributes[kSecAttrAccessGroup] = accessGroup }
            var attributes: [CFString: Any] = [
                kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom, kSecAttrKeySizeInBits: 256,
                kSecUseDataProtectionKeychain: true, kSecPrivateKeyAttrs: privateAttributes as CFDictionary,
            ]
            if usesEnclave { attributes[kSecAttrTokenID] = kSecAttrTokenIDSecureEnclave }
            guard SecKeyCreateRandomKey(attributes as CFDictionary, &error) != nil else { throw Self.failure(error) }
        }

        private func deleteKey(_ suffix: SecretBytes) throws(SecretStoreError) {
            let status = SecItemDelete(base(suffix) as CFDictionary)
            if status == errSecItemNotFound { return }
            try KeychainSecretStore.check(status)
        }

        private func base(_ suffix: SecretBytes) -> [CFString: Any] {
            var query: [CFString: Any] = [
                kSecClass: kSecClassKey, kSecAttrKeyClass: kSecAttrKeyClassPrivate,
                kSecAttrApplicationTag: applicationTag(suffix), kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom,
                kSecUseDataProtectionKeychain: true,
            ]
            if let accessGroup { query[kSecAttrAccessGroup] = accessGroup }
            return query
        }

        private func applicationTag(_ suffix: SecretBytes) -> Data {
            Data("\(tag).\(suffix.withExposedBytes { Hex.encode($0) })".utf8)
        }

        private static let item = "device-key"

        static func failure(_ error: Unmanaged<CFError>?) -> SecretStoreError {
            guard let error = error?.takeRetainedValue() else { return .platform(status: -1) }
            do {
                try KeychainSecretStore.check(OSStatus(truncatingIfNeeded: CFErrorGetCode(error)))
                return .platform(status: -1)
            } catch {
                return error
            }
        }
    }

    /// A reference to a key that the Secure Enclave or the Keychain holds.
    ///
    /// `@unchecked Sendable`: `SecKey` is immutable and documented as safe to use from several threads.
    struct EnclaveKey: DeviceKey, @unchecked Sendable {
        let publicPoint: [UInt8]
        private let key: SecKey

        /// Nil if the public key cannot be read: the private key was invalidated.
        init?(_ key: SecKey) {
            guard let publicKey = SecKeyCopyPublicKey(key),
                let point = SecKeyCopyExternalRepresentation(publicKey, nil) as Data?, point.count == 65
            else { return nil }
            self.key = key
            publicPoint = Array(point)
        }

        /// Signs inside the enclave; X9.62 DER there, r ‖ s here.
        func signature(for message: [UInt8]) throws(SecretStoreError) -> [UInt8] {
            var error: Unmanaged<CFError>?
            let algorithm = SecKeyAlgorithm.ecdsaSignatureMessageX962SHA256
            guard let der = SecKeyCreateSignature(key, algorithm, Data(message) as CFData, &error) as Data? else {
                throw SecureEnclaveKeyStore.failure(error)
            }
            do {
                return Array(try P256.Signing.ECDSASignature(derRepresentation: der).rawRepresentation)
            } catch {
                throw .damaged
            }
        }
    }
#endif
