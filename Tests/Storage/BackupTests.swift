import BucklerPrimitives
import DataProtection
import Foundation
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("Backup", .timeLimit(.minutes(5)))
struct BackupTests {
    @Test("a backup made under load is one state that opens with the same keys")
    func restore() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        let database = try SQLiteDatabase(folder: data, migrations: Migrations.all + Self.pairs)
        let keys = try await Self.load(database, folder, data)
        let rows = AccountKeyRows(keys.accountKeys)
        let account = AccountID.random(.seeded(4))
        try await database.write { _ = try rows.create(for: account, $0) }
        let target = folder.path + "/backup.sqlite"
        async let load: Void = {
            for index in 0..<300 {
                try await database.write { connection in
                    try connection.execute("INSERT INTO pair (id) VALUES (\(2 * index))")
                    try connection.execute("INSERT INTO pair (id) VALUES (\(2 * index + 1))")
                }
            }
        }()
        let size = try await database.backup(to: target)
        try await load
        #expect(try SystemKeyFiles().status(of: target)?.mode == 0o600)
        #expect(try FileManager.default.attributesOfItem(atPath: target)[.size] as? Int64 == size)
        await database.close()

        let restored = folder.path + "/restored"
        try #require(mkdir(restored, 0o700) == 0)
        try FileManager.default.copyItem(atPath: target, toPath: restored + "/" + SQLiteDatabase.fileName)
        let second = try SQLiteDatabase(folder: restored, migrations: Migrations.all + Self.pairs)
        #expect(try await Self.load(second, folder, restored).instance == keys.instance)
        #expect(try await second.read { try rows.open(account, $0)?.account } == account)
        let count = try await second.read { try $0.query("SELECT count(*) FROM pair")[0].integer(0) }
        #expect(count.isMultiple(of: 2))
        #expect(try await second.read { try $0.query("PRAGMA integrity_check")[0].text(0) } == "ok")
        await second.close()
    }

    @Test("no byte of a key is in a backup, in any of its spellings")
    func noKeys() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path + "/data"
        let database = try SQLiteDatabase(folder: data)
        let keys = try await Self.load(database, folder, data)
        let rows = AccountKeyRows(keys.accountKeys)
        try await database.write { _ = try rows.create(for: .random(.seeded(4)), $0) }
        let target = folder.path + "/backup.sqlite"
        try await database.backup(to: target)
        let backup = try Data(contentsOf: URL(filePath: target))
        for name in ["root.key", "kek/1"] {
            let text = try String(contentsOfFile: folder.path + "/keys/" + name, encoding: .utf8)
            let secret = try #require(text.split(separator: " ").last).dropLast()
            let raw = try #require(Base64URL.decode(secret))
            for spelling in [Data(raw), Data(secret.utf8), Data(Hex.encode(raw).utf8), Data(raw).base64EncodedData()] {
                // Every stretch of eight bytes: a part of a key is a leak too.
                for start in 0...(spelling.count - 8) {
                    #expect(backup.range(of: spelling[(spelling.startIndex + start)...].prefix(8)) == nil)
                }
            }
        }
        let needs = try #require(try await InstanceRepository(database: database).restoreKeys())
        #expect(needs == RestoreKeys.expected(keys))
        #expect(needs.description == "root key \(keys.rootKeyID) (root.key or keys_command), key-encryption keys kek/1")
        await database.close()
    }

    @Test("a restore beside another instance's keys stops")
    func foreignKeys() async throws {
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let first = try SQLiteDatabase(folder: folder.path + "/data")
        let second = try SQLiteDatabase(folder: other.path + "/data")
        let mine = try await Self.load(first, folder, folder.path + "/data", seed: 1)
        let foreign = try await Self.load(second, other, other.path + "/data", seed: 2)
        await #expect(
            throws: KeyDirectoryError.otherRoot(
                path: other.path + "/keys/root.key", found: foreign.rootKeyID, expected: mine.rootKeyID)
        ) { try await Self.load(first, other, folder.path + "/data") }
        await first.close()
        await second.close()
    }

    @Test("a backup overwrites nothing and leaves nothing half-made behind")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(folder: folder.path + "/data")
        let target = folder.path + "/backup.sqlite"
        try Data("precious".utf8).write(to: URL(filePath: target))
        await #expect(throws: SQLiteBackupError.exists(path: target)) { try await database.backup(to: target) }
        #expect(try Data(contentsOf: URL(filePath: target)) == Data("precious".utf8))
        let nowhere = folder.path + "/missing/backup.sqlite"
        await #expect(throws: SQLiteBackupError.unwritable(path: nowhere)) { try await database.backup(to: nowhere) }
        await database.close()
        let late = folder.path + "/late.sqlite"
        await #expect(throws: SQLiteBackupError.unavailable) { try await database.backup(to: late) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["backup.sqlite", "data"])
    }

    static let pairs = [Migration(name: "9999_pair", sqlite: ["CREATE TABLE pair (id INTEGER PRIMARY KEY) STRICT"])]

    static func load(
        _ database: SQLiteDatabase, _ folder: TemporaryFolder, _ data: String, seed: UInt64 = 1
    ) async throws -> InstanceKeys {
        let loader = InstanceKeysLoader(
            files: SystemKeyFiles(), store: InstanceRepository(database: database), clock: ManualClock().clock,
            entropy: .seeded(seed))
        return try await loader.load(keysFolder: folder.path + "/keys", dataFolder: data)
    }
}

extension RestoreKeys {
    fileprivate static func expected(_ keys: InstanceKeys) -> RestoreKeys {
        RestoreKeys(rootKeyID: keys.rootKeyID, epochs: [.first])
    }
}
