import BucklerJOSE
import BucklerPlatformKeys
import BucklerPrimitives

/// Session, tokens and attempt ids in the secret store, by add-only items (PD-01, client).
///
/// A sign-in is an epoch `k`: `session.<k>` with `token.<k>.<n>` and `attempt.<k>.<n>`; of tokens the highest `n` is the
/// current one. Nothing is overwritten, so a process that is late or was killed can never put an older token over a newer.
struct TokenVault: Sendable {
    let store: any SecretStore
    let entropy: Entropy

    /// A session and the generation of its token that is current.
    struct Current: Sendable {
        let epoch: Int
        let generation: Int
        let record: SessionRecord
        let token: TokenRecord
    }

    func index() throws(SecretStoreError) -> VaultIndex { VaultIndex(try store.names()) }

    /// Step 1: the session in force and its highest token.
    ///
    /// Nil if there is no session, or none with a token.
    func current() throws(SecretStoreError) -> Current? {
        // A token can be replaced between the listing and the reading; then a newer one is listed the next time.
        for _ in 0..<8 {
            let index = try index()
            guard let epoch = index.epoch, !index.wipes.contains(epoch), let generation = index.generation(epoch) else {
                return nil
            }
            guard let session = try store.read("session.\(epoch)"),
                let token = try store.read("token.\(epoch).\(generation)")
            else { continue }
            guard let record = Self.record(session), let token = TokenRecord(token) else { throw .damaged }
            return Current(epoch: epoch, generation: generation, record: record, token: token)
        }
        throw .damaged
    }

    /// Step 2: the attempt id of this generation: ours, or the one that another process or an earlier try wrote down.
    func attempt(_ epoch: Int, _ generation: Int) throws(SecretStoreError) -> [UInt8] {
        let name = "attempt.\(epoch).\(generation)"
        for _ in 0..<8 {
            _ = try store.add(name, SecretBytes(entropy.bytes(16)), protection: .afterFirstUnlock)
            if let bytes = try store.read(name) { return bytes.withExposedBytes { $0 } }
        }
        throw .damaged
    }

    /// Step 3: true if `generation` is still the highest; otherwise the attempt is dropped.
    func confirm(_ epoch: Int, _ generation: Int) throws(SecretStoreError) -> Bool {
        let index = try index()
        if index.epoch == epoch, !index.wipes.contains(epoch), index.generation(epoch) == generation { return true }
        try store.delete("attempt.\(epoch).\(generation)")
        return false
    }

    /// Steps 5 and 6: adds the successor, then deletes lower tokens, then lower attempts.
    ///
    /// If the session was ended here meanwhile, the successor is deleted again: it must not outlive its session.
    func advance(_ epoch: Int, to generation: Int, _ token: TokenRecord) throws(SecretStoreError) {
        _ = try store.add("token.\(epoch).\(generation)", token.secret, protection: .afterFirstUnlock)
        let index = try index()
        guard index.sessions.contains(epoch), !index.wipes.contains(epoch) else {
            for n in index.tokens[epoch] ?? [] { try store.delete("token.\(epoch).\(n)") }
            return
        }
        let highest = index.generation(epoch) ?? generation
        for n in index.tokens[epoch] ?? [] where n < highest { try store.delete("token.\(epoch).\(n)") }
        for n in index.attempts[epoch] ?? [] where n < highest { try store.delete("attempt.\(epoch).\(n)") }
    }

    /// Begins to keep a finished sign-in: adds its first token and answers its epoch.
    ///
    /// It counts for nothing yet.
    func claimEpoch(_ token: TokenRecord) throws(SecretStoreError) -> Int {
        while true {
            let epoch = try index().nextEpoch
            if try store.add("token.\(epoch).0", token.secret, protection: .afterFirstUnlock) { return epoch }
        }
    }

    /// Adds the session that makes the token count; older epochs are deleted after.
    ///
    /// Throws ``SecretStoreError/damaged`` if the epoch was given away meanwhile.
    func establish(_ record: SessionRecord, _ epoch: Int) throws(SecretStoreError) {
        let bytes = SecretBytes(JSONValue.object(record.json).serialized)
        guard try store.add("session.\(epoch)", bytes, protection: .afterFirstUnlock) else { throw .damaged }
        try deleteEpochs { $0 < epoch }
    }

