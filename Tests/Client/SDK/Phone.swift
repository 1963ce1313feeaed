import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import BucklerTesting
import Synchronization
import Testing

/// Ann's phone and a pretended server.
struct Phone {
    static let email = "ann@example.com"
    static let password = "correct horse battery"

    let fake = FakeBuckler()
    var device = FakeDevice()

    init() {
        fake.addAccount(email: Self.email, password: Self.password)
        fake.respond("GET", "/notes") { _ in .json(#"["milk"]"#) }
    }

    /// A client and its session after a sign-in with the password.
    func signedIn() async throws -> (client: BucklerClient, session: BucklerSession) {
        let client = try fake.client(on: device)
        return (client, try await signIn(client))
    }

    func signIn(_ client: BucklerClient) async throws -> BucklerSession {
        guard case .signedIn(let session) = try await client.signIn(email: Self.email, password: Self.password) else {
            throw Surprise.step
        }
        return session
    }

    enum Surprise: Error { case step }
}

/// A secret store whose process is killed at the n-th operation: it and all later ones fail.
final class MortalStore: SecretStore {
    private let base: any SecretStore
    private let operationsLeft: Mutex<Int>
    private let diesAfterEffect: Bool

    init(_ base: any SecretStore, operations: Int, diesAfterEffect: Bool) {
        self.base = base
        operationsLeft = Mutex(operations)
        self.diesAfterEffect = diesAfterEffect
    }

    /// True if the process was killed.
    var isDead: Bool { operationsLeft.withLock { $0 < 0 } }

    private func live<R>(_ body: () throws(SecretStoreError) -> R) throws(SecretStoreError) -> R {
        let left = operationsLeft.withLock { left in
            left -= 1
            return left
        }
        if left < -1 || (left == -1 && !diesAfterEffect) { throw .platform(status: -9) }
        let result = try body()
        if left == -1 { throw .platform(status: -9) }
        return result
    }

    func checkReadable() throws(SecretStoreError) {
        try live { () throws(SecretStoreError) in try base.checkReadable() }
    }
    func names() throws(SecretStoreError) -> [String] {
        try live { () throws(SecretStoreError) in try base.names() }
    }
    func read(_ name: String) throws(SecretStoreError) -> SecretBytes? {
        try live { () throws(SecretStoreError) in try base.read(name) }
    }
    func add(_ name: String, _ value: SecretBytes, protection: ItemProtection) throws(SecretStoreError) -> Bool {
        try live { () throws(SecretStoreError) in try base.add(name, value, protection: protection) }
    }
    func delete(_ name: String) throws(SecretStoreError) {
        try live { () throws(SecretStoreError) in try base.delete(name) }
    }
}

/// The code of what `body` throws; nil if it throws nothing.
func code(of body: () async throws -> Void) async -> String? {
    do {
        try await body()
        return nil
    } catch let error as BucklerError {
        return error.code
    } catch {
        return "\(error)"
    }
}
