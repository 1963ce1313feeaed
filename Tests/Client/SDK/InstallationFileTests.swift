import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Foundation
import Synchronization
import Testing

@testable import Buckler

/// A file that cannot be read or written is not a file that is absent.
@Suite("The installation's file")
struct InstallationFileTests {
    let phone = Phone()
    let draft = VaultItem("draft", purpose: "unsent note")

    private func client(_ files: any InstallationFiles) throws -> BucklerClient {
        var device = phone.device
        device.files = files
        return try phone.fake.client(on: device)
    }

    private func names() throws -> Set<String> { Set(try phone.device.secrets.names()) }

    @Test(
        "a file that cannot be read makes the state unknown and touches nothing",
        arguments: [SecretStoreError.locked, .platform(status: 5)])
    func unreadable(error: SecretStoreError) async throws {
        let (_, session) = try await phone.signedIn()
        try await session.vault.save(SecretBytes([1]), as: draft)
        let before = try names()
        let files = FaultyFiles(phone.device.files)
        files.readError.withLock { $0 = error }
        let started = try client(files)
        #expect(await started.check() == .unknown)
        #expect(await code { try await started.refreshIfNeeded() } == "client.storage_locked")
        #expect(await code { _ = try await phone.signIn(started) }?.hasPrefix("client.storage") == true)
        #expect(try names() == before)
        #expect(try phone.device.keys.load() != nil)
        files.readError.withLock { $0 = nil }
        #expect(await started.check() == .signedIn(session))
        #expect(try await session.vault.read(draft) == SecretBytes([1]))
    }

    @Test("a damaged file costs one sign-in and destroys nothing", arguments: ["", "{", #"{"v":1}"#])
    func damaged(text: String) async throws {
        let (_, session) = try await phone.signedIn()
        try await session.vault.save(SecretBytes([1]), as: draft)
        try phone.device.files.write("installation.json", Array(text.utf8))
        #expect(try await phone.fake.client(on: phone.device).check() == .signedOut(.deviceKeyLost))
        let started = try phone.fake.client(on: phone.device)
        #expect(await started.check() == .signedOut(.deviceKeyLost))
        let again = try await phone.signIn(started)
        #expect(try await again.vault.read(draft) == SecretBytes([1]))
        #expect(try await phone.fake.client(on: phone.device).check() == .signedIn(again))
    }

    @Test("without the file's having been written nobody is signed in, since the next start would destroy the session")
    func unwritable() async throws {
        let files = FaultyFiles(phone.device.files)
        files.writeError.withLock { $0 = .platform(status: 28) }
        let started = try client(files)
        #expect(await code { _ = try await phone.signIn(started) } == "client.storage")
        #expect(try !names().contains { $0.hasPrefix("session.") })
        files.writeError.withLock { $0 = nil }
        let session = try await phone.signIn(started)
        #expect(await started.check() == .signedIn(session))
    }

    @Test("a directory tells an absent file from one that it cannot read or write")
    func directory() throws {
        let folder = URL(fileURLWithPath: NSTemporaryDirectory())
            .appendingPathComponent("buckler-files-" + Hex.encode(Entropy.system.bytes(8)))
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = DirectoryFiles(folder)
        #expect(try files.read("a") == nil)
        try files.delete("a")
        try files.write("a", [1, 2])
        #expect(try files.read("a") == [1, 2])
        try files.write("a", [3])
        #expect(try files.read("a") == [3])
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("b"), withIntermediateDirectories: false)
        #expect(throws: SecretStoreError.self) { try files.read("b") }
        #expect(throws: SecretStoreError.self) { try files.write("b", [1]) }
        let below = DirectoryFiles(folder.appendingPathComponent("a"))
        #expect(throws: SecretStoreError.self) { try below.read("c") }
        #expect(throws: SecretStoreError.self) { try below.write("c", [1]) }
        try files.write("long", Array(repeating: 0, count: 65_537))
        #expect(throws: SecretStoreError.damaged) { try files.read("long") }
        try files.delete("a")
        #expect(try files.read("a") == nil)
    }

    @Test("an app and its extension find one directory, and sharing without the app group is refused")
    func sharing() throws {
        let sharing = AppGroupSharing(accessGroup: "TEAMID.shared", appGroup: "group.notes")
        func directory(
            _ sharing: AppGroupSharing?, own: String, group: String?
        ) throws(BucklerError) -> String {
            try AppGroupSharing.directory(
                scope: "s", sharing: sharing, container: { _ in group.map { URL(fileURLWithPath: $0) } },
                own: { () throws(BucklerError) in URL(fileURLWithPath: own) }
            ).path
        }
        let app = try directory(sharing, own: "/app", group: "/groups/notes")
        #expect(try directory(sharing, own: "/extension", group: "/groups/notes") == app)
        #expect(app.hasPrefix("/groups/notes/"))
        #expect(try directory(nil, own: "/app", group: nil) == "/app/Buckler/s")
        do {
            _ = try directory(sharing, own: "/extension", group: nil)
            Issue.record("the extension's own container was taken")
        } catch {
            guard case .storage(.notEntitled) = error else { throw error }
        }
    }
}

/// Files that fail when a test says so.
final class FaultyFiles: InstallationFiles {
    private let base: any InstallationFiles
    let readError = Mutex<SecretStoreError?>(nil)
    let writeError = Mutex<SecretStoreError?>(nil)

    init(_ base: any InstallationFiles) { self.base = base }

    func read(_ name: String) throws(SecretStoreError) -> [UInt8]? {
        if let error = readError.withLock({ $0 }) { throw error }
        return try base.read(name)
    }
    func write(_ name: String, _ bytes: [UInt8]) throws(SecretStoreError) {
        if let error = writeError.withLock({ $0 }) { throw error }
        try base.write(name, bytes)
    }
    func delete(_ name: String) throws(SecretStoreError) {
        if let error = writeError.withLock({ $0 }) { throw error }
        try base.delete(name)
    }
}
