import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Logging
import ServerConfiguration
import Sessions
import Storage

/// Why the root key was not replaced.
package enum RootRotationError: Error {
    /// Another order works on the keys.
    case busy
    /// `keys_command` hands the root key over, and there is no `keys_command_next`.
    case noNextCommand
    /// All refresh epochs are in use.
    case refreshEpochs
    /// The keys directory or what lies there.
    case keys(KeyDirectoryError)
    /// The program of `keys_command_next`.
    case command(StartFailure)
    /// The database.
    case store(StoreError)
    /// The new root key is in force, but the database did not take all rows anew; housekeeping goes on with it.
    case rows(StoreError)
}

extension ServerCore {
    /// Replaces the root key while everything goes on (PD-14).
    ///
    /// When this returns, the new root key is in force, on the disk and in the database, and rows were moved as far as that
    /// is possible at once. What has to wait (open flows, budgets, refresh tokens) is left to housekeeping.
    package func rotateRoot() async throws(RootRotationError) {
        guard keyWork.begin() else { throw .busy }
        defer { keyWork.end() }
        try await takeNextRoot(try await prepareNextRoot())
        do throws(KeyDirectoryError) { try keysLoader.settleRoot(keysFolder: settings.keys, keys: keys) } catch {
            // It has happened: housekeeping and the next start finish the files.
            environment.logger.error(
                "files of the keys directory wait for their new form", metadata: ["why": "\(error)"])
        }
        do throws(StoreError) { try await moveRows() } catch { throw .rows(error) }
    }

    /// The first step: nothing is changed but that the new key is there.
    package func prepareNextRoot() async throws(RootRotationError) -> NextRoot {
        let external = try await nextExternalRoot()
        do throws(KeyDirectoryError) {
            return try await keysLoader.prepareRoot(
                keysFolder: settings.keys, keys: keys, external: external,
                refreshEpochs: sessions.refreshKeys.accepted)
        } catch {
            throw .keys(error)
        }
    }

    /// The second and third step: the database takes the key over, and so does this process.
    package func takeNextRoot(_ next: NextRoot) async throws(RootRotationError) {
        let overlap = sessions.policies.presets.longestAbsolute
        let epochs: [RefreshKeyEpoch]
        do throws(RefreshKeyError) {
            epochs = try sessions.refreshKeys.next(compromised: false, overlap: overlap, underNewRoot: true)
        } catch {
            throw .refreshEpochs
        }
        let event = SecurityEvent(
            id: .random(environment.entropy), name: .adminAction, reason: .adminRootKeyRotated,
            at: environment.clock.now)
        do throws(StoreError) {
            try await rootRotation.replaceRoot(next.change, refreshEpochs: epochs, event: event)
        } catch {
            throw .store(error)
        }
        keysLoader.takeRoot(next, keys: keys)
        sessions.refreshKeys.adopt(epochs)
    }

    /// Makes rows anew under the present root key's keys, in small transactions, and lets go of what none needs any more.
    package func moveRows() async throws(StoreError) {
        while try await authentication.moveAccounts(limit: 100) {}
        while try await sessions.store.moveRows(limit: 200) {}
        while try await authentication.moveMails(limit: 200) {}
        if keys.ring.kept.contains(where: { $0.purpose == KeyPurpose.wrapSigningKeys.label }) {
            try await sessions.store.moveSigningKeys()
        }
        try await forgetKeptKeys()
    }

    /// What still stands under keys of earlier roots.
    package func rootRowsBehind() async throws(StoreError) -> RootRowsBehind {
        let kept = try await rootRotation.keptKeys()
        let now = environment.clock.now
        let rows = try await rootRotation.rowsBehind()
        var budgets: Int64 = 0
        if let throttle = kept.last(where: { $0.name.purpose == KeyPurpose.throttle.label }) {
            budgets = try await rootRotation.budgetsBehind(before: throttle.since, at: now)
        }
        let sleeping = try await rootRotation.sessionsBehind(newest: sessions.refreshKeys.current.epoch, at: now)
        let files = (try? keysLoader.keyFilesBehind(keysFolder: settings.keys, keys: keys)) ?? 0
        return RootRowsBehind(
            rows: rows, budgets: budgets, keyFiles: Int64(files), sleepingSessions: sleeping, kept: kept.map(\.name))
    }

