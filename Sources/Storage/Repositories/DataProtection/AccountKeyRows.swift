import BucklerPrimitives
import DataProtection

/// Rows of accounts' wrapped data keys, for the repositories that seal personal data.
package struct AccountKeyRows: Sendable {
    private let keys: AccountDataKeys

    /// Takes the maker of keys.
    package init(_ keys: AccountDataKeys) { self.keys = keys }

    /// Draws and stores a new account's key, in the transaction that creates the account.
    package func create(for account: AccountID, _ connection: any SQLConnection) throws(StoreError) -> AccountDataKey {
        let (key, wrapped) = keys.create(for: account)
        try connection.execute(
            """
            INSERT INTO account_key (account, epoch, wrapped)
            VALUES (\(account), \(wrapped.epoch.number), \(wrapped.sealed))
            """)
        return key
    }

    /// Opens an account's key; nil if it has none (never created, or erased).
    ///
    /// A key that stands in another account's row, or was changed, is `.tampered`.
    package func open(_ account: AccountID, _ connection: any SQLConnection) throws(StoreError) -> AccountDataKey? {
        guard let wrapped = try Self.find(account, connection) else { return nil }
        do { return try keys.open(wrapped, for: account) } catch {
            switch error {
            case .epochDestroyed: return nil
            case .notAuthentic: throw .tampered(table: "account_key")
            }
        }
    }

    /// Destroys an account's key: everything sealed under it is unreadable from here on.
    ///
    /// False if there was none.
    package func destroy(_ account: AccountID, _ connection: any SQLConnection) throws(StoreError) -> Bool {
        try connection.execute("DELETE FROM account_key WHERE account = \(account)") == 1
    }

    /// Wraps up to `limit` keys of older epochs under the current one; answers how many were.
    package func rewrap(limit: Int, _ connection: any SQLConnection) throws(StoreError) -> Int {
        let current = keys.currentEpoch.number
        let rows = try connection.query(
            "SELECT account, epoch, wrapped FROM account_key WHERE epoch < \(current) ORDER BY epoch LIMIT \(limit)")
        var count = 0
        for row in rows {
            let account: AccountID = try row.identifier(0)
            guard let epoch = KeyEpoch(try row.integer(1)) else { throw .tampered(table: "account_key") }
            let old = WrappedDataKey(epoch: epoch, sealed: try row.blob(2))
            // A key that does not open stays as it is: the account's next use reports it.
            guard let new = try? keys.rewrap(old, for: account) else { continue }
            count += try connection.execute(
                """
                UPDATE account_key SET epoch = \(new.epoch.number), wrapped = \(new.sealed)
                WHERE account = \(account) AND epoch = \(old.epoch.number)
                """)
        }
        return count
    }

    /// How many keys still stand under older epochs.
    package func countBehind(_ connection: any SQLConnection) throws(StoreError) -> Int64 {
        let current = keys.currentEpoch.number
        return try connection.query("SELECT count(*) FROM account_key WHERE epoch < \(current)")[0].integer(0)
    }

    private static func find(_ account: AccountID, _ connection: any SQLConnection) throws(StoreError)
        -> WrappedDataKey?
    {
        let rows = try connection.query("SELECT epoch, wrapped FROM account_key WHERE account = \(account)")
        guard let row = rows.first else { return nil }
        guard let epoch = KeyEpoch(try row.integer(0)) else { throw .tampered(table: "account_key") }
        return WrappedDataKey(epoch: epoch, sealed: try row.blob(1))
    }
}
