import BucklerPlatformKeys
import BucklerPrimitives
import Crypto
import Foundation
import Testing

@Suite("Encrypted file vault")
struct FileVaultTests {
    /// A directory that vanishes with its owner.
    final class Scratch {
        let path = NSTemporaryDirectory() + "/buckler-vault-" + Hex.encode(Entropy.system.bytes(8))
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path) }
    }

    let scratch = Scratch()

    @Test("an item survives the process and prints nowhere in the directory")
    func survives() throws {
        let secret = Array("a very secret refresh token".utf8)
        #expect(
            try FileSecretStore(path: scratch.path).add("token.1.0", SecretBytes(secret), protection: .whenUnlocked))
        #expect(try FileSecretStore(path: scratch.path).read("token.1.0") == SecretBytes(secret))
        for file in try scratch.files() {
            let bytes = FileManager.default.contents(atPath: "\(scratch.path)/\(file)") ?? Data()
            #expect(bytes.range(of: Data(secret)) == nil)
        }
    }

    @Test("directory and files are the owner's alone")
    func modes() throws {
        let store = try FileSecretStore(path: scratch.path)
        _ = try store.add("a", SecretBytes([1]), protection: .afterFirstUnlock)
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        for file in try scratch.files() {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(scratch.path)/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
    }

    @Test("a directory that others may read is refused, not repaired")
    func wideDirectory() throws {
        try FileManager.default.createDirectory(
            atPath: scratch.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        #expect(throws: SecretStoreError.platform(status: 1)) { try FileSecretStore(path: scratch.path) }
    }

    @Test("of fifty adders of one name exactly one adds, and all read the same", .timeLimit(.minutes(5)))
    func raced() async throws {
        let path = scratch.path
        let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    // A store of its own each, as another process would have.
                    try FileSecretStore(path: path).add(
                        "a", SecretBytes([UInt8(number)]), protection: .afterFirstUnlock)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(wins == 1)
        #expect(try FileSecretStore(path: path).read("a")?.count == 1)
        #expect(try scratch.files().filter { $0.hasSuffix(".item") }.count == 1)
    }

    @Test("an item moved to another name does not open")
    func moved() throws {
        let store = try FileSecretStore(path: scratch.path)
        _ = try store.add("a", SecretBytes([1]), protection: .afterFirstUnlock)
        let file = try #require(try scratch.files().first { $0.hasSuffix(".item") })
        let target = Base64URL.encode(Array("b".utf8)) + ".item"
        try FileManager.default.copyItem(atPath: "\(scratch.path)/\(file)", toPath: "\(scratch.path)/\(target)")
        #expect(throws: SecretStoreError.damaged) { try store.read("b") }
    }

    @Test("without its key file, or with another, no item opens")
    func otherKey() throws {
        let store = try FileSecretStore(path: scratch.path)
        _ = try store.add("a", SecretBytes([1]), protection: .afterFirstUnlock)
        try FileManager.default.removeItem(atPath: scratch.path + "/vault.key")
        #expect(throws: SecretStoreError.damaged) { try store.read("a") }
    }

    @Test("truncated items and flipped bits are refused", arguments: [0, 1, 12, 28])
    func damaged(keeping count: Int) throws {
        let store = try FileSecretStore(path: scratch.path)
        _ = try store.add("a", SecretBytes([1, 2, 3]), protection: .afterFirstUnlock)
        let file = try #require(try scratch.files().first { $0.hasSuffix(".item") })
        let url = URL(fileURLWithPath: "\(scratch.path)/\(file)")
        let whole = try Data(contentsOf: url)
        try whole.prefix(count).write(to: url)
        #expect(throws: SecretStoreError.self) { try store.read("a") }
    }

    @Test("the device key is one, however many make it, and survives")
    func deviceKey() throws {
        let keys = FileDeviceKeyStore(vault: try FileSecretStore(path: scratch.path))
        #expect(try keys.load() == nil)
        let key = try keys.create()
        let again = FileDeviceKeyStore(vault: try FileSecretStore(path: scratch.path))
        #expect(try again.create().publicPoint == key.publicPoint)
        let publicKey = try P256.Signing.PublicKey(x963Representation: key.publicPoint)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: key.signature(for: [7]))
        #expect(publicKey.isValidSignature(signature, for: [7]))
    }

    @Test("a device key whose vault key is gone counts as lost, and a new one is made")
    func lostDeviceKey() throws {
        let keys = FileDeviceKeyStore(vault: try FileSecretStore(path: scratch.path))
        let old = try keys.create()
        try FileManager.default.removeItem(atPath: scratch.path + "/vault.key")
        #expect(try keys.load() == nil)
        #expect(try keys.create().publicPoint != old.publicPoint)
    }
}
