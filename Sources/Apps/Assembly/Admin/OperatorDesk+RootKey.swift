import BucklerPrimitives
import DataProtection
import ServerConfiguration
import Sessions
import Storage

extension OperatorDesk {
    /// Replaces the root key; says its name, the name of the one before, and what is still behind.
    func rotateRootKey() async throws(AdminError) -> JSONObject {
        let former = core.keys.rootKeyID
        do throws(RootRotationError) {
            try await core.rotateRoot()
        } catch {
            throw Self.refusal(of: error)
        }
        var result: JSONObject = [
            "rotated": "root", "root_key": .string(core.keys.rootKeyID.text), "former_root_key": .string(former.text),
        ]
        do throws(AdminError) {
            for (name, value) in try await rootRotation() { result[name] = value }
        } catch {
            throw error == .storeUnavailable ? .rowsAreBehind : error
        }
        return result
    }

    /// The state of a root key's rotation, for `keys.list` and `keys.rotate`.
    func rootRotation() async throws(AdminError) -> [(String, JSONValue)] {
        let behind = try await stored { () async throws(StoreError) in try await core.rootRowsBehind() }
        let rows: JSONObject = [
            "accounts": .integer(behind.rows[.accounts] ?? 0), "sessions": .integer(behind.rows[.sessions] ?? 0),
            "mails": .integer(behind.rows[.mails] ?? 0), "budgets": .integer(behind.budgets),
            "key_files": .integer(behind.keyFiles),
        ]
        return [
            ("root_key_epoch", .integer(core.keys.ring.epoch)), ("root_rows_behind", .integer(behind.total)),
            ("root_rows_behind_by_kind", .object(rows)),
            ("sessions_to_refresh", .integer(behind.sleepingSessions)),
            ("kept_keys", .array(behind.kept.map { .string($0.description) })),
        ]
    }

    private static func refusal(of error: RootRotationError) -> AdminError {
        switch error {
        case .busy: .keysAreBusy
        case .noNextCommand:
            .refused(
                "the root key comes from keys_command: let keys_command_next print the new one, start again, and repeat"
            )
        case .refreshEpochs:
            .refused("all 255 epochs of refresh keys are in use; end all sessions, or wait for their lifetime")
        case .keys(.database(let error)), .store(let error): AdminError(error)
        case .rows(.tampered): .tampered
        case .rows: .rowsAreBehind
        case .keys(let error): .refused(error.description)
        case .command(let failure): .refused(failure.description)
        }
    }
}

extension AdminError {
    static let tooManyFollow = AdminError.refused("as many follow the events as may; end one of them")
    static let rowsAreBehind = AdminError.refused(
        "the new key is in force; the database did not take all rows anew, and housekeeping goes on with it")
    static let keysAreBusy = AdminError.refused("another order works on the keys; try again in a moment")
}
