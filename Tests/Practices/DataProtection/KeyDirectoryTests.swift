import BucklerPrimitives
import DataProtection
import Foundation
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("Keys directory")
struct KeyDirectoryTests {
    @Test("the first start makes root key, instance and first epoch, with narrow modes")
    func firstStart() async throws {
        let place = try Place()
        let keys = try await place.load()
        for (path, mode) in [("", 0o700), ("/kek", 0o700), ("/root.key", 0o600), ("/kek/1", 0o600)] {
            let status = try #require(try SystemKeyFiles().status(of: place.keys + path))
            #expect(status.mode == UInt32(mode))
        }
        let record = try #require(try await place.store.find())
        #expect(record.id == keys.instance)
        #expect(record.rootKeyID == keys.rootKeyID)
        #expect(record.createdAt == Timestamp(seconds: 1_767_225_600))
    }

    @Test("a second start opens the same keys and changes no file")
    func secondStart() async throws {
        let place = try Place()
        let first = try await place.load()
        let before = try place.contents()
        let (account, sealer) = (AccountID.random(.seeded(1)), PersonalDataSealer(entropy: .seeded(2)))
        let (dataKey, wrapped) = first.accountKeys.create(for: account)
        let context = RowContext(table: "account", column: "email", owner: account.bytes)
        let sealed = sealer.seal([1, 2, 3], context, dataKey: dataKey)
        let second = try await place.load(entropy: .seeded(99))
        #expect(second.instance == first.instance)
        #expect(second.ring.mac(.verifier).tag("x") == first.ring.mac(.verifier).tag("x"))
        let opened = try sealer.open(sealed, context, dataKey: second.accountKeys.open(wrapped, for: account))
        #expect(opened == SecretBytes([1, 2, 3]))
        #expect(try place.contents() == before)
    }

    @Test(
        "a directory inside the data folder stops the start and is not created", arguments: ["", "/keys", "/a/../keys"])
    func insideData(suffix: String) async throws {
        let place = try Place()
        let path = place.data + suffix
        try #require(mkdir(place.data + "/a", 0o700) == 0)
        let error = await #expect(throws: KeyDirectoryError.self) { try await place.load(keys: path) }
        #expect(error == .insideDataFolder(keys: path, data: place.data))
        #expect(error?.description.contains(path) == true)
        #expect(access(place.data + "/keys", F_OK) != 0)
    }

