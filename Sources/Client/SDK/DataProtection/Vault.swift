import BucklerPrimitives

/// The app's declared secrets, open while somebody is signed in and the app is not locked.
public struct Vault: Sendable {
    let core: ClientCore
    let session: String

    /// Stores a value; a former one is replaced.
    public func save(_ value: SecretBytes, as item: VaultItem) async throws(BucklerError) {
        try await core.saveItem(value, item, session: session)
    }

    /// The value, or nil if there is none.
    public func read(_ item: VaultItem) async throws(BucklerError) -> SecretBytes? {
        try await core.readItem(item, session: session)
    }

    /// Deletes the value.
    public func delete(_ item: VaultItem) async throws(BucklerError) {
        try await core.deleteItem(item, session: session)
    }
}
