import Authentication
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Sessions
import Storage
import TestSupport
import Testing

/// What every engine does with rows under the keys of two root keys.
@Suite("Rows of a root key's rotation", .timeLimit(.minutes(5)))
struct RootRotationContract {
    private struct Rig {
        let database: any EngineUnderTest
        let folder: TemporaryFolder
        let clock = ManualClock()
        let entropy = Entropy.seeded(31)
        let keys: InstanceKeys

        init(_ database: any EngineUnderTest) async throws {
            self.database = database
            folder = try TemporaryFolder()
            try SystemKeyFiles().createDirectory(at: folder.path + "/data")
            keys = try await Self.loader(database, clock, entropy).load(
                keysFolder: folder.path + "/keys", dataFolder: folder.path + "/data")
        }

        var loader: InstanceKeysLoader { Self.loader(database, clock, entropy) }
        var rotation: RootRotationRepository { RootRotationRepository(database: database) }

        static func loader(_ database: any SQLDatabase, _ clock: ManualClock, _ entropy: Entropy) -> InstanceKeysLoader
        {
            InstanceKeysLoader(
                files: SystemKeyFiles(), store: InstanceRepository(database: database), clock: clock.clock,
                entropy: entropy)
        }

        func repository(_ keys: InstanceKeys? = nil) -> AuthenticationRepository {
            let keys = keys ?? self.keys
            return AuthenticationRepository(
                database: database, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: clock.clock,
                entropy: entropy)
        }

        func sessions() -> SessionRepository {
            SessionRepository(
                database: database, keyRing: keys.ring, accountKeys: keys.accountKeys, clock: clock.clock,
                entropy: entropy)
        }

        func replaceRoot() async throws {
            let next = try await loader.prepareRoot(
                keysFolder: folder.path + "/keys", keys: keys, refreshEpochs: [])
            try await rotation.replaceRoot(
                next.change, refreshEpochs: [],
                event: SecurityEvent(id: .random(entropy), name: .adminAction, reason: nil, at: clock.now))
            loader.takeRoot(next, keys: keys)
            try loader.settleRoot(keysFolder: folder.path + "/keys", keys: keys)
        }
    }

    private static func with(_ backend: Backend, _ body: (Rig) async throws -> Void) async throws {
        try await backend.withDatabase(migrations: Migrations.all) { try await body(try await Rig($0)) }
    }

    private static func account(_ rig: Rig, _ address: String) async throws -> AccountID {
        let new = NewAccount(
            id: .random(rig.entropy), email: try Email(parsing: address), passwordVerifier: SecretString("phc"),
            passwordClass: .standard)
        let (now, entropy) = (rig.clock.now, rig.entropy)
        return try await rig.repository().write { transaction in
            try transaction.createAccount(new, at: now)
            let factor = PendingFactor(
                id: .random(entropy), kind: .totp, secret: SecretBytes(entropy.bytes(20)), createdAt: now)
            try transaction.addPendingFactor(factor, to: new.id)
            _ = try transaction.confirmFactor(factor.id, of: new.id, step: 1, at: now)
            try transaction.replaceRecoveryCodes(of: new.id, with: [SecretString("a"), SecretString("b")], at: now)
            return new.id
        }
    }

