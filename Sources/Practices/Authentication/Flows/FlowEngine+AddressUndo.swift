import BucklerPrimitives
import BucklerSecurityEvents

extension FlowEngine {
    /// The old mailbox has typed its code: its address is the account's again, and every session ends.
    ///
    /// Nobody is signed in: an account with a second factor is not opened by a mailbox (PD-12). What waits is dropped, a
    /// recovery too, because it was asked for with the other mailbox.
    func restoreAddress(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        let address = situation.flow.email
        guard let account = situation.account,
            let place = account.contacts.formers.firstIndex(where: { $0.email == address })
        else { return .gone }
        let present = try transaction.findAccount(address)
        guard present == nil || present?.id == account.id else {
            // Somebody, necessarily with this mailbox, has made another account of it meanwhile.
            return try end(situation, .addressNotRestored, visit, transaction)
        }
        var contacts = account.contacts
        // Its own change goes, and all later ones with it.
        contacts.formers.removeSubrange(place...)
        contacts.pending = nil
        if contacts.second == address { contacts.second = nil }
        try endHold(of: account, .holdCancelledByUndo, situation, visit, transaction)
        try transaction.setContacts(contacts, address: address, of: account)
        let occasion = occasion(situation, visit)
        try tell(account.everybody(at: visit.now), transaction) { mails.addressRestored($0, occasion: occasion) }
        try record(.userUpdated, .addressRestored, account.id, visit, transaction)
        let signsOut = try transaction.endSessions(
            of: account.id, except: nil, reason: .recovered, origin: visit.requester.origin, at: visit.now)
        try transaction.forgetDevices(of: account.id, except: visit.requester.key)
        // Kept to its end, so that a lost answer can be asked for again.
        try save(situation, transaction, visit)
        return .answered(.addressRestored, signsOut: signsOut)
    }
}
