import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Foundation
import SQLiteDriver
import Storage
import TestSupport
import Testing

@Suite("Root-key rotation, step by step", .timeLimit(.minutes(5)))
struct RootRotationTests {
    private static func loader(_ place: Place, seed: UInt64 = 50) -> InstanceKeysLoader {
        InstanceKeysLoader(
            files: SystemKeyFiles(), store: place.store, clock: ManualClock().clock, entropy: .seeded(seed))
    }

    private static func commit(_ next: NextRoot, _ place: Place) async throws {
        try await RootRotationRepository(database: place.database.database).replaceRoot(
            next.change, refreshEpochs: [],
            event: SecurityEvent(id: .random(.seeded(3)), name: .adminAction, reason: nil, at: ManualClock().now))
    }

    @Test("the next key is a file of mode 0600 first, and the next attempt takes the same one")
    func prepare() async throws {
        let place = try Place()
        let keys = try await place.load()
        let next = try await Self.loader(place).prepareRoot(keysFolder: place.keys, keys: keys, refreshEpochs: [1])
        let path = place.keys + "/root.next.key"
        #expect(try SystemKeyFiles().status(of: path)?.mode == 0o600)
        let again = try await Self.loader(place, seed: 51).prepareRoot(
            keysFolder: place.keys, keys: keys, refreshEpochs: [1])
        #expect(again.change.after.rootKeyID == next.change.after.rootKeyID)
        #expect(next.change.after.rootKeyID != next.change.before.rootKeyID && next.change.after.rootEpoch == 2)
        // Until the database has it, a start uses the old one and leaves the other where it is.
        #expect(try await place.load().rootKeyID == keys.rootKeyID)
        #expect(access(path, F_OK) == 0)
        // Only one of two changes is taken.
        try await Self.commit(next, place)
        await #expect(throws: StoreError.conflict) { try await Self.commit(again, place) }
    }

    @Test("keys that were taken before go on: the newest makes, all open, refresh epochs keep their key")
    func keysFollow() async throws {
        let place = try Place()
        let keys = try await place.load()
        let sealing = keys.ring.sealing(.state)
        let verifier = keys.ring.mac(.verifier)
        let refresh = keys.ring.mac(.refresh(epoch: 1)).tag("x")
        let old = sealing.seal([1, 2, 3], context: [9], entropy: .seeded(1))
        let oldTag = verifier.tag("x")
        let next = try await Self.loader(place).prepareRoot(keysFolder: place.keys, keys: keys, refreshEpochs: [1])
        try await Self.commit(next, place)
        Self.loader(place).takeRoot(next, keys: keys)
        #expect(keys.rootKeyID == next.change.after.rootKeyID && keys.ring.epoch == 2)
        #expect(try sealing.open(old, context: [9]).count == 3)
        let new = sealing.seal([4], context: [9], entropy: .seeded(2))
        #expect(verifier.tag("x") != oldTag && verifier.epochs.map { $0.tag("x") }.contains(oldTag))
        #expect(verifier.marked(1).tag("x") == oldTag && verifier.marked(verifier.mark).tag("x") == verifier.tag("x"))
        #expect(keys.ring.mac(.refresh(epoch: 1)).tag("x") == refresh)

        // The same after a start, which also gives the files their names.
        let loaded = try await place.load(entropy: .seeded(60))
        #expect(loaded.rootKeyID == keys.rootKeyID && Set(loaded.ring.kept) == Set(keys.ring.kept))
        #expect(try loaded.ring.sealing(.state).open(old, context: [9]).count == 3)
        #expect(loaded.ring.mac(.refresh(epoch: 1)).tag("x") == refresh)
        #expect(access(place.keys + "/root.next.key", F_OK) != 0 && access(place.keys + "/root.former.key", F_OK) == 0)

        keys.ring.forget([KeptKeyName(purpose: "state", epoch: 1)])
        #expect(throws: SealingError.notAuthentic) { try sealing.open(old, context: [9]) }
        #expect(try sealing.open(new, context: [9]).count == 1)
    }

    @Test("key-encryption keys are wrapped anew, whole or not at all, and open accounts' keys as before")
    func keyFiles() async throws {
        let place = try Place()
        let keys = try await place.load()
        let account = AccountID.random(.seeded(4))
        let wrapped = keys.accountKeys.create(for: account).wrapped
        let before = try place.read("/kek/1")
        let loader = Self.loader(place)
        let next = try await loader.prepareRoot(keysFolder: place.keys, keys: keys, refreshEpochs: [])
        try await Self.commit(next, place)
        loader.takeRoot(next, keys: keys)
        #expect(try loader.keyFilesBehind(keysFolder: place.keys, keys: keys) == 1)
        try loader.settleRoot(keysFolder: place.keys, keys: keys)
        try loader.settleRoot(keysFolder: place.keys, keys: keys)
        #expect(try loader.keyFilesBehind(keysFolder: place.keys, keys: keys) == 0)
        let after = try place.read("/kek/1")
        #expect(after != before && after.contains(keys.rootKeyID.text))
        #expect(try SystemKeyFiles().status(of: place.keys + "/kek/1")?.mode == 0o600)
        try await RootRotationRepository(database: place.database.database).forget(Set(keys.ring.kept))
        let loaded = try await place.load(entropy: .seeded(60))
        #expect(loaded.ring.kept.isEmpty)
        #expect(try loaded.accountKeys.open(wrapped, for: account).account == account)
    }

