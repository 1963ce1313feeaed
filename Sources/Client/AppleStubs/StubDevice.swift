#if !canImport(Security)
    import Crypto
    import Foundation
    import Synchronization

    /// A pretended phone: a Keychain and a Secure Enclave in memory, with the documented behaviour of the real ones.
    ///
    /// The functions of this module act on ``current``. A test gives each case a device of its own:
    /// `StubDevice.$current.withValue(StubDevice()) { … }`. What happens to phones happens here by methods: it is restarted,
    /// locked, restored to other hardware; its enclave keys are invalidated. Deleting and reinstalling an app leaves the
    /// Keychain as it is, so there is no method for it.
    public final class StubDevice: Sendable {
        /// The device that the functions act on.
        @TaskLocal public static var current = StubDevice()

        /// The running app's access groups; the first one is the default for new items.
        public let accessGroups: [String]
        let contents: Mutex<Contents>

        /// A device that has been unlocked once, with a passcode.
        public init(accessGroups: [String] = ["TEAMID.app", "TEAMID.shared"]) {
            self.accessGroups = accessGroups
            contents = Mutex(Contents())
        }

        private init(accessGroups: [String], contents: Contents) {
            self.accessGroups = accessGroups
            self.contents = Mutex(contents)
        }

        /// Switches the phone off and on: nothing is readable until ``unlock()``.
        public func restart() {
            contents.withLock {
                $0.isUnlocked = false
                $0.wasUnlockedSinceStart = false
            }
        }

        /// Enters the passcode.
        public func unlock() {
            contents.withLock {
                $0.isUnlocked = true
                $0.wasUnlockedSinceStart = true
            }
        }

        /// Locks the screen.
        public func lock() { contents.withLock { $0.isUnlocked = false } }

        /// Removes the passcode: items that need one are destroyed.
        public func removePasscode() {
            contents.withLock {
                $0.items.removeAll { $0.accessibility == kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly }
                $0.hasPasscode = false
            }
        }

        /// The enclave forgets its private keys, as after a change of the biometry they were tied to: references stay in the
        /// Keychain and no longer work.
        public func invalidateEnclaveKeys() { contents.withLock { $0.enclave.removeAll() } }

        /// Another phone, restored from this one's backup: items that are not "this device only" came along, keys did not.
        public func restoredToNewDevice() -> StubDevice {
            let migrating = contents.withLock {
                $0.items.filter { !$0.isThisDeviceOnly && $0.itemClass != kSecClassKey }
            }
            var contents = Contents()
            contents.items = migrating
            return StubDevice(accessGroups: accessGroups, contents: contents)
        }

        /// The same phone seen by another app or extension with other entitlements.
        public func itemCount(inGroup group: String) -> Int {
            contents.withLock { $0.items.count { $0.group == group } }
        }

        struct Item {
            var itemClass: CFString
            var group: String
            var accessibility: CFString
            var attributes: [CFString: Any]
            var data: Data?
            var key: SecKey?

            var isThisDeviceOnly: Bool { accessibility.hasSuffix("u") }

            /// SecItem.h: what makes an item of its class unique.
            func hasSamePrimaryKey(as other: Item) -> Bool {
                guard itemClass == other.itemClass, group == other.group else { return false }
                let names = itemClass == kSecClassKey ? [kSecAttrApplicationTag] : [kSecAttrService, kSecAttrAccount]
                return names.allSatisfy { text(attributes[$0]) == text(other.attributes[$0]) }
                    && key?.label == other.key?.label
            }
        }

        /// `@unchecked Sendable`: holds `Any` values of immutable types and is reached only through the mutex.
        struct Contents: @unchecked Sendable {
            var isUnlocked = true
            var wasUnlockedSinceStart = true
            var hasPasscode = true
            var items: [Item] = []
            var enclave: [String: P256.Signing.PrivateKey] = [:]

            func isReadable(_ accessibility: CFString) -> Bool {
                switch accessibility {
                case kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly, kSecAttrAccessibleAfterFirstUnlock:
                    wasUnlockedSinceStart
                case kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly: isUnlocked && hasPasscode
                default: isUnlocked
                }
            }
        }
    }

    /// A comparable form of an attribute.
    func text(_ value: Any?) -> String? {
        switch value {
        case let data as Data: data.base64EncodedString()
        case let text as String: text
        case let flag as Bool: flag ? "1" : "0"
        case let number as Int: String(number)
        default: nil
        }
    }
#endif
