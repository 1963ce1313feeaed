import Authentication
import BucklerOTP
import BucklerPrimitives
import DataProtection
import Foundation
import SQLiteDriver
import Storage
import TestSupport
import Testing

/// T10: a backup in foreign hands shows no secret, opens no account and helps no guessing.
@Suite("Leaked backup", .timeLimit(.minutes(5)))
struct LeakedBackupTests {
    @Test("nothing that people typed, got or keep is in a backup, in any spelling")
    func noSecrets() async throws {
        let people = try await TwoPeople()
        let backup = try await Self.backup(of: people)
        for person in [people.alice, people.mallory] {
            for secret in Self.secrets(of: person) {
                #expect(backup.range(of: secret.bytes) == nil, "\(person.name): \(secret.name)")
            }
        }
        #expect(backup.range(of: Data("$argon2".utf8)) == nil)
    }

    @Test("no key of the keys directory is in a backup, nor any eight bytes of one")
    func noKeys() async throws {
        let people = try await TwoPeople()
        let backup = try await Self.backup(of: people)
        for name in ["root.key", "kek/1"] {
            let text = try String(contentsOfFile: people.keys + "/" + name, encoding: .utf8)
            let encoded = try #require(text.split(separator: " ").last).dropLast()
            let raw = Data(try #require(Base64URL.decode(encoded)))
            for spelling in [raw, Data(encoded.utf8), Data(Hex.encode(raw).utf8)] {
                for start in 0...(spelling.count - 8) {
                    #expect(backup.range(of: spelling.dropFirst(start).prefix(8)) == nil)
                }
            }
        }
    }

    @Test("a server does not start on a backup without its keys, nor with another instance's")
    func foreignStart() async throws {
        let (people, thief) = (try await TwoPeople(), try await TwoPeople(seed: 77))
        let data = try await Self.restore(people)
        let root = try await Self.rootKeyID(of: people)
        let empty = data.path + "/keys"
        await #expect(throws: KeyDirectoryError.rootMissing(path: empty + "/root.key", expected: root)) {
            try await Self.start(data, keys: empty)
        }
        await #expect(throws: KeyDirectoryError.self) { try await Self.start(data, keys: thief.keys) }
    }

    @Test("put under a thief's keys, the data confirm not even the right passwords and codes")
    func noOracle() async throws {
        let (people, thief) = (try await TwoPeople(), try await TwoPeople(seed: 77))
        let data = try await Self.restore(people)
        let file = try PlainFile(data.path + "/data/state.sqlite")
        let own = try PlainFile(thief.data + "/state.sqlite")
        // The thief's own instance row, and signing keys of the thief's own making.
        try file.replace(try own.contents(of: "instance"))
        var signingKeys = try file.contents(of: "signing_key")
        signingKeys.rows = []
        try file.replace(signingKeys)
        try file.close()
        try own.close()
        let instance = try await Self.start(data, keys: thief.keys)
        let opened = await instance.tryEverything(people.alice, against: people.mallory)
        #expect(opened.isEmpty)
        let email = people.alice.email
        #expect(try await instance.store.read { try $0.findAccount(email)?.id } == nil)
        let account = people.alice.account
        await #expect(throws: StoreError.self) { try await instance.store.read { try $0.account(account)?.id } }
        await instance.database.close()
    }

    /// A secret and how it could stand in a file.
    private struct Spelling {
        let name: String
        let bytes: Data

        init(_ name: String, _ text: String) {
            self.name = name
            bytes = Data(text.utf8)
        }

        init(_ name: String, _ raw: [UInt8]) {
            self.name = name
            bytes = Data(raw)
        }
    }

    private static func secrets(of person: Person) -> [Spelling] {
        var all = [Spelling("name", person.name), Spelling("address", person.email.canonical)]
        person.password.withExposedText { all.append(Spelling("password", $0)) }
        person.totp.bytes.withExposedBytes {
            all.append(Spelling("seed", $0))
            all.append(Spelling("seed in hexadecimal", Hex.encode($0)))
        }
        person.totp.base32.withExposedText { all.append(Spelling("seed in base32", $0)) }
        for code in person.recoveryCodes {
            code.secret.withExposedText { all.append(Spelling("recovery code", $0)) }
            code.text.withExposedText { all.append(Spelling("recovery code as shown", $0)) }
        }
        person.refreshToken.withExposedText { token in
            all.append(Spelling("refresh token", token))
            // Its tag, the part that nobody can make.
            if let raw = Base64URL.decode(token.dropFirst("brt1_".count)) {
                all.append(Spelling("refresh tag", Array(raw.suffix(32))))
            }
        }
        for (name, handle) in [("flow", person.flow), ("reset", person.reset), ("code", person.code)] {
            all.append(Spelling(name, handle))
            if let raw = Base64URL.decode(handle) { all.append(Spelling("\(name), decoded", raw)) }
        }
        return all
    }

    private static func backup(of people: TwoPeople) async throws -> Data {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(folder: people.data)
        try await database.backup(to: folder.path + "/backup.sqlite")
        await database.close()
        return try Data(contentsOf: URL(filePath: folder.path + "/backup.sqlite"))
    }

    private static func restore(_ people: TwoPeople) async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try #require(mkdir(folder.path + "/data", 0o700) == 0)
        try await backup(of: people).write(to: URL(filePath: folder.path + "/data/state.sqlite"))
        return folder
    }

    private static func start(_ folder: TemporaryFolder, keys: String) async throws -> Instance {
        try await Instance(
            folder: folder.path + "/data", keysFolder: keys, clock: ManualClock(TwoPeople.start + .seconds(130)),
            seed: 5)
    }

    private static func rootKeyID(of people: TwoPeople) async throws -> KeyID {
        let database = try SQLiteDatabase(folder: people.data)
        let record = try await InstanceRepository(database: database).find()
        await database.close()
        return try #require(record).rootKeyID
    }
}
