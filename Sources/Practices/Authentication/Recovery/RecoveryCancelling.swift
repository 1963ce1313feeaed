import BucklerPrimitives
import BucklerSecurityEvents

extension AccountService {
    /// Ends a pending recovery from a live session of any level: a person on an old phone must be able to (PD-12).
    package func cancelRecovery(_ actor: AccountActor) async throws(AccountError) {
        let (now, mails, occasion) = (clock.now, mails, occasion)
        let cancelled = event(.recovery, actor, reason: .holdCancelledBySession)
        let missing = event(.recovery, actor, reason: .noHold)
        let outcome: AccountOutcome<Void>
        do {
            outcome = try await store.write { transaction -> AccountOutcome<Void> in
                guard let record = try transaction.account(actor.account) else { return .refused(.unknownAccount) }
                guard let hold = record.pendingRecovery(at: now),
                    try transaction.replaceHold(hold, by: nil, of: record.id)
                else {
                    try transaction.record(missing)
                    return .refused(.noRecovery)
                }
                for address in record.everybody(at: now) {
                    try transaction.enqueue(mail: mails.recoveryCancelled(address, occasion: occasion))
                }
                try transaction.record(cancelled)
                return .done(())
            }
        } catch {
            throw AccountError(error)
        }
        try outcome.get()
    }
}