    @Test("a kept key that was changed, exchanged or comes from another instance stops the start, by name")
    func keptKeys() async throws {
        let place = try Place()
        let keys = try await place.load()
        let next = try await Self.loader(place).prepareRoot(keysFolder: place.keys, keys: keys, refreshEpochs: [1])
        try await Self.commit(next, place)
        _ = try await place.load()
        try await place.database.database.write {
            try $0.execute(
                """
                UPDATE kept_key SET wrapped = (SELECT k.wrapped FROM kept_key k WHERE k.purpose = 'state')
                WHERE purpose = 'verifier'
                """)
        }
        let name = KeptKeyName(purpose: "verifier", epoch: 1)
        await #expect(throws: KeyDirectoryError.keptKeyNotAuthentic(name)) { try await place.load() }
    }

    @Test("the former root key is refused with its date; a database of before asks for the directory of before")
    func former() async throws {
        let place = try Place()
        let keys = try await place.load()
        let old = (id: keys.rootKeyID, text: try place.read("/root.key"))
        let record = try #require(try await place.store.find())
        let loader = Self.loader(place)
        let next = try await loader.prepareRoot(keysFolder: place.keys, keys: keys, refreshEpochs: [])
        try await Self.commit(next, place)
        loader.takeRoot(next, keys: keys)
        try loader.settleRoot(keysFolder: place.keys, keys: keys)
        let new = (id: keys.rootKeyID, text: try place.read("/root.key"))
        try place.replace("/root.key", with: old.text)
        let refused = KeyDirectoryError.replacedRoot(
            path: place.keys + "/root.key", found: old.id, expected: new.id, at: next.change.at)
        await #expect(throws: refused) { try await place.load() }

        // An old backup under the new key, and under the old key with the new kek files.
        try await place.database.database.write {
            try $0.execute(
                """
                UPDATE instance SET check_tag = \(record.checkTag), root_key_id = \(record.rootKeyID.text), root_epoch = 1
                """)
            try $0.execute("DELETE FROM kept_key")
            try $0.execute("DELETE FROM former_root")
        }
        let wrapped = KeyDirectoryError.underOtherRoot(path: place.keys + "/kek/1", found: new.id, expected: old.id)
        await #expect(throws: wrapped) { try await place.load() }
        try place.replace("/root.key", with: new.text)
        await #expect(
            throws: KeyDirectoryError.otherRoot(path: place.keys + "/root.key", found: new.id, expected: old.id)
        ) { try await place.load() }
    }

    @Test("a key manager's next key takes over, is found at the next start, and must be a new one")
    func external() async throws {
        let place = try Place()
        let (first, second) = (RootKey(random: .seeded(21)), RootKey(random: .seeded(22)))
        let keys = try await place.load(externalRoot: first)
        let loader = Self.loader(place)
        await #expect(throws: KeyDirectoryError.notANewRoot(path: "keys_command_next", found: first.id)) {
            try await loader.prepareRoot(keysFolder: place.keys, keys: keys, external: first, refreshEpochs: [])
        }
        let next = try await loader.prepareRoot(
            keysFolder: place.keys, keys: keys, external: second, refreshEpochs: [])
        try await Self.commit(next, place)
        loader.takeRoot(next, keys: keys)
        try loader.settleRoot(keysFolder: place.keys, keys: keys)
        #expect(try SystemKeyFiles().names(in: place.keys) == ["kek"])
        let both = try await loader.load(
            keysFolder: place.keys, dataFolder: place.data, externalRoot: first, nextExternalRoot: second)
        #expect(both.rootKeyID == second.id)
        #expect(try await place.load(externalRoot: second).rootKeyID == second.id)
        await #expect(
            throws: KeyDirectoryError.replacedRoot(
                path: "keys_command", found: first.id, expected: second.id, at: next.change.at)
        ) { try await place.load(externalRoot: first) }
        await #expect(throws: KeyDirectoryError.notANewRoot(path: "keys_command_next", found: first.id)) {
            try await loader.prepareRoot(keysFolder: place.keys, keys: keys, external: first, refreshEpochs: [])
        }
    }
}
