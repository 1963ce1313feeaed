import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Sessions
import Storage

extension OperatorDesk {
    /// A new epoch of refresh keys; its event commits with it.
    func rotateRefreshKeys(_ isCompromised: Bool) async throws(AdminError) {
        guard core.keyWork.begin() else { throw .keysAreBusy }
        defer { core.keyWork.end() }
        let overlap = core.sessions.policies.presets.longestAbsolute
        let event = act(isCompromised ? .adminRefreshKeysCompromised : .adminRefreshKeysRotated)
        do throws(RefreshKeyError) {
            try await core.sessions.refreshKeys.rotate(compromised: isCompromised, overlap: overlap, event: event)
        } catch {
            switch error {
            case .store(let error): throw AdminError(error)
            case .exhausted:
                throw .refused(
                    "all 255 epochs of refresh keys are in use; a new root key begins anew: keys rotate root")
            }
        }
    }

    /// A new key-encryption key; what stands under older ones follows at once, and what a kill interrupts at the next
    /// housekeeping.
    ///
    /// The key is a file, which no transaction holds: it is recorded before it is made, and a failure after that.
    func rotateDataKeys() async throws(AdminError) {
        guard core.keyWork.begin() else { throw .keysAreBusy }
        defer { core.keyWork.end() }
        try await record(act(.adminDataKeysRotated))
        do throws(KeyDirectoryError) {
            try core.addDataKeyEpoch()
        } catch {
            // What is told counts; that nothing came of it may be missing in the record.
            try? await record(act(.adminDataKeysNotRotated))
            throw .refused(error.description)
        }
        do throws(StoreError) { try await core.rewrapDataKeys() } catch {
            if case .tampered = error { throw .tampered }
            throw .rowsAreBehind
        }
    }
}
