import BucklerPlatformKeys
import BucklerPrimitives

/// A signed-in session: the way to the API, the vault, the account, and its end.
///
/// A value that stays valid as long as its session does; afterwards every verb throws ``BucklerError/signedOut(_:)``.
public struct BucklerSession: Sendable, Identifiable {
    /// The session's public id, the `sid` of tokens.
    public let id: String
    /// The account's public id, the `sub` of tokens.
    public let account: String
    /// The device's public id at this server.
    public let device: String
    /// The authentication level, such as `urn:buckler:acr:2`.
    public let level: String
    /// RFC 8176 methods of the sign-in.
    public let methods: [String]
    /// Granted scopes.
    public let scope: [String]
    /// True if the person got in by a recovery: enrol an authenticator app with `enrolTOTP()`, then step up.
    ///
    /// As it was at sign-in; `accountDetails()` tells how it is now.
    public let factorRequired: Bool
    /// When the session ends at the latest, in the server's time.
    public let absoluteDeadline: Timestamp

    let core: ClientCore

    init(_ core: ClientCore, _ record: SessionRecord) {
        self.core = core
        id = record.session
        account = record.account
        device = record.device
        level = record.level
        methods = record.methods
        scope = record.scope
        factorRequired = record.factorRequired
        absoluteDeadline = record.absoluteDeadline
    }

    init(previewOn core: ClientCore) {
        self.core = core
        id = "ses_preview"
        account = "acc_preview"
        device = "dev_preview"
        level = "urn:buckler:acr:1"
        methods = ["pwd"]
        scope = []
        factorRequired = false
        absoluteDeadline = Timestamp(milliseconds: .max)
    }

    /// Calls of the API behind the server, in URLSession's shapes.
    public var api: AuthorizedAPI { AuthorizedAPI(core: core, session: id, deadline: .seconds(30)) }

    /// The app's declared secrets.
    public var vault: Vault { Vault(core: core, session: id) }

    /// Signs out here.
    ///
    /// The device forgets the session whatever the network does; the answer says whether the server knows.
    @discardableResult
    public func signOut() async throws(BucklerError) -> SignOutOutcome { try await core.signOut(session: id) }
}

/// How far a sign-out got.
public enum SignOutOutcome: Sendable, Hashable {
    /// The server ended the session.
    case acknowledged
    /// The device forgot the session; the server did not answer. The session ends there at its idle limit, or when it is
    /// ended from another device.
    case onlyHere
}

extension ClientCore {
    /// Tells the server first, since only the tokens that are about to go can do that; then wipes here in any case.
    func signOut(session: String) async throws(BucklerError) -> SignOutOutcome {
        let live = try requireLive(session: session, unlocked: false)
        let request = live.current.token.refreshToken.withExposedText { token in
            var request = formRequest("/oauth/revoke", [("token", token), ("client_id", clientID)])
            request.deadline = .seconds(5)
            return request
        }
        var outcome = SignOutOutcome.onlyHere
        do {
            let answer = try await channel.call(request, ProofChannel.Credentials(signer: live.signer))
            if answer.isSuccess { outcome = .acknowledged }
        } catch {
            environment.log.note("the server could not be told of the sign-out")
        }
        // Another process may have signed out, or in anew, meanwhile: only this session's epoch is wiped.
        try storage { () throws(SecretStoreError) in
            try wipe(live.current.epoch, WipeNote(reason: .byPerson, takesEverything: false))
        }
        check()
        return outcome
    }
}