    @Test("a link that leads into the data folder stops the start")
    func linkIntoData() async throws {
        let place = try Place()
        try #require(mkdir(place.data + "/hidden", 0o700) == 0)
        try #require(symlink(place.data + "/hidden", place.keys) == 0)
        await #expect(throws: KeyDirectoryError.insideDataFolder(keys: place.keys, data: place.data)) {
            try await place.load()
        }
    }

    @Test(
        "modes wider than 0600 and 0700 stop the start and are named",
        arguments: [
            ("", 0o750, 0o700), ("", 0o701, 0o700), ("/kek", 0o755, 0o700), ("/root.key", 0o640, 0o600),
            ("/root.key", 0o604, 0o600), ("/root.key", 0o700, 0o600), ("/kek/1", 0o620, 0o600),
        ])
    func wideModes(name: String, mode: Int, allowed: Int) async throws {
        let place = try Place()
        _ = try await place.load()
        let path = place.keys + name
        try #require(chmod(path, mode_t(mode)) == 0)
        let error = await #expect(throws: KeyDirectoryError.self) { try await place.load() }
        #expect(error == .modeTooWide(path: path, mode: UInt32(mode), allowed: UInt32(allowed)))
        #expect(error?.description.contains("chmod 0\(String(allowed, radix: 8)) \(path)") == true)
    }

    @Test("narrower modes are fine", arguments: [("/root.key", 0o400), ("/kek/1", 0o400)])
    func narrowModes(name: String, mode: Int) async throws {
        let place = try Place()
        _ = try await place.load()
        try #require(chmod(place.keys + name, mode_t(mode)) == 0)
        _ = try await place.load()
    }

    @Test("another owner stops the start")
    func otherOwner() async throws {
        let place = try Place()
        _ = try await place.load()
        let me = UInt32(geteuid())
        let files = ForeignFiles(effectiveUser: me + 1)
        await #expect(throws: KeyDirectoryError.otherOwner(path: place.keys, owner: me, expected: me + 1)) {
            try await place.load(files: files)
        }
    }

    @Test("a link in the place of a key stops the start", arguments: ["/root.key", "/kek/1"])
    func linkedKey(name: String) async throws {
        let place = try Place()
        _ = try await place.load()
        let path = place.keys + name
        try #require(rename(path, place.folder.path + "/moved") == 0)
        try #require(symlink(place.folder.path + "/moved", path) == 0)
        await #expect(throws: KeyDirectoryError.wrongKind(path: path)) { try await place.load() }
    }

    @Test("data without their root key stop the start, and no new key is made")
    func rootMissing() async throws {
        let place = try Place()
        let keys = try await place.load()
        try #require(unlink(place.keys + "/root.key") == 0)
        let expected = KeyDirectoryError.rootMissing(path: place.keys + "/root.key", expected: keys.rootKeyID)
        let error = await #expect(throws: KeyDirectoryError.self) { try await place.load() }
        #expect(error == expected)
        #expect(error?.description.contains(keys.rootKeyID.text) == true)
        #expect(access(place.keys + "/root.key", F_OK) != 0)
    }

    @Test("another instance's root key stops the start and both are named")
    func otherRoot() async throws {
        let (place, other) = (try Place(), try Place(seed: 2))
        let mine = try await place.load()
        let foreign = try await other.load()
        try place.replace("/root.key", with: try other.read("/root.key"))
        let error = await #expect(throws: KeyDirectoryError.self) { try await place.load() }
        #expect(
            error
                == .otherRoot(path: place.keys + "/root.key", found: foreign.rootKeyID, expected: mine.rootKeyID))
        #expect(error?.description.contains(mine.rootKeyID.text) == true)
        #expect(error?.description.contains(foreign.rootKeyID.text) == true)
    }

    @Test("a root key with the right name and other bytes stops the start")
    func forgedRoot() async throws {
        let place = try Place()
        let keys = try await place.load()
        let forged = "buckler-root-key v1 \(keys.rootKeyID) \(Base64URL.encode([UInt8](repeating: 1, count: 32)))\n"
        try place.replace("/root.key", with: forged)
        await #expect(throws: KeyDirectoryError.checkFailed(path: place.keys + "/root.key", key: keys.rootKeyID)) {
            try await place.load()
        }
    }

    @Test("an instance row with another instance's id stops the start")
    func swappedInstance() async throws {
        let place = try Place()
        let keys = try await place.load()
        let other = InstanceID.random(.seeded(77))
        _ = try await place.database.database.write { try $0.execute("UPDATE instance SET id = \(other)") }
        await #expect(throws: KeyDirectoryError.checkFailed(path: place.keys + "/root.key", key: keys.rootKeyID)) {
            try await place.load()
        }
    }

    @Test(
        "a file that is no key stops the start",
        arguments: [
            "", "\n", "key", "buckler-root-key v1 0011223344556677 AAAA\n",
            "buckler-root-key v2 0011223344556677 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
            "buckler-root-key v1 00112233445566 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
            "buckler-root-key v1 0011223344556677 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x\n",
            "buckler-root-key  v1 0011223344556677 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        ])
    func malformed(text: String) async throws {
        let place = try Place()
        _ = try await place.load()
        try place.replace("/root.key", with: text)
        await #expect(throws: KeyDirectoryError.malformed(path: place.keys + "/root.key")) { try await place.load() }
    }

    @Test("a file longer than a key can be stops the start")
    func tooLong() async throws {
        let place = try Place()
        _ = try await place.load()
        try place.replace("/root.key", with: String(repeating: "a", count: 5000))
        await #expect(throws: KeyDirectoryError.refused(path: place.keys + "/root.key", .tooLong)) {
            try await place.load()
        }
    }

    @Test("an epoch's key of another instance, a renamed one and a changed one stop the start")
    func foreignEpoch() async throws {
        let (place, other) = (try Place(), try Place(seed: 2))
        _ = try await place.load()
        _ = try await other.load()
        let original = try place.read("/kek/1")
        try place.replace("/kek/1", with: try other.read("/kek/1"))
        let (own, foreign) = (try Self.rootKeyID(place), try Self.rootKeyID(other))
        let refused = KeyDirectoryError.underOtherRoot(path: place.keys + "/kek/1", found: foreign, expected: own)
        await #expect(throws: refused) { try await place.load() }
        // Saying that it is ours does not help.
        let renamed = try other.read("/kek/1").replacingOccurrences(of: foreign.text, with: own.text)
        try place.replace("/kek/1", with: renamed)
        await #expect(throws: KeyDirectoryError.notAuthentic(path: place.keys + "/kek/1")) { try await place.load() }
        try place.replace("/kek/1", with: original)
        try place.replace("/kek/2", with: original)
        await #expect(throws: KeyDirectoryError.malformed(path: place.keys + "/kek/2")) { try await place.load() }
        try place.replace("/kek/2", with: original.replacingOccurrences(of: "v1 1 ", with: "v1 2 "))
        await #expect(throws: KeyDirectoryError.notAuthentic(path: place.keys + "/kek/2")) { try await place.load() }
    }

    private static func rootKeyID(_ place: Place) throws -> KeyID {
        try #require(KeyID(String(try place.read("/root.key").split(separator: " ")[2])))
    }

    @Test("a missing epoch under which accounts' keys stand stops the start, and none is made in its place")
    func epochMissing() async throws {
        let place = try Place()
        let rows = AccountKeyRows(try await place.load().accountKeys)
        _ = try await place.database.database.write { _ = try rows.create(for: .random(.seeded(1)), $0) }
        try #require(unlink(place.keys + "/kek/1") == 0)
        await #expect(throws: KeyDirectoryError.epochMissing(path: place.keys + "/kek/1")) { try await place.load() }
        #expect(access(place.keys + "/kek/1", F_OK) != 0)
    }

    @Test("a start that was cut off before the first epoch was made is finished by the next one")
    func unfinishedStart() async throws {
        let place = try Place()
        let first = try await place.load()
        try #require(unlink(place.keys + "/kek/1") == 0)
        #expect(try await place.load().instance == first.instance)
    }

    @Test("a key manager's root key is used instead of the file")
    func externalRoot() async throws {
        let place = try Place()
        let root = RootKey(random: .seeded(5))
        let keys = try await place.load(externalRoot: root)
        #expect(keys.rootKeyID == root.id)
        #expect(access(place.keys + "/root.key", F_OK) != 0)
        #expect(RootKey(parsing: root.fileForm)?.bytes == root.bytes)
        let other = RootKey(random: .seeded(6))
        await #expect(
            throws: KeyDirectoryError.otherRoot(path: "keys_command", found: other.id, expected: root.id)
        ) { try await place.load(externalRoot: other) }
    }

    @Test("a key manager's root key and a file beside it stop the start: only one may count")
    func rootTwice() async throws {
        let place = try Place()
        _ = try await place.load()
        await #expect(throws: KeyDirectoryError.rootTwice(path: place.keys + "/root.key")) {
            try await place.load(externalRoot: RootKey(random: .seeded(5)))
        }
    }

    @Test("no error text shows a key's bytes")
    func noBytesInTexts() async throws {
        let place = try Place()
        _ = try await place.load()
        let secret = try #require(try place.read("/root.key").split(separator: " ").last).dropLast()
        try place.replace("/root.key", with: "buckler-root-key v2 0011223344556677 \(secret)\n")
        let error = await #expect(throws: KeyDirectoryError.self) { try await place.load() }
        #expect(error.map { "\($0)".contains(secret) } == false)
        #expect(error.map { String(reflecting: $0).contains(secret) } == false)
    }
}

