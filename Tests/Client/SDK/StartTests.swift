#if AppleStubs
    import Buckler
    import BucklerAppleStubs
    import BucklerPlatformKeys
    import BucklerPrimitives
    import BucklerTesting
    import Testing

    /// PD-13, row by row, with the Keychain and Secure Enclave adapters on the stand-ins.
    @Suite("What is found at start")
    struct StartTests {
        let fake = FakeBuckler()
        let phone = StubDevice()
        let files = MemoryFiles()
        let draft = VaultItem("draft", purpose: "unsent note", protection: .afterFirstUnlock)

        init() { fake.addAccount(email: Phone.email, password: Phone.password) }

        private func client(profile: String = "default", files: MemoryFiles? = nil) throws -> BucklerClient {
            let items = KeychainSecretStore(service: profile, accessGroup: nil)
            var device = FakeDevice()
            device.secrets = items
            device.keys = SecureEnclaveKeyStore(items: items, tag: profile, accessGroup: nil)
            device.files = files ?? self.files
            return try fake.client(on: device)
        }

        private func signIn(_ client: BucklerClient) async throws -> BucklerSession {
            guard case .signedIn(let session) = try await client.signIn(email: Phone.email, password: Phone.password)
            else { throw Phone.Surprise.step }
            try await session.vault.save(SecretBytes([1]), as: draft)
            return session
        }

        private func on(_ device: StubDevice, _ body: () async throws -> Void) async throws {
            try await StubDevice.$current.withValue(device, operation: body)
        }

        @Test("token and key: the session goes on")
        func normal() async throws {
            try await on(phone) {
                let session = try await signIn(client())
                #expect(try await client().check() == .signedIn(session))
            }
        }

        @Test("before the first unlock: unknown, nothing touched, and normal afterwards")
        func beforeFirstUnlock() async throws {
            try await on(phone) {
                let session = try await signIn(client())
                phone.restart()
                let started = try client()
                #expect(await started.check() == .unknown)
                #expect(await code { try await started.refreshIfNeeded() } == "client.storage_locked")
                #expect(await code { _ = try await started.signIn(email: Phone.email) } == "client.storage_locked")
                phone.unlock()
                #expect(await started.check() == .signedIn(session))
            }
        }

        @Test("token, no key: tokens are dropped, sign-in is asked for once, and works")
        func keyLost() async throws {
            try await on(phone) {
                _ = try await signIn(client())
                phone.invalidateEnclaveKeys()
                let started = try client()
                #expect(await started.check() == .signedOut(.deviceKeyLost))
                let store = KeychainSecretStore(service: "default", accessGroup: nil)
                #expect(try !store.names().contains { $0.hasPrefix("token.") || $0.hasPrefix("session.") })
                // No loop: a further start finds nothing more to drop and says the same.
                #expect(try await client().check() == .signedOut(.deviceKeyLost))
                let session = try await signIn(started)
                #expect(try await client().check() == .signedIn(session))
            }
        }

        @Test("a key that is lost while the app runs ends the session at the next proof, without a loop")
        func keyLostWhileRunning() async throws {
            try await on(phone) {
                let client = try client()
                _ = try await signIn(client)
                phone.invalidateEnclaveKeys()
                fake.time.advance(by: .seconds(400))
                let before = fake.refreshes.requests
                #expect(await code { try await client.refreshIfNeeded() } == "client.signed_out")
                #expect(await code { try await client.refreshIfNeeded() } == "client.signed_out")
                #expect(await client.check() == .signedOut(.deviceKeyLost))
                #expect(fake.refreshes.requests == before)
            }
        }

        @Test("key, no token: the key is kept and the next session is bound to it")
        func keyWithoutToken() async throws {
            try await on(phone) {
                let client = try client()
                let items = KeychainSecretStore(service: "default", accessGroup: nil)
                let keys = SecureEnclaveKeyStore(items: items, tag: "default", accessGroup: nil)
                let session = try await signIn(client)
                let point = try keys.load()?.publicPoint
                try await session.signOut()
                #expect(try await self.client().check() == .signedOut(.byPerson))
                #expect(try keys.load()?.publicPoint == point)
                _ = try await signIn(client)
                #expect(try keys.load()?.publicPoint == point)
            }
        }

        @Test("both, other installation: both are deleted, with the items of the former one", arguments: [true, false])
        func reinstalled(hasForeignFile: Bool) async throws {
            try await on(phone) {
                _ = try await signIn(client())
                // Deleting the app takes its files and leaves the Keychain.
                let fresh = MemoryFiles()
                if hasForeignFile { try fresh.write("installation.json", Array(#"{"v":1,"id":"another"}"#.utf8)) }
                let items = KeychainSecretStore(service: "default", accessGroup: nil)
                #expect(try await client(files: fresh).check() == .signedOut(.reinstalled))
                #expect(try items.names().isEmpty)
                #expect(try SecureEnclaveKeyStore(items: items, tag: "default", accessGroup: nil).load() == nil)
                #expect(try await client(files: fresh).check() == .signedOut(.notSignedIn))
                let session = try await signIn(client(files: fresh))
                #expect(try await client(files: fresh).check() == .signedIn(session))
            }
        }

        @Test("neither, our files present: a new phone from a backup wipes the files")
        func newDevice() async throws {
            try await on(phone) { _ = try await signIn(client()) }
            try await on(phone.restoredToNewDevice()) {
                #expect(try await client().check() == .signedOut(.newDevice))
                #expect(try files.read("installation.json") == nil)
                #expect(try await client().check() == .signedOut(.notSignedIn))
                let session = try await signIn(client())
                #expect(try await client().check() == .signedIn(session))
            }
        }

        @Test("neither, no files: nobody has signed in yet")
        func fresh() async throws {
            try await on(phone) {
                let client = try client()
                #expect(await client.check() == .signedOut(.notSignedIn))
            }
        }

        @Test("the reason of the last sign-out is known to the next start")
        func rememberedReason() async throws {
            try await on(phone) {
                let session = try await signIn(client())
                fake.endSessions(reason: "ended_by_person")
                #expect(await code { _ = try await session.sessions() } == "client.signed_out")
                #expect(try await client().check() == .signedOut(.ended(reason: "ended_by_person")))
            }
        }

        @Test("two profiles on one phone: signing out one leaves the other's session and key")
        func twoProfiles() async throws {
            try await on(phone) {
                let otherFiles = MemoryFiles()
                let mine = try await signIn(client())
                let theirs = try await signIn(client(profile: "other", files: otherFiles))
                try await mine.signOut()
                #expect(try await client(profile: "other", files: otherFiles).check() == .signedIn(theirs))
                #expect(try await theirs.vault.read(draft) == SecretBytes([1]))
            }
        }

        @Test("killed at any step of a sign-in, the next start is signed in or out, and signing in works")
        func killedSignIn() async throws {
            for operations in 0..<60 {
                let device = FakeDevice()
                let mortal = MortalStore(device.secrets, operations: operations, diesAfterEffect: true)
                var dying = device
                dying.secrets = mortal
                let victim = try fake.client(on: dying)
                _ = await code { _ = try await victim.signIn(email: Phone.email, password: Phone.password) }
                let next = try fake.client(on: device)
                switch await next.check() {
                case .signedIn, .signedOut(.notSignedIn): break
                // A session without a touch: the kill was before the first activity was written.
                case .locked: break
                default: Issue.record("killed at \(operations): \(await next.check())")
                }
                _ = try await next.signIn(email: Phone.email, password: Phone.password)
                #expect(await next.session() != nil, "killed at \(operations)")
                if !mortal.isDead { return }
            }
            Issue.record("a sign-in takes more than sixty operations")
        }
    }
#endif