    @Test(
        "accounts read the same before, between and after, and in the end without any kept key", arguments: Backend.all)
    func accounts(backend: Backend) async throws {
        try await Self.with(backend) { rig in
            var ids: [AccountID] = []
            for name in ["ann", "bea", "cleo"] { ids.append(try await Self.account(rig, "\(name)@example.org")) }
            let all = ids
            let before = try await rig.repository().read { transaction in try all.map { try transaction.account($0) } }
            try await rig.replaceRoot()
            #expect(try await rig.rotation.rowsBehind() == [.accounts: 3, .sessions: 0, .mails: 0])
            #expect(try await rig.repository().moveAccounts(limit: 2))
            #expect(try await rig.rotation.rowsBehind()[.accounts] == 1)
            for name in ["ann", "bea", "cleo"] {
                let email = try Email(parsing: "\(name)@example.org")
                let found = try await rig.repository().read { try $0.findAccount(email) }
                #expect(before.contains { $0?.id == found?.id && $0?.factors.count == found?.factors.count })
                await #expect(throws: StoreError.conflict, "an address has one account, under whatever index") {
                    _ = try await Self.account(rig, "\(name)@example.org")
                }
            }
            #expect(try await !rig.repository().moveAccounts(limit: 2))
            #expect(try await rig.rotation.rowsBehind()[.accounts] == nil)
            try await rig.rotation.forget(Set(rig.keys.ring.kept))
            let keys = try await rig.loader.load(
                keysFolder: rig.folder.path + "/keys", dataFolder: rig.folder.path + "/data")
            #expect(keys.ring.kept.isEmpty)
            let repository = rig.repository(keys)
            for (id, old) in zip(all, before) {
                let now = try #require(try await repository.read { try $0.account(id) })
                #expect(now.email == old?.email && now.passwordVerifier == old?.passwordVerifier)
                #expect(now.factors.count == 1 && now.recoveryCodesLeft == 2)
                #expect(
                    try await repository.read { try $0.recoveryCode(of: id, index: 1)?.verifier } == SecretString("b"))
            }
        }
    }

    @Test(
        "a known device is known under either name, has one row, and a tampered row moves nothing",
        arguments: Backend.all)
    func devices(backend: Backend) async throws {
        try await Self.with(backend) { rig in
            let id = try await Self.account(rig, "ann@example.org")
            let key = try #require(JWKThumbprint(bytes: [UInt8](repeating: 5, count: 32)))
            let now = rig.clock.now
            try await rig.repository().write { try $0.rememberDevice(key, of: id, at: now) }
            try await rig.replaceRoot()
            #expect(try await rig.repository().read { try $0.isKnownDevice(key, of: id, at: now) })
            try await rig.repository().write { try $0.rememberDevice(key, of: id, at: now) }
            let count = try await rig.database.read { try $0.query("SELECT count(*) FROM known_device")[0].integer(0) }
            #expect(count == 1)
            try await rig.database.write {
                try $0.execute("UPDATE account SET password_sealed = state_sealed WHERE id = \(id)")
            }
            _ = try await rig.repository().moveAccounts(limit: 10)
            await #expect(throws: StoreError.tampered(table: "account")) {
                _ = try await rig.repository().read { try $0.account(id) }
            }
        }
    }

    @Test("a device that is signed out in mid-rotation is forgotten under either name", arguments: Backend.all)
    func forgottenDevice(backend: Backend) async throws {
        try await Self.with(backend) { rig in
            let id = try await Self.account(rig, "ann@example.org")
            let lost = try #require(JWKThumbprint(bytes: [UInt8](repeating: 5, count: 32)))
            let other = try #require(JWKThumbprint(bytes: [UInt8](repeating: 6, count: 32)))
            let now = rig.clock.now
            try await rig.repository().write {
                try $0.rememberDevice(lost, of: id, at: now)
                try $0.rememberDevice(other, of: id, at: now)
            }
            try await rig.replaceRoot()
            let ending = SessionEnding(
                session: .random(rig.entropy), account: id, key: lost,
                client: try #require(ClientID(parsing: "notes-ios")), device: .random(rig.entropy),
                reason: .endedByPerson, endedAt: now)
            try await rig.sessions().write { try $0.forgetDevice(of: ending) }
            #expect(try await !rig.repository().read { try $0.isKnownDevice(lost, of: id, at: now) })
            #expect(try await rig.repository().read { try $0.isKnownDevice(other, of: id, at: now) })
            while try await rig.repository().moveAccounts(limit: 10) {}
            try await rig.repository().write { try $0.rememberDevice(lost, of: id, at: now) }
            try await rig.sessions().write { try $0.forgetDevice(of: ending) }
            #expect(try await !rig.repository().read { try $0.isKnownDevice(lost, of: id, at: now) })
        }
    }

    @Test("what was used of a budget stays used under its new name", arguments: Backend.all)
    func budgets(backend: Backend) async throws {
        try await Self.with(backend) { rig in
            let old = [UInt8](repeating: 1, count: 32)
            let key = BudgetKey(tag: [UInt8](repeating: 2, count: 32), formerTags: [old])
            let now = rig.clock.now
            let repository = rig.repository()
            for _ in 0..<3 {
                _ = try await repository.write {
                    try $0.chargeBudget(BudgetKey(tag: old), window: .fixed(.hours(1)), at: now)
                }
            }
            #expect(try await repository.read { try $0.budget(key, at: now)?.count } == 3)
            let reading = try await repository.write { try $0.chargeBudget(key, window: .fixed(.hours(1)), at: now) }
            #expect(reading.count == 4)
            #expect(try await repository.read { try $0.budget(BudgetKey(tag: old), at: now) } == nil)
            try await repository.write { try $0.clearBudgets([key]) }
            #expect(try await repository.read { try $0.budget(key, at: now) } == nil)
        }
    }

    @Test("queued mail is sent after the move as before it", arguments: Backend.all)
    func mails(backend: Backend) async throws {
        try await Self.with(backend) { rig in
            let mail = MailMessage(
                recipient: try Email(parsing: "ann@example.org"), subject: try MailHeaderText(parsing: "Code"),
                text: SecretString("text"), html: SecretString("html"))
            let now = rig.clock.now
            for _ in 0..<3 {
                try await rig.repository().write { try $0.enqueue(mail: mail, rank: .first, expiresAt: nil) }
            }
            try await rig.replaceRoot()
            #expect(try await rig.repository().read { try $0.dueMail(at: now, limit: 9) }.allSatisfy { $0.mail != nil })
            while try await rig.repository().moveMails(limit: 2) {}
            rig.keys.ring.forget(Set(rig.keys.ring.kept))
            let due = try await rig.repository().read { try $0.dueMail(at: now, limit: 9) }
            #expect(due.count == 3 && due.allSatisfy { $0.mail?.message == mail })
        }
    }
}
