extension Migration {
    /// Further addresses of an account, sealed under its data key; when something of it is to be forgotten; and the blind
    /// indexes of addresses before changes that can still be undone.
    ///
    /// A row of `former_address` only leads to an account: what counts stands in the sealed value.
    static let contacts = Migration(
        name: "0008_contacts",
        sqlite: [
            "ALTER TABLE account ADD COLUMN contacts_sealed BLOB",
            "ALTER TABLE account ADD COLUMN contacts_until INTEGER",
            "CREATE INDEX account_by_contacts_until ON account (contacts_until) WHERE contacts_until IS NOT NULL",
            """
            CREATE TABLE former_address (
                account_id BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                address_index BLOB NOT NULL CHECK (length(address_index) = 32),
                expires_at INTEGER NOT NULL,
                PRIMARY KEY (account_id, address_index)
            ) STRICT
            """,
            "CREATE INDEX former_address_by_index ON former_address (address_index, expires_at)",
        ])
}
