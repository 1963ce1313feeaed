import BucklerPrimitives

/// What a further address of an account is for.
public enum AddressPurpose: String, Sendable, Hashable {
    /// Takes the place of the account's address.
    case primary
    /// Gets every notice too; nobody signs in with it.
    case notify
}

extension BucklerSession {
    /// Asks for a further address: a code is mailed there, and nothing changes before `confirmAddress(code:)`.
    ///
    /// Throws `BucklerError.needs` if the second factor was not shown within the last ten minutes: answer the challenge and
    /// ask again. An account without a second factor shows `currentPassword` instead.
    public func requestAddress(
        _ email: String, for purpose: AddressPurpose, currentPassword: String? = nil
    ) async throws(BucklerError) {
        var body: JSONObject = ["email": .string(email), "purpose": .string(purpose.rawValue)]
        body["current_password"] = currentPassword.map { .string($0) }
        _ = try await core.account("POST", "/account/addresses", body, session: id)
    }

    /// Types the code that was mailed to the new address; it lives for ten minutes.
    public func confirmAddress(code: String) async throws(BucklerError) {
        _ = try await core.account("POST", "/account/addresses/confirm", ["code": .string(code)], session: id)
    }

    /// Removes the second address; demands a fresh second factor as `requestAddress` does.
    public func removeNotificationAddress() async throws(BucklerError) {
        _ = try await core.account("DELETE", "/account/addresses/notify", session: id)
    }
}

extension BucklerClient {
    /// Begins to undo a change of address, with the address before it, for 7 days: a code is mailed there.
    public func undoAddressChange(email: String) async throws(BucklerError) -> AddressUndo {
        let step = try await core.beginByMail("/account/addresses/undo", ["email": .string(email)])
        guard case .challenge(let challenge) = step else { throw .unreadableAnswer }
        return AddressUndo(flow: challenge.flow, core: core)
    }
}

/// A change of address that is being undone: it waits for the code in the old mailbox.
public struct AddressUndo: Sendable {
    let flow: SignInFlow
    let core: ClientCore

    /// Types the code.
    ///
    /// Nobody is signed in by it: the former address is back, every device is signed out.
    public func confirm(code: String) async throws(BucklerError) { try await core.confirmUndo(flow, code) }
}
