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
