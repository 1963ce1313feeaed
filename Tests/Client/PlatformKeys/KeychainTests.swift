#if AppleStubs
    import BucklerAppleStubs
    import BucklerPlatformKeys
    import BucklerPrimitives
    import Crypto
    import Testing

    /// Runs `body` on `device`.
    private func on(_ device: StubDevice, _ body: () throws -> Void) throws {
        try StubDevice.$current.withValue(device, operation: body)
    }

    @Suite("Keychain adapter on the stand-in")
    struct KeychainTests {
        let device = StubDevice()
        let store = KeychainSecretStore(service: "test", accessGroup: nil)

        @Test("an added item is read, listed and deleted")
        func lifeOfAnItem() throws {
            try on(device) {
                #expect(try store.add("token.1.0", SecretBytes([1, 2]), protection: .afterFirstUnlock))
                #expect(try store.read("token.1.0") == SecretBytes([1, 2]))
                #expect(try store.names() == ["token.1.0"])
                try store.delete("token.1.0")
                #expect(try store.read("token.1.0") == nil)
            }
        }

        @Test("adding a name that exists changes nothing and says so (-25299)")
        func addOnly() throws {
            try on(device) {
                try store.checkReadable()
                #expect(try store.add("a", SecretBytes([1]), protection: .afterFirstUnlock))
                #expect(try !store.add("a", SecretBytes([2]), protection: .afterFirstUnlock))
                #expect(try store.read("a") == SecretBytes([1]))
            }
        }

        @Test("what is absent is nil, and deleting it is no error (-25300)")
        func absent() throws {
            try on(device) {
                #expect(try store.read("nothing") == nil)
                #expect(try store.names().isEmpty)
                try store.delete("nothing")
            }
        }

        @Test("before the first unlock everything says locked, even for items that were never there (-25308)")
        func beforeFirstUnlock() throws {
            try on(device) {
                try store.checkReadable()
                _ = try store.add("a", SecretBytes([1]), protection: .afterFirstUnlock)
                device.restart()
                #expect(throws: SecretStoreError.locked) { try store.checkReadable() }
                #expect(throws: SecretStoreError.locked) { try store.read("a") }
                #expect(throws: SecretStoreError.locked) {
                    try store.add("b", SecretBytes([1]), protection: .afterFirstUnlock)
                }
                device.unlock()
                #expect(try store.read("a") == SecretBytes([1]))
            }
        }

        @Test("an empty store before the first unlock is locked, not empty")
        func emptyAndLocked() throws {
            try on(device) {
                device.restart()
                #expect(throws: SecretStoreError.locked) { try store.checkReadable() }
            }
        }

        @Test("items of the unlocked class close with the screen, items after first unlock do not")
        func protectionClasses() throws {
            try on(device) {
                _ = try store.add("open", SecretBytes([1]), protection: .afterFirstUnlock)
                _ = try store.add("closed", SecretBytes([2]), protection: .whenUnlocked)
                _ = try store.add("passcode", SecretBytes([3]), protection: .whenPasscodeSet)
                device.lock()
                #expect(try store.read("open") == SecretBytes([1]))
                #expect(throws: SecretStoreError.locked) { try store.read("closed") }
                device.unlock()
                device.removePasscode()
                #expect(try store.read("passcode") == nil)
                #expect(try store.read("closed") == SecretBytes([2]))
            }
        }

        @Test("an access group that the app is not entitled to is refused (-34018)")
        func accessGroups() throws {
            try on(device) {
                try store.checkReadable()
                let foreign = KeychainSecretStore(service: "test", accessGroup: "OTHER.app")
                #expect(throws: SecretStoreError.notEntitled) { try foreign.read("a") }
                #expect(throws: SecretStoreError.notEntitled) {
                    try foreign.add("a", SecretBytes([1]), protection: .afterFirstUnlock)
                }
                let shared = KeychainSecretStore(service: "test", accessGroup: "TEAMID.shared")
                #expect(try shared.add("a", SecretBytes([1]), protection: .afterFirstUnlock))
                #expect(device.itemCount(inGroup: "TEAMID.shared") == 1)
            }
        }

        @Test("services do not see one another's items")
        func services() throws {
            try on(device) {
                let other = KeychainSecretStore(service: "other", accessGroup: nil)
                _ = try store.add("a", SecretBytes([1]), protection: .afterFirstUnlock)
                #expect(try other.read("a") == nil)
                #expect(try other.names().isEmpty)
            }
        }

        @Test("nothing of ours moves to another phone through a backup")
        func backup() throws {
            try on(device) {
                for (index, protection) in ItemProtection.allCases.enumerated() {
                    _ = try store.add("item\(index)", SecretBytes([1]), protection: protection)
                }
            }
            try on(device.restoredToNewDevice()) {
                try store.checkReadable()
                #expect(try store.names().isEmpty)
            }
        }
    }

    @Suite("Secure Enclave adapter on the stand-in")
    struct SecureEnclaveTests {
        let device = StubDevice()
        let keys = SecureEnclaveKeyStore(
            items: KeychainSecretStore(service: "test", accessGroup: nil), tag: "test", accessGroup: nil)

        @Test("a key signs what its public point verifies, and is found again")
        func signs() throws {
            try on(device) {
                let key = try keys.create()
                let message = Array("message".utf8)
                let publicKey = try P256.Signing.PublicKey(x963Representation: key.publicPoint)
                let signature = try P256.Signing.ECDSASignature(rawRepresentation: key.signature(for: message))
                #expect(publicKey.isValidSignature(signature, for: message))
                #expect(try keys.load()?.publicPoint == key.publicPoint)
                #expect(try keys.create().publicPoint == key.publicPoint)
            }
        }

        @Test("an invalidated key is no key, and a new one can be made")
        func invalidated() throws {
            try on(device) {
                let old = try keys.create()
                device.invalidateEnclaveKeys()
                #expect(try keys.load() == nil)
                #expect(throws: (any Error).self) { try old.signature(for: [1]) }
                #expect(try keys.create().publicPoint != old.publicPoint)
            }
        }

        @Test("before the first unlock the key is locked, not lost")
        func locked() throws {
            try on(device) {
                _ = try keys.create()
                device.restart()
                #expect(throws: SecretStoreError.locked) { try keys.load() }
                device.unlock()
                #expect(try keys.load() != nil)
            }
        }

        @Test("a deleted key is gone; deleting twice is no error")
        func deletes() throws {
            try on(device) {
                _ = try keys.create()
                try keys.delete()
                try keys.delete()
                #expect(try keys.load() == nil)
            }
        }

        @Test("the key does not come along to another phone")
        func notMigrating() throws {
            try on(device) { _ = try keys.create() }
            try on(device.restoredToNewDevice()) {
                let key = try keys.load()
                #expect(key == nil)
            }
        }
    }
#endif
