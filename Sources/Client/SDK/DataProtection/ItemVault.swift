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

    /// Stores a new version and deletes older ones.
    func save(_ name: String, _ envelope: Envelope) throws(SecretStoreError) {
        let encoded = Self.encode(name)
        for _ in 0..<8 {
            let versions = try index().items[encoded] ?? []
            let version = (versions.max() ?? 0) + 1
            let added = try store.add("item.\(encoded).\(version)", envelope.secret, protection: envelope.protection)
            guard added else { continue }
            for older in versions { try store.delete("item.\(encoded).\(older)") }
            return
        }
        throw .damaged
    }

    /// The newest version, or nil.
    func read(_ name: String) throws(SecretStoreError) -> Envelope? {
        let encoded = Self.encode(name)
        for _ in 0..<8 {
            guard let version = try index().items[encoded]?.max() else { return nil }
            if let secret = try store.read("item.\(encoded).\(version)") { return Envelope(secret) }
        }
        return nil
    }

    /// Deletes every version.
    func delete(_ name: String) throws(SecretStoreError) {
        let encoded = Self.encode(name)
        for version in try index().items[encoded] ?? [] { try store.delete("item.\(encoded).\(version)") }
    }

    /// Deletes the items that `isDoomed` chooses; an item that does not open is doomed.
    ///
    /// Items of a class that is closed now are left for the next time.
    func destroy(where isDoomed: (Envelope) -> Bool) throws(SecretStoreError) {
        for (encoded, versions) in try index().items {
            for version in versions {
                let name = "item.\(encoded).\(version)"
                do {
                    if let secret = try store.read(name), let envelope = Envelope(secret), !isDoomed(envelope) {
                        continue
                    }
                } catch .locked {
                    continue
                } catch .damaged {
                    // Falls through: what does not open is deleted.
                } catch {
                    throw error
                }
                try store.delete(name)
            }
        }
    }

    /// Deletes every item, readable now or not.
    func destroyAll() throws(SecretStoreError) {
        for (encoded, versions) in try index().items {
            for version in versions { try store.delete("item.\(encoded).\(version)") }
        }
    }

    /// After a sign-in: items of another account are destroyed, the same account's live until the new deadline.
    func adopt(account: String, deadline: Timestamp) throws(SecretStoreError) {
        try destroy { $0.account != account }
        for (encoded, _) in try index().items {
            guard let name = Self.decode(encoded), let envelope = try readable(name),
                envelope.lifetime == .untilSignOut, envelope.deadline != deadline
            else { continue }
            try save(name, envelope.with(deadline: deadline))
        }
    }

    private func readable(_ name: String) throws(SecretStoreError) -> Envelope? {
        do { return try read(name) } catch .locked { return nil } catch { throw error }
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
