import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Foundation
import Testing

/// The SDK on Linux's file vault: what survives a process, what a lost key file means, whole processes racing.
@Suite("A client on the file vault")
struct FileVaultClientTests {
    let phone = Phone()
    let folder = NSTemporaryDirectory() + "/buckler-client-" + Hex.encode(Entropy.system.bytes(8))

    /// As a process of its own would: everything from the folder.
    private func client() throws -> BucklerClient {
        let environment = try BucklerEnvironment.directoryEnvironment(
            path: folder, transport: phone.fake.environment(on: FakeDevice()).transport)
        var device = FakeDevice()
        device.secrets = environment.secrets
        device.keys = environment.deviceKeys
        device.files = environment.files
        return try phone.fake.client(on: device)
    }

    @Test("a session survives the process, and no file shows token or address")
    func survives() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let session = try await phone.signIn(client())
        #expect(try await client().check() == .signedIn(session))
        let walker = FileManager.default.enumerator(atPath: folder)
        while let file = walker?.nextObject() as? String {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(file)") else { continue }
            for secret in ["fake_rt", "fake_at", Phone.email, Phone.password] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file)")
            }
        }
    }

    @Test("without the vault's key file nobody is signed in, and signing in works again")
    func lostKeyFile() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await phone.signIn(client())
        try FileManager.default.removeItem(atPath: folder + "/vault/vault.key")
        guard case .signedOut = try await client().check() else {
            Issue.record("still signed in: \(try await client().check())")
            return
        }
        let session = try await phone.signIn(client())
        #expect(try await client().check() == .signedIn(session))
    }

    @Test("ten processes refresh at once: one rotation at most each, never a wrong sign-out", .timeLimit(.minutes(5)))
    func race() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await phone.signIn(client())
        let clients = try (0..<10).map { _ in try client() }
        for _ in 0..<5 {
            phone.fake.time.advance(by: .seconds(400))
            let outcomes = await withTaskGroup(of: String?.self) { group in
                for client in clients { group.addTask { await code { try await client.refreshIfNeeded() } } }
                return await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(outcomes == Array(repeating: nil, count: 10))
        }
        #expect(phone.fake.wronglyUsedSessions == 0)
        #expect(phone.fake.refreshes.rotations == 5)
    }
}