    /// Adds the notice keys that came with a refresh, if a key of the present set has signed them.
    ///
    /// `keys.<k>.<m>`: `m` is the second in which the set was signed, so a set from an older answer that is late never
    /// counts over a newer one.
    func noteKeys(_ sets: [String], _ current: Current) throws(SecretStoreError) {
        let known = try noticeKeys(current.epoch, current.record)
        let verified = sets.prefix(8).lazy.compactMap { text in
            try? VerifiedNoticeKeySet(verifying: text, issuer: current.record.issuer, known: known)
        }.first
        guard let set = verified, set.keys != known, set.issuedAt >= current.record.createdAt.seconds else { return }
        let json = JSONValue.object(["keys": .array(set.keys.map { .object($0.json) })])
        _ = try store.add(
            "keys.\(current.epoch).\(set.issuedAt)", SecretBytes(json.serialized), protection: .afterFirstUnlock)
    }

    /// The keys that may sign a notice for this session: the newest set that the server signed, else the sign-in's.
    func noticeKeys(_ epoch: Int, _ record: SessionRecord) throws(SecretStoreError) -> [P256PublicJWK] {
        guard let version = try index().keySets[epoch]?.max(), let bytes = try store.read("keys.\(epoch).\(version)"),
            let json = try? bytes.withExposedBytes({ try StrictJSON.parseObject($0) })
        else { return record.noticeKeys }
        return SessionRecord.keys(json)
    }

    /// Deletes session, tokens, attempts and keys of the epochs chosen; the session first, which ends it here.
    func deleteEpochs(_ isChosen: (Int) -> Bool) throws(SecretStoreError) {
        let index = try index()
        for k in index.sessions where isChosen(k) { try store.delete("session.\(k)") }
        for (k, generations) in index.tokens where isChosen(k) {
            for n in generations { try store.delete("token.\(k).\(n)") }
        }
        for (k, generations) in index.attempts where isChosen(k) {
            for n in generations { try store.delete("attempt.\(k).\(n)") }
        }
        for (k, versions) in index.keySets where isChosen(k) {
            for m in versions { try store.delete("keys.\(k).\(m)") }
        }
    }

    /// Writes down that epoch `epoch` is being wiped, and why: a kill in the middle is finished at the next start.
    func beginWipe(_ epoch: Int, _ note: WipeNote) throws(SecretStoreError) {
        _ = try store.add("wipe.\(epoch)", SecretBytes(note.text.utf8), protection: .afterFirstUnlock)
    }

    /// Wipes that were begun, the oldest first.
    func begunWipes() throws(SecretStoreError) -> [(epoch: Int, note: WipeNote)] {
        var wipes: [(epoch: Int, note: WipeNote)] = []
        for epoch in try index().wipes.sorted() {
            do {
                guard let bytes = try store.read("wipe.\(epoch)") else { continue }
                wipes.append((epoch, WipeNote(text: bytes.withExposedBytes { String(decoding: $0, as: UTF8.self) })))
            } catch .damaged {
                // That a wipe was begun is certain, how far it went to go is not.
                wipes.append((epoch, WipeNote(reason: .deviceKeyLost, takesEverything: true)))
            } catch {
                throw error
            }
        }
        return wipes
    }

    /// The last step of a wipe.
    func finishWipe(_ epoch: Int) throws(SecretStoreError) { try store.delete("wipe.\(epoch)") }

    private static func record(_ secret: SecretBytes) -> SessionRecord? {
        (try? secret.withExposedBytes { try StrictJSON.parseObject($0) }).flatMap(SessionRecord.init)
    }
}

/// Why a wipe was begun and how far it goes.
struct WipeNote: Sendable, Equatable {
    let reason: SignOutReason
    /// True: every item of the vault.
    ///
    /// False: the items that live until sign-out.
    let takesEverything: Bool

    init(reason: SignOutReason, takesEverything: Bool) {
        self.reason = reason
        self.takesEverything = takesEverything
    }

    init(text: String) {
        takesEverything = text.hasPrefix("all ")
        reason = SignOutReason(text: String(text.drop { $0 != " " }.dropFirst()))
    }

    var text: String { (takesEverything ? "all " : "session ") + reason.description }
}
