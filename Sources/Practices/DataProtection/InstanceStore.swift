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

    /// Takes the stored parts.
    package init(id: InstanceID, checkTag: [UInt8], rootKeyID: KeyID, createdAt: Timestamp) {
        self.id = id
        self.checkTag = checkTag
        self.rootKeyID = rootKeyID
        self.createdAt = createdAt
    }
}

/// The port to the instance's row.
package protocol InstanceStore: Sendable {
    /// The row; nil in a new database.
    func find() async throws(StoreError) -> InstanceRecord?

    /// Stores the row of a new database. `.conflict` if there is one already.
    func create(_ record: InstanceRecord) async throws(StoreError)

    /// The epochs under which accounts' data keys are wrapped.
    func epochsInUse() async throws(StoreError) -> [KeyEpoch]
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
