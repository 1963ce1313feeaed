import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Synchronization
import Testing

/// A key that does not sign now is not a key that is lost.
@Suite("A device key that does not sign")
struct KeyFailureTests {
    private func expired(
        _ phone: Phone, _ keys: FailingKeys
    ) async throws -> (client: BucklerClient, session: BucklerSession) {
        var phone = phone
        phone.device.keys = keys
        let signedIn = try await phone.signedIn()
        phone.fake.time.advance(by: .seconds(400))
        return signedIn
    }

    @Test(
        "a refusal of the store ends nothing, and the next proof works",
        arguments: [
            (SecretStoreError.locked, "client.storage_locked"), (.platform(status: -3), "client.unavailable"),
            (.notEntitled, "client.unavailable"), (.damaged, "client.unavailable"),
        ])
    func transient(error: SecretStoreError, expected: String) async throws {
        let phone = Phone()
        let keys = FailingKeys(phone.device.keys)
        let (client, session) = try await expired(phone, keys)
        keys.signing.withLock { $0 = error }
        #expect(await code { try await client.refreshIfNeeded() } == expected)
        #expect(await code { _ = try await session.api.get("/notes", as: [String].self) } == expected)
        #expect(await client.check() == .signedIn(session))
        #expect(try phone.device.keys.load() != nil)
        keys.signing.withLock { $0 = nil }
        #expect(try await session.api.get("/notes", as: [String].self) == ["milk"])
    }

    @Test("a store that is closed or failing when it is asked for the key ends nothing")
    func unknown() async throws {
        for error in [SecretStoreError.locked, .platform(status: -3)] {
            let phone = Phone()
            let keys = FailingKeys(phone.device.keys)
            let (client, session) = try await expired(phone, keys)
            _ = await client.check()
            keys.signing.withLock { $0 = .platform(status: -3) }
            keys.loading.withLock { $0 = error }
            #expect(await code { try await client.refreshIfNeeded() } != "client.signed_out")
            keys.signing.withLock { $0 = nil }
            keys.loading.withLock { $0 = nil }
            #expect(await client.check() == .signedIn(session))
        }
    }

    @Test("with nobody signed in, a key that never signs is replaced; with somebody, it stays")
    func replaced() async throws {
        let phone = Phone()
        let keys = FailingKeys(phone.device.keys)
        var device = phone.device
        device.keys = keys
        let client = try phone.fake.client(on: device)
        let point = try keys.create().publicPoint
        keys.brokenPoint.withLock { $0 = point }
        let session = try await phone.signIn(client)
        let second = try keys.create().publicPoint
        #expect(second != point)
        keys.brokenPoint.withLock { $0 = second }
        #expect(await code { _ = try await phone.signIn(client) } == "client.unavailable")
        #expect(try keys.load()?.publicPoint == second)
        #expect(await client.check() == .signedIn(session))
    }
}

/// Keys of `base` that fail when a test says so.
final class FailingKeys: DeviceKeyStore {
    private let base: any DeviceKeyStore
    let signing = Mutex<SecretStoreError?>(nil)
    let loading = Mutex<SecretStoreError?>(nil)
    let brokenPoint = Mutex<[UInt8]?>(nil)

    init(_ base: any DeviceKeyStore) { self.base = base }

    var isHardwareBacked: Bool { base.isHardwareBacked }
    func load() throws(SecretStoreError) -> (any DeviceKey)? {
        if let error = loading.withLock({ $0 }) { throw error }
        return try base.load().map { Key(base: $0, keys: self) }
    }
    func create() throws(SecretStoreError) -> any DeviceKey { Key(base: try base.create(), keys: self) }
    func delete() throws(SecretStoreError) { try base.delete() }

    private struct Key: DeviceKey {
        let base: any DeviceKey
        let keys: FailingKeys

        var publicPoint: [UInt8] { base.publicPoint }
        func signature(for message: [UInt8]) throws(SecretStoreError) -> [UInt8] {
            if let error = keys.signing.withLock({ $0 }) { throw error }
            if keys.brokenPoint.withLock({ $0 }) == publicPoint { throw .platform(status: -3) }
            return try base.signature(for: message)
        }
    }
}
