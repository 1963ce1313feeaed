import BucklerPrimitives

/// The row that ties a database to its root key.
package struct InstanceRecord: Sendable, Hashable {
    /// The instance; part of every derivation.
    package let id: InstanceID
    /// A MAC under the root's check key.
    package let checkTag: [UInt8]
    /// The root key's name, for error texts and backups' notes.
    package let rootKeyID: KeyID
    /// When the instance began.
    package let createdAt: Timestamp
    /// How many root keys the instance had, this one included.
    package let rootEpoch: Int64

    /// Takes the stored parts.
    package init(
        id: InstanceID, checkTag: [UInt8], rootKeyID: KeyID, createdAt: Timestamp, rootEpoch: Int64 = 1
    ) {
        self.id = id
        self.checkTag = checkTag
        self.rootKeyID = rootKeyID
        self.createdAt = createdAt
        self.rootEpoch = rootEpoch
    }
}

/// A root key that was replaced.
package struct FormerRoot: Sendable, Hashable {
    /// Its name.
    package let id: KeyID
    /// Since when it is no longer used.
    package let replacedAt: Timestamp

    /// Takes the stored parts.
    package init(id: KeyID, replacedAt: Timestamp) {
        self.id = id
        self.replacedAt = replacedAt
    }
}

/// A kept key as it is stored: sealed under the present root key, tied to instance, purpose and epoch.
package struct WrappedKeptKey: Sendable, Hashable {
    /// Which key.
    package let name: KeptKeyName
    /// The sealed 32 bytes.
    package let sealed: [UInt8]

    /// Takes the stored parts.
    package init(name: KeptKeyName, sealed: [UInt8]) {
        self.name = name
        self.sealed = sealed
    }
}

/// What the database has to take over in one transaction when the root key is replaced.
package struct RootChange: Sendable {
    /// The row as it must stand before.
    package let before: InstanceRecord
    /// The row afterwards.
    package let after: InstanceRecord
    /// Everything that is kept of earlier roots, wrapped by the new one.
    package let kept: [WrappedKeptKey]
    /// When.
    package let at: Timestamp
}

/// The port to the instance's row.
package protocol InstanceStore: Sendable {
    /// The row; nil in a new database.
    func find() async throws(StoreError) -> InstanceRecord?

    /// Stores the row of a new database. `.conflict` if there is one already.
    func create(_ record: InstanceRecord) async throws(StoreError)

    /// The epochs under which accounts' data keys are wrapped.
    func epochsInUse() async throws(StoreError) -> [KeyEpoch]

    /// What is kept of replaced root keys.
    func keptKeys() async throws(StoreError) -> [WrappedKeptKey]

    /// The root keys before this one, the last one first.
    func formerRoots() async throws(StoreError) -> [FormerRoot]
}

/// The keys that the data need: what has to be kept apart from every backup, and put back with it.
package struct RestoreKeys: Sendable, Hashable, CustomStringConvertible {
    /// The root key's name.
    package let rootKeyID: KeyID
    /// The key-encryption keys under which accounts' data keys stand.
    package let epochs: [KeyEpoch]

    /// Names the keys.
    package init(rootKeyID: KeyID, epochs: [KeyEpoch]) {
        self.rootKeyID = rootKeyID
        self.epochs = epochs
    }

    /// One line for the operator.
    package var description: String {
        let epochs = self.epochs.map { "kek/\($0)" }.joined(separator: ", ")
        return "root key \(rootKeyID) (root.key or keys_command)"
            + (epochs.isEmpty ? "" : ", key-encryption keys \(epochs)")
    }
}

extension InstanceStore {
    /// What a restore of the data as they are now needs; nil for a database without an instance.
    package func restoreKeys() async throws(StoreError) -> RestoreKeys? {
        guard let record = try await find() else { return nil }
        return RestoreKeys(rootKeyID: record.rootKeyID, epochs: try await epochsInUse())
    }
}
