import BucklerPlatformKeys
import BucklerPrimitives

/// The app's items in the secret store, each with its owner and its deadline.
struct ItemVault: Sendable {
    let store: any SecretStore

    /// An item as it is kept.
    struct Envelope: Sendable {
        let account: String
        let lifetime: VaultItem.Lifetime
        let protection: ItemProtection
        let purpose: String
        /// The session's absolute deadline, in the server's seconds.
        let deadline: Timestamp
        let value: SecretBytes
    }

    /// Stores a new version, of the session of `epoch`, and deletes older ones.
    func save(_ name: String, _ envelope: Envelope, epoch: Int) throws(SecretStoreError) {
        let encoded = Self.encode(name)
        for _ in 0..<8 {
            let former = try index().items[encoded] ?? []
            let next = ItemName(
                encoded: encoded, version: (former.map(\.version).max() ?? 0) + 1, lifetime: envelope.lifetime,
                deadline: envelope.deadline.seconds, epoch: epoch)
            guard try store.add(next.text, envelope.secret, protection: envelope.protection) else { continue }
            for older in former { try store.delete(older.text) }
            return
        }
        throw .damaged
    }

    /// The newest version, or nil.
    func read(_ name: String) throws(SecretStoreError) -> Envelope? {
        let encoded = Self.encode(name)
        for _ in 0..<8 {
            guard let newest = try index().items[encoded]?.max(by: { $0.version < $1.version }) else { return nil }
            if let secret = try store.read(newest.text) { return Envelope(secret) }
        }
        return nil
    }

    /// Deletes every version.
    func delete(_ name: String) throws(SecretStoreError) {
        for item in try index().items[Self.encode(name)] ?? [] { try store.delete(item.text) }
    }

    /// Deletes the items that `isDoomed` chooses by name, readable now or not.
    func destroy(where isDoomed: (ItemName) -> Bool) throws(SecretStoreError) {
        for item in try index().items.values.joined() where isDoomed(item) { try store.delete(item.text) }
    }

    /// At a sign-in: items of another account are destroyed, and what does not open; the same account's pass to the session
    /// of `epoch` and live until its deadline.
    ///
    /// An item whose class is closed now belongs to whoever it belonged to, and ends with that session; reading it checks
    /// again.
    func adopt(account: String, deadline: Timestamp, epoch: Int) throws(SecretStoreError) {
        for versions in try index().items.values {
            guard let item = versions.max(by: { $0.version < $1.version }) else { continue }
            // A kill may have left older versions; adopting them would put their values over the newest.
            for older in versions where older != item { try store.delete(older.text) }
            do {
                guard let secret = try store.read(item.text), let envelope = Envelope(secret),
                    envelope.account == account, let name = Self.decode(item.encoded)
                else {
                    try store.delete(item.text)
                    continue
                }
                let isDue = envelope.lifetime == .untilSignOut && envelope.deadline != deadline
                guard isDue || item.epoch < epoch else { continue }
                try save(name, isDue ? envelope.with(deadline: deadline) : envelope, epoch: epoch)
            } catch .locked {
                continue
            } catch .damaged {
                try store.delete(item.text)
            } catch {
                throw error
            }
        }
    }

    private func index() throws(SecretStoreError) -> VaultIndex { VaultIndex(try store.names()) }
    private static func encode(_ name: String) -> String { Base64URL.encode(Array(name.utf8)) }
    private static func decode(_ text: String) -> String? {
        Base64URL.decode(text).flatMap { String(validating: $0, as: UTF8.self) }
    }
}

extension ItemVault.Envelope {
    /// Reads what `secret` wrote; nil for anything else.
    init?(_ secret: SecretBytes) {
        let limits = StrictJSON.Limits(maximumByteCount: 2_097_152)
        guard let json = try? secret.withExposedBytes({ try StrictJSON.parseObject($0, limits: limits) }),
            let account = json["account"]?.string,
            let lifetime = json["lifetime"]?.string.flatMap(VaultItem.Lifetime.init(rawValue:)),
            let protection = json["protection"]?.string.flatMap(ItemProtection.init(rawValue:)),
            let purpose = json["purpose"]?.string, let deadline = json["deadline"]?.integer,
            let value = json["value"]?.string.flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.init(
            account: account, lifetime: lifetime, protection: protection, purpose: purpose,
            deadline: Timestamp(seconds: deadline), value: SecretBytes(value))
    }

    var secret: SecretBytes {
        let encoded = value.withExposedBytes { Base64URL.encode($0) }
        let json: JSONObject = [
            "account": .string(account), "lifetime": .string(lifetime.rawValue),
            "protection": .string(protection.rawValue), "purpose": .string(purpose),
            "deadline": .integer(deadline.seconds), "value": .string(encoded),
        ]
        return SecretBytes(JSONValue.object(json).serialized)
    }

    func with(deadline: Timestamp) -> Self {
        Self(
            account: account, lifetime: lifetime, protection: protection, purpose: purpose, deadline: deadline,
            value: value)
    }
}