/// A data folder with a database and a place for keys beside it.
struct Place {
    let folder: TemporaryFolder
    let database: TemporaryDatabase
    let seed: UInt64
    var keys: String { folder.path + "/keys" }
    var data: String { database.path }
    var store: InstanceRepository { InstanceRepository(database: database.database) }

    init(seed: UInt64 = 1) throws {
        folder = try TemporaryFolder()
        database = try TemporaryDatabase()
        self.seed = seed
    }

    func load(
        keys path: String? = nil, files: any KeyFiles = SystemKeyFiles(), entropy: Entropy? = nil,
        externalRoot: RootKey? = nil
    ) async throws -> InstanceKeys {
        let loader = InstanceKeysLoader(
            files: files, store: store, clock: ManualClock().clock, entropy: entropy ?? .seeded(seed))
        return try await loader.load(keysFolder: path ?? keys, dataFolder: data, externalRoot: externalRoot)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: keys + name, encoding: .utf8) }

    func replace(_ name: String, with text: String) throws {
        unlink(keys + name)
        try SystemKeyFiles().createFile(at: keys + name, contents: SecretBytes(text.utf8))
    }

    func contents() throws -> [String] { [try read("/root.key"), try read("/kek/1")] }
}

/// The real files, seen by another user.
struct ForeignFiles: KeyFiles {
    let effectiveUser: UInt32
    private let files = SystemKeyFiles()

    init(effectiveUser: UInt32) { self.effectiveUser = effectiveUser }

    func status(of path: String) throws(KeyFileError) -> KeyFileStatus? { try files.status(of: path) }
    func canonicalPath(of path: String) -> String? { files.canonicalPath(of: path) }
    func createDirectory(at path: String) throws(KeyFileError) { try files.createDirectory(at: path) }
    func createFile(at path: String, contents: SecretBytes) throws(KeyFileError) {
        try files.createFile(at: path, contents: contents)
    }
    func replaceFile(at path: String, contents: SecretBytes) throws(KeyFileError) {
        try files.replaceFile(at: path, contents: contents)
    }
    func move(_ path: String, to destination: String) throws(KeyFileError) { try files.move(path, to: destination) }
    func remove(_ path: String) throws(KeyFileError) { try files.remove(path) }
    func read(_ path: String) throws(KeyFileError) -> SecretBytes { try files.read(path) }
    func names(in path: String) throws(KeyFileError) -> [String] { try files.names(in: path) }
}
