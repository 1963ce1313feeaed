import BucklerPlatformKeys
import BucklerPrimitives

extension ClientCore {
    /// Ends the session here: writes down that it does, deletes tokens, then items, and finishes (PD-05).
    func wipe(_ epoch: Int, _ note: WipeNote) throws(SecretStoreError) {
        try tokens.beginWipe(epoch, note)
        try carryOutWipe(epoch, note)
    }

    /// Finishes wipes that a kill interrupted, before anything else is read.
    func finishBegunWipes() throws(SecretStoreError) {
        for (epoch, note) in try tokens.begunWipes() { try carryOutWipe(epoch, note) }
    }

    private func carryOutWipe(_ epoch: Int, _ note: WipeNote) throws(SecretStoreError) {
        live = nil
        try tokens.deleteEpochs { $0 <= epoch }
        // Somebody may have signed in since. What is theirs now stays, whatever becomes of the older session.
        let isSuperseded = try tokens.index().isSuperseded(epoch)
        try items.destroy { item in
            (note.takesEverything || item.lifetime == .untilSignOut) && (!isSuperseded || item.epoch <= epoch)
        }
        if !isSuperseded { leave(note.reason) }
        try tokens.finishWipe(epoch)
    }

    /// Nobody is signed in any more: lock and activity are forgotten, the reason is kept for the next start.
    private func leave(_ reason: SignOutReason) {
        remember(reason)
        forgetPerson()
    }

    /// Drops the tokens of all epochs up to `epoch`.
    ///
    /// The vault stays, closed, until the same account signs in.
    func dropTokens(upTo epoch: Int, _ reason: SignOutReason) throws(SecretStoreError) {
        live = nil
        try tokens.deleteEpochs { $0 <= epoch }
        if try !tokens.index().isSuperseded(epoch) { leave(reason) }
    }

    /// Publishes that the session of `epoch` is over, or the state of the one that took its place.
    func publishEnd(of epoch: Int, _ reason: SignOutReason) throws(SecretStoreError) {
        if try tokens.index().isSuperseded(epoch) { check() } else { broadcast.publish(.signedOut(reason)) }
    }

    /// Destroys items whose session's absolute deadline has passed, online or not.
    func sweepItems() throws(SecretStoreError) {
        let offset = try Installation.load(environment.files).installation?.serverOffset ?? .zero
        let now = environment.wallClock.now + offset
        try items.destroy { $0.lifetime == .untilSignOut && now.seconds >= $0.deadline }
    }

    /// Obeys a verified notice; ignores anything else.
    ///
    /// True if the session has ended by it.
    func obey(_ notice: String?, _ current: TokenVault.Current) -> SignOutReason? {
        guard let notice else { return nil }
        do {
            let keys = try tokens.noticeKeys(current.epoch, current.record)
            let verified = try VerifiedSessionEndNotice(verifying: notice, for: current.record, keys: keys)
            let reason = SignOutReason.ended(reason: verified.reason)
            if verified.wipe {
                try wipe(current.epoch, WipeNote(reason: reason, takesEverything: verified.isOrderedFromElsewhere))
            } else {
                try dropTokens(upTo: current.epoch, reason)
            }
            try publishEnd(of: current.epoch, reason)
            return reason
        } catch {
            environment.log.note("a session-end notice was ignored or could not be carried out")
            return nil
        }
    }

    func saveItem(_ value: SecretBytes, _ item: VaultItem, session: String) throws(BucklerError) {
        let current = try requireLive(session: session, unlocked: true).current
        let record = current.record
        let envelope = ItemVault.Envelope(
            account: record.account, lifetime: item.lifetime, protection: item.protection, purpose: item.purpose,
            deadline: record.absoluteDeadline, value: value)
        do { try items.save(item.name, envelope, epoch: current.epoch) } catch { throw BucklerError(error) }
    }

    func readItem(_ item: VaultItem, session: String) throws(BucklerError) -> SecretBytes? {
        let record = try requireLive(session: session, unlocked: true).current.record
        do {
            guard let envelope = try items.read(item.name), envelope.account == record.account else { return nil }
            guard envelope.lifetime == .untilDeleted || serverTime(record) < envelope.deadline else {
                try items.delete(item.name)
                return nil
            }
            return envelope.value
        } catch {
            throw BucklerError(error)
        }
    }

    func deleteItem(_ item: VaultItem, session: String) throws(BucklerError) {
        _ = try requireLive(session: session, unlocked: true)
        do { try items.delete(item.name) } catch { throw BucklerError(error) }
    }
}
