/// The names in the secret store, sorted by meaning.
///
/// One snapshot; the items themselves are add-only.
struct VaultIndex: Sendable {
    /// Epochs of `session.<k>`.
    private(set) var sessions: Set<Int> = []
    /// Generations of `token.<k>.<n>` by epoch.
    private(set) var tokens: [Int: Set<Int>] = [:]
    /// Generations of `attempt.<k>.<n>` by epoch.
    private(set) var attempts: [Int: Set<Int>] = [:]
    /// Versions of `keys.<k>.<m>` by epoch.
    private(set) var keySets: [Int: Set<Int>] = [:]
    /// Epochs of `wipe.<k>`.
    private(set) var wipes: Set<Int> = []
    /// The app's items by encoded name.
    private(set) var items: [String: [ItemName]] = [:]

    init(_ names: [String]) {
        for name in names {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            switch (parts.first, parts.count) {
            case ("session", 2): if let k = Int(parts[1]) { sessions.insert(k) }
            case ("wipe", 2): if let k = Int(parts[1]) { wipes.insert(k) }
            case ("token", 3): Self.insert(parts, &tokens)
            case ("attempt", 3): Self.insert(parts, &attempts)
            case ("keys", 3): Self.insert(parts, &keySets)
            case ("item", 6): if let item = ItemName(parts) { items[item.encoded, default: []].append(item) }
            default: break
            }
        }
    }

    private static func insert(_ parts: [Substring], _ target: inout [Int: Set<Int>]) {
        guard let k = Int(parts[1]), let n = Int(parts[2]) else { return }
        target[k, default: []].insert(n)
    }

    /// The epoch in force: the highest session.
    var epoch: Int? { sessions.max() }

    /// True if a session began after that of `epoch`: then items, lock and activity are the newer one's.
    func isSuperseded(_ epoch: Int) -> Bool { sessions.contains { $0 > epoch } }

    /// The highest generation of a token of the epoch.
    func generation(_ epoch: Int) -> Int? { tokens[epoch]?.max() }

    /// One more than every epoch that any item mentions.
    var nextEpoch: Int {
        let used = [sessions.max(), wipes.max(), tokens.keys.max(), attempts.keys.max(), keySets.keys.max()]
        return (used.compactMap { $0 }.max() ?? 0) + 1
    }
}

/// The name of an app's item in the secret store: `item.<name>.<n>.<lifetime>.<deadline>.<epoch>`.
///
/// What decides the end of an item stands in its name, so that it can be destroyed while it cannot be read.
struct ItemName: Sendable, Hashable {
    /// The declared name, base64url.
    let encoded: String
    /// The highest is the current one.
    let version: Int
    /// How long it may live.
    let lifetime: VaultItem.Lifetime
    /// The absolute deadline of its session, in the server's seconds.
    let deadline: Int64
    /// The epoch of the session that it belongs to: the end of an older one leaves it alone.
    let epoch: Int

    init(encoded: String, version: Int, lifetime: VaultItem.Lifetime, deadline: Int64, epoch: Int) {
        self.encoded = encoded
        self.version = version
        self.lifetime = lifetime
        self.deadline = deadline
        self.epoch = epoch
    }

    init?(_ parts: [Substring]) {
        guard parts.count == 6, let version = Int(parts[2]), let deadline = Int64(parts[4]),
            let lifetime = VaultItem.Lifetime(rawValue: String(parts[3])), let epoch = Int(parts[5])
        else { return nil }
        self.init(encoded: String(parts[1]), version: version, lifetime: lifetime, deadline: deadline, epoch: epoch)
    }

    /// The name in the store.
    var text: String { "item.\(encoded).\(version).\(lifetime.rawValue).\(deadline).\(epoch)" }
}
