import BucklerPrimitives
import DataProtection
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("Accounts' data keys")
struct AccountDataKeysTests {
    let alice = AccountID.random(.seeded(1))
    let mallory = AccountID.random(.seeded(2))
    let sealer = PersonalDataSealer(entropy: .seeded(3))

    @Test("what one account's key sealed, no other key, place or owner opens")
    func places() throws {
        let keys = TestKeys().accountKeys
        let mine = keys.create(for: alice).key
        let hers = keys.create(for: mallory).key
        let context = RowContext(table: "account", column: "email", owner: alice.bytes)
        let sealed = sealer.seal(Array("alice@example.org".utf8), context, dataKey: mine)
        #expect(try sealer.open(sealed, context, dataKey: mine) == SecretBytes("alice@example.org".utf8))
        let others = [
            RowContext(table: "account", column: "phone", owner: alice.bytes),
            RowContext(table: "factor", column: "email", owner: alice.bytes),
            RowContext(table: "account", column: "email", owner: mallory.bytes),
            RowContext(table: "account", column: "email", owner: alice.bytes, version: 2),
            RowContext(table: "accounte", column: "mail", owner: alice.bytes),
        ]
        for other in others {
            #expect(throws: SealingError.notAuthentic) { try sealer.open(sealed, other, dataKey: mine) }
        }
        #expect(throws: SealingError.notAuthentic) { try sealer.open(sealed, context, dataKey: hers) }
    }

    @Test("every changed, cut or lengthened byte is refused")
    func changes() throws {
        let key = TestKeys().accountKeys.create(for: alice).key
        let context = RowContext(table: "account", column: "email", owner: alice.bytes)
        let sealed = sealer.seal([1, 2, 3], context, dataKey: key)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SealingError.notAuthentic) { try sealer.open(changed, context, dataKey: key) }
            #expect(throws: SealingError.notAuthentic) {
                try sealer.open(Array(sealed[..<index]), context, dataKey: key)
            }
        }
        #expect(throws: SealingError.notAuthentic) { try sealer.open(sealed + [0], context, dataKey: key) }
    }

    @Test("a wrapped key opens for its own account only")
    func transplanted() throws {
        let keys = TestKeys().accountKeys
        let wrapped = keys.create(for: alice).wrapped
        _ = try keys.open(wrapped, for: alice)
        #expect(throws: DataKeyError.notAuthentic) { try keys.open(wrapped, for: mallory) }
        #expect(throws: DataKeyError.notAuthentic) { try TestKeys(seed: 8).accountKeys.open(wrapped, for: alice) }
    }

    @Test("a destroyed epoch leaves nothing to open")
    func destroyedEpoch() throws {
        let (first, second) = (SecretBytes(Entropy.seeded(1).bytes(32)), SecretBytes(Entropy.seeded(2).bytes(32)))
        let both = try #require(KeyEncryptionKeys([.first: first, KeyEpoch.first.next: second]))
        let old = AccountDataKeys(try #require(KeyEncryptionKeys([.first: first])), entropy: .seeded(3))
        let wrapped = old.create(for: alice).wrapped
        let rewrapped = try #require(try AccountDataKeys(both, entropy: .seeded(4)).rewrap(wrapped, for: alice))
        #expect(rewrapped.epoch == KeyEpoch.first.next)
        let new = AccountDataKeys(
            try #require(KeyEncryptionKeys([KeyEpoch.first.next: second])), entropy: .seeded(5))
        _ = try new.open(rewrapped, for: alice)
        #expect(throws: DataKeyError.epochDestroyed(.first)) { try new.open(wrapped, for: alice) }
        #expect(throws: DataKeyError.notAuthentic) {
            try new.open(WrappedDataKey(epoch: KeyEpoch.first.next, sealed: wrapped.sealed), for: alice)
        }
    }

    @Test("rows: created once, opened, swapped rows reported, destroyed for good")
    func rows() async throws {
        let database = try TemporaryDatabase()
        let rows = AccountKeyRows(TestKeys().accountKeys)
        let (alice, mallory) = (alice, mallory)
        try await database.database.write { connection in
            _ = try rows.create(for: alice, connection)
            _ = try rows.create(for: mallory, connection)
        }
        await #expect(throws: StoreError.conflict) {
            try await database.database.write { _ = try rows.create(for: alice, $0) }
        }
        #expect(try await database.database.read { try rows.open(alice, $0)?.account } == alice)
        try await database.database.write { connection in
            try connection.execute(
                """
                UPDATE account_key SET wrapped = (SELECT wrapped FROM account_key WHERE account = \(mallory))
                WHERE account = \(alice)
                """)
        }
        await #expect(throws: StoreError.tampered(table: "account_key")) {
            try await database.database.read { try rows.open(alice, $0)?.account }
        }
        let destroyed = try await database.database.write { connection in
            [try rows.destroy(alice, connection), try rows.destroy(alice, connection)]
        }
        #expect(destroyed == [true, false])
        #expect(try await database.database.read { try rows.open(alice, $0)?.account } == nil)
    }

    @Test("a new epoch re-wraps every key, and old data stay readable")
    func rotation() async throws {
        let place = try Place()
        let first = try await place.load()
        let accounts = (0..<10).map { AccountID.random(.seeded(UInt64($0) + 50)) }
        let rows = AccountKeyRows(first.accountKeys)
        try await place.database.database.write { connection in
            for account in accounts { _ = try rows.create(for: account, connection) }
        }
        let loader = InstanceKeysLoader(
            files: SystemKeyFiles(), store: place.store, clock: ManualClock().clock, entropy: .seeded(60))
        try loader.addEpoch(keysFolder: place.keys, keys: first)
        #expect(first.accountKeys.currentEpoch == KeyEpoch.first.next)
        // A repository that was made before sees the epoch too.
        let newRows = rows
        let counts = try await place.database.database.write { connection in
            [
                try newRows.countBehind(connection), Int64(try newRows.rewrap(limit: 7, connection)),
                try newRows.countBehind(connection), Int64(try newRows.rewrap(limit: 7, connection)),
                try newRows.countBehind(connection),
            ]
        }
        #expect(counts == [10, 7, 3, 3, 0])
        for account in accounts {
            #expect(try await place.database.database.read { try newRows.open(account, $0)?.account } == account)
        }
        #expect(try await place.load().accountKeys.currentEpoch == KeyEpoch.first.next)
    }

    @Test("blind indexes: equal for equal values, different for columns, instances and values")
    func blindIndexes() {
        let ring = TestKeys().ring
        let index = BlindIndex(column: "account.email", ring)
        #expect(index.tag("alice@example.org") == index.tag("alice@example.org"))
        #expect(index.tag("alice@example.org") != index.tag("alice@example.com"))
        #expect(index.tag("alice@example.org") != BlindIndex(column: "account.phone", ring).tag("alice@example.org"))
        #expect(
            index.tag("alice@example.org")
                != BlindIndex(column: "account.email", TestKeys(seed: 8).ring).tag("alice@example.org"))
        #expect(index.tag("").count == 32)
    }
}
