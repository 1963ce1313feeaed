#if !canImport(Security)

    // Constants of Security.framework (SecItem.h, SecBase.h): the same names, the documented values.

    /// No error.
    public let errSecSuccess: OSStatus = 0
    /// A parameter is wrong or missing.
    public let errSecParam: OSStatus = -50
    /// The item cannot be decoded.
    public let errSecDecode: OSStatus = -26275
    /// The key refused: it was invalidated.
    public let errSecAuthFailed: OSStatus = -25293
    /// An item with the same primary key exists.
    public let errSecDuplicateItem: OSStatus = -25299
    /// Nothing matches.
    public let errSecItemNotFound: OSStatus = -25300
    /// The item's protection class forbids it now: not unlocked yet, or locked.
    public let errSecInteractionNotAllowed: OSStatus = -25308
    /// The app has no right to the access group.
    public let errSecMissingEntitlement: OSStatus = -34018

    /// The class of an item.
    public let kSecClass: CFString = "class"
    /// Generic password items.
    public let kSecClassGenericPassword: CFString = "genp"
    /// Key items.
    public let kSecClassKey: CFString = "keys"
    /// Service of a generic password.
    public let kSecAttrService: CFString = "svce"
    /// Account of a generic password.
    public let kSecAttrAccount: CFString = "acct"
    /// Access group.
    public let kSecAttrAccessGroup: CFString = "agrp"
    /// Synchronised through iCloud.
    public let kSecAttrSynchronizable: CFString = "sync"
    /// The iOS kind of keychain on macOS.
    public let kSecUseDataProtectionKeychain: CFString = "nleg"
    /// The item's bytes.
    public let kSecValueData: CFString = "v_Data"
    /// Protection class.
    public let kSecAttrAccessible: CFString = "pdmn"
    /// Access control object.
    public let kSecAttrAccessControl: CFString = "accc"
    /// After first unlock, this device only.
    public let kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly: CFString = "cku"
    /// After first unlock, may migrate with a backup.
    public let kSecAttrAccessibleAfterFirstUnlock: CFString = "ck"
    /// While unlocked, this device only.
    public let kSecAttrAccessibleWhenUnlockedThisDeviceOnly: CFString = "aku"
    /// While unlocked and a passcode is set, this device only.
    public let kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly: CFString = "akpu"
    /// How many results.
    public let kSecMatchLimit: CFString = "m_Limit"
    /// One result.
    public let kSecMatchLimitOne: CFString = "m_LimitOne"
    /// Every result.
    public let kSecMatchLimitAll: CFString = "m_LimitAll"
    /// Return the bytes.
    public let kSecReturnData: CFString = "r_Data"
    /// Return the attributes.
    public let kSecReturnAttributes: CFString = "r_Attributes"
    /// Return a reference.
    public let kSecReturnRef: CFString = "r_Ref"
    /// Tag of a key.
    public let kSecAttrApplicationTag: CFString = "atag"
    /// Class of a key.
    public let kSecAttrKeyClass: CFString = "kcls"
    /// Private keys.
    public let kSecAttrKeyClassPrivate: CFString = "1"
    /// Type of a key.
    public let kSecAttrKeyType: CFString = "type"
    /// NIST curves.
    public let kSecAttrKeyTypeECSECPrimeRandom: CFString = "73"
    /// Size of a key.
    public let kSecAttrKeySizeInBits: CFString = "bsiz"
    /// Where a key lives.
    public let kSecAttrTokenID: CFString = "tkid"
    /// In the Secure Enclave.
    public let kSecAttrTokenIDSecureEnclave: CFString = "com.apple.setoken"
    /// Keep the key.
    public let kSecAttrIsPermanent: CFString = "perm"
    /// Attributes of the private key.
    public let kSecPrivateKeyAttrs: CFString = "private"
#endif