    /// Keeps the order of work on keys in housekeeping too; skipped while an operator's order works on them.
    func continueRootRotation() async throws(StoreError) {
        guard keyWork.begin() else { return }
        defer { keyWork.end() }
        guard !keys.ring.kept.isEmpty else { return }
        do throws(KeyDirectoryError) { try keysLoader.settleRoot(keysFolder: settings.keys, keys: keys) } catch {
            environment.logger.error(
                "files of the keys directory wait for their new form", metadata: ["why": "\(error)"])
        }
        try await moveRows()
    }

    var rootRotation: RootRotationRepository { RootRotationRepository(database: database) }

    var keysLoader: InstanceKeysLoader {
        InstanceKeysLoader(
            files: SystemKeyFiles(), store: InstanceRepository(database: database), clock: environment.clock,
            entropy: environment.entropy)
    }

    private func nextExternalRoot() async throws(RootRotationError) -> RootKey? {
        guard !settings.keysCommand.isEmpty else { return nil }
        guard let command = KeysCommand(settings.keysCommandNext, key: KeysCommand.nextKey) else {
            throw .noNextCommand
        }
        do throws(StartFailure) { return try await command.rootKey() } catch { throw .command(error) }
    }

    private func forgetKeptKeys() async throws(StoreError) {
        let kept = try await rootRotation.keptKeys()
        guard !kept.isEmpty else { return }
        let behind = try await rootRowsBehind()
        let accepted = Set(sessions.refreshKeys.accepted.map { KeyPurpose.refresh(epoch: $0).label })
        let now = environment.clock.now
        let unneeded = kept.filter { !behind.needs($0.name, keptFor: now - $0.since, acceptedRefreshKeys: accepted) }
        try await rootRotation.forget(Set(unneeded.map(\.name)))
        keys.ring.forget(Set(unneeded.map(\.name)))
        guard kept.allSatisfy({ kept in unneeded.contains { $0.name == kept.name } || kept.name.isRefreshKey }) else {
            return
        }
        do throws(KeyDirectoryError) { try keysLoader.removeFormerRoot(keysFolder: settings.keys) } catch {
            environment.logger.error("the former root key could not be removed", metadata: ["why": "\(error)"])
        }
    }
}

/// What still stands under keys of earlier roots.
package struct RootRowsBehind: Sendable {
    /// Rows that were not looked at yet.
    package let rows: [MovedRows: Int64]
    /// Guessing budgets under an earlier name; they are renamed by use and end within a day.
    package let budgets: Int64
    /// Key-encryption keys that are wrapped by an earlier root key.
    package let keyFiles: Int64
    /// Running sessions that have not refreshed since; their tokens are accepted until they do, or end.
    package let sleepingSessions: Int64
    /// Keys of earlier roots that are kept, wrapped by the present one.
    package let kept: [KeptKeyName]

    /// Everything that the rotation itself moves; sessions that sleep do not count.
    package var total: Int64 { rows.values.reduce(0, +) + budgets + keyFiles }

    /// True while something may stand under the kept key.
    func needs(_ name: KeptKeyName, keptFor age: Duration, acceptedRefreshKeys: Set<String>) -> Bool {
        if name.isRefreshKey { return acceptedRefreshKeys.contains(name.purpose) }
        switch name.purpose {
        case KeyPurpose.verifier.label, KeyPurpose.state.label: return !rows.isEmpty || age < Self.flowsEnd
        case KeyPurpose.throttle.label: return age < GuessingPolicy.memory + .minutes(1)
        case KeyPurpose.wrapDataKeys.label: return keyFiles > 0
        case KeyPurpose.wrapSigningKeys.label: return false
        default: return rows[.accounts] != nil
        }
    }

    /// Flows last ten minutes, their codes one, and a spent code is remembered for an hour.
    static let flowsEnd = Duration.hours(2)
}

extension KeptKeyName {
    var isRefreshKey: Bool { purpose.hasPrefix("refresh/") }
}

extension EventReason {
    /// An operator replaced the root key.
    package static let adminRootKeyRotated = EventReason("admin.root_key_rotated")
}
