#if !canImport(Security)
    import Crypto
    import Foundation
    import Synchronization

    /// A key: a reference into the pretended enclave, a software key, or a public key.
    public final class SecKey: Sendable {
        enum Material: Sendable {
            case enclave(name: String)
            case software(P256.Signing.PrivateKey)
            case publicKey(P256.Signing.PublicKey)
        }

        let material: Material
        let label: String

        init(_ material: Material, label: String) {
            self.material = material
            self.label = label
        }

        /// The private key, unless it was invalidated.
        var privateKey: P256.Signing.PrivateKey? {
            switch material {
            case .enclave(let name): StubDevice.current.contents.withLock { $0.enclave[name] }
            case .software(let key): key
            case .publicKey: nil
            }
        }
    }

    /// Which signature.
    public struct SecKeyAlgorithm: Hashable, Sendable {
        let name: String

        /// ECDSA with SHA-256 over the message, X9.62 (DER).
        public static let ecdsaSignatureMessageX962SHA256 = SecKeyAlgorithm(
            name: "algid:sign:ECDSA:message-X962:SHA256")
    }

    /// Conditions for using a key.
    public struct SecAccessControlCreateFlags: OptionSet, Sendable {
        /// The bits.
        public let rawValue: UInt

        /// From bits.
        public init(rawValue: UInt) { self.rawValue = rawValue }

        /// May sign; needed for enclave keys.
        public static let privateKeyUsage = SecAccessControlCreateFlags(rawValue: 1 << 30)
    }

    /// A protection class and conditions.
    public final class SecAccessControl: Sendable {
        let protection: CFString
        let flags: SecAccessControlCreateFlags

        init(protection: CFString, flags: SecAccessControlCreateFlags) {
            self.protection = protection
            self.flags = flags
        }
    }

    /// Makes an access control object.
    public func SecAccessControlCreateWithFlags(
        _ allocator: CFAllocator?, _ protection: CFTypeRef, _ flags: SecAccessControlCreateFlags,
        _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
    ) -> SecAccessControl? {
        guard let protection = protection as? CFString else {
            error?.pointee = .passRetained(CFError(CFIndex(errSecParam)))
            return nil
        }
        return SecAccessControl(protection: protection, flags: flags)
    }

    /// Makes a key and, if permanent, adds it to the Keychain.
    public func SecKeyCreateRandomKey(
        _ parameters: CFDictionary, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
    ) -> SecKey? {
        func fail(_ status: OSStatus) -> SecKey? {
            error?.pointee = .passRetained(CFError(CFIndex(status)))
            return nil
        }
        guard parameters[kSecAttrKeyType] as? CFString == kSecAttrKeyTypeECSECPrimeRandom,
            parameters[kSecAttrKeySizeInBits] as? Int == 256
        else { return fail(errSecParam) }
        let attributes = parameters[kSecPrivateKeyAttrs] as? CFDictionary ?? [:]
        let control = attributes[kSecAttrAccessControl] as? SecAccessControl
        let device = StubDevice.current
        let group = attributes[kSecAttrAccessGroup] as? String ?? device.accessGroups.first ?? ""
        guard device.accessGroups.contains(group) else { return fail(errSecMissingEntitlement) }

        let fresh = P256.Signing.PrivateKey()
        let label = Data(SHA256.hash(data: fresh.publicKey.x963Representation)).base64EncodedString()
        var key = SecKey(.software(fresh), label: label)
        if parameters[kSecAttrTokenID] as? CFString == kSecAttrTokenIDSecureEnclave {
            guard control?.flags.contains(.privateKeyUsage) == true else { return fail(errSecParam) }
            device.contents.withLock { $0.enclave[label] = fresh }
            key = SecKey(.enclave(name: label), label: label)
        }
        guard attributes[kSecAttrIsPermanent] as? Bool == true else { return key }
        let item = StubDevice.Item(
            itemClass: kSecClassKey, group: group,
            accessibility: control?.protection ?? kSecAttrAccessibleWhenUnlockedThisDeviceOnly,
            attributes: [kSecAttrApplicationTag: attributes[kSecAttrApplicationTag] ?? Data()], data: nil, key: key)
        let status = device.contents.withLock { $0.add(item) }
        return status == errSecSuccess ? key : fail(status)
    }

    /// The public key, or nil if the private key was invalidated.
    public func SecKeyCopyPublicKey(_ key: SecKey) -> SecKey? {
        key.privateKey.map { SecKey(.publicKey($0.publicKey), label: key.label) }
    }

    /// A public key's point.
    ///
    /// Private keys are not exported.
    public func SecKeyCopyExternalRepresentation(
        _ key: SecKey, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
    ) -> CFData? {
        guard case .publicKey(let publicKey) = key.material else {
            error?.pointee = .passRetained(CFError(CFIndex(errSecParam)))
            return nil
        }
        return publicKey.x963Representation
    }

    /// Signs with a private key that is still valid.
    public func SecKeyCreateSignature(
        _ key: SecKey, _ algorithm: SecKeyAlgorithm, _ data: CFData, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
    ) -> CFData? {
        guard algorithm == .ecdsaSignatureMessageX962SHA256, let privateKey = key.privateKey,
            let signature = try? privateKey.signature(for: data)
        else {
            error?.pointee = .passRetained(CFError(CFIndex(errSecAuthFailed)))
            return nil
        }
        return signature.derRepresentation
    }

    /// The type number of keys.
    public func SecKeyGetTypeID() -> CFTypeID { 268 }
#endif
