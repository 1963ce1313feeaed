import BucklerPrimitives

/// The account as its owner sees it.
public struct Account: Sendable, Hashable {
    /// An enrolled factor.
    public struct Factor: Sendable, Hashable, Identifiable {
        /// The factor's id.
        public let id: String
        /// Such as `totp`.
        public let kind: String
        /// When it was enrolled.
        public let createdAt: Timestamp?
    }

    /// A recovery that somebody with the mailbox asked for.
    ///
    /// Show it to the person, with a way to end it: `BucklerSession.cancelRecovery()`.
    public struct Recovery: Sendable, Hashable {
        /// When it was asked for.
        public let startedAt: Timestamp
        /// From when on the mailbox gets in without a second factor.
        public let completesAt: Timestamp

        init?(_ json: JSONObject?) {
            guard let started = json?["started_at"]?.integer, let completes = json?["completes_at"]?.integer else {
                return nil
            }
            startedAt = Timestamp(seconds: started)
            completesAt = Timestamp(seconds: completes)
        }
    }

    /// The account's id.
    public let id: String
    /// The address.
    public let email: String
    /// Enrolled factors.
    public let factors: [Factor]
    /// Recovery codes that were not used yet.
    public let recoveryCodesLeft: Int
    /// A recovery that is pending; nil if none is.
    public let recovery: Recovery?
    /// A second address that gets every notice too.
    public let notificationEmail: String?
    /// A new address that waits for the code that was mailed there.
    public let pendingEmail: String?
    /// True if a recovery took the second factor's place: a new one must be enrolled.
    public let factorRequired: Bool

    init?(_ json: JSONObject) {
        guard let id = json["id"]?.string, let email = json["email"]?.string else { return nil }
        self.id = id
        self.email = email
        factors = (json["factors"]?.array ?? []).compactMap(\.object).compactMap { factor in
            guard let id = factor["id"]?.string, let kind = factor["kind"]?.string else { return nil }
            return Factor(id: id, kind: kind, createdAt: factor["created_at"]?.integer.map { Timestamp(seconds: $0) })
        }
        recoveryCodesLeft = json["recovery_codes_left"]?.integer.map { Int(clamping: $0) } ?? 0
        notificationEmail = json["notification_email"]?.string
        pendingEmail = json["pending_address"]?.object?["email"]?.string
        factorRequired = json["factor_required"]?.bool ?? false
        recovery = Recovery(json["recovery"]?.object)
    }
}

/// An authenticator app's enrolment that waits for its first code.
public struct TOTPEnrolment: Sendable {
    /// The factor's id.
    public let factor: String
    /// `otpauth://…`, for a link or a QR code.
    public let otpauthURI: SecretString
    /// The secret in Base32, for typing.
    public let secret: SecretString
    /// The QR code as SVG.
    public let qrSVG: String?
    /// The QR code for terminals.
    public let qrText: String?

    let core: ClientCore
    let session: String

    /// Finishes with a code of the app; returns the recovery codes, which are shown this once.
    public func confirm(code: String) async throws(BucklerError) -> [SecretString] {
        let path = "/account/factors/totp/\(factor)/confirm"
        let body = try await core.account("POST", path, ["code": .string(code)], session: session)
        return recoveryCodes(body)
    }
}

extension BucklerSession {
    /// The account: address, factors, recovery codes left.
    public func accountDetails() async throws(BucklerError) -> Account {
        guard let account = Account(try await core.account("GET", "/account", session: id)) else {
            throw .unreadableAnswer
        }
        return account
    }

    /// Changes the password.
    ///
    /// By default every other session ends.
    public func changePassword(
        from current: String, to new: String, signingOutOthers: Bool = true
    ) async throws(BucklerError) {
        let body: JSONObject = [
            "current_password": .string(current), "new_password": .string(new),
            "sign_out_others": .bool(signingOutOthers),
        ]
        _ = try await core.account("POST", "/account/password", body, session: id)
    }

    /// Begins the enrolment of an authenticator app.
    public func enrolTOTP() async throws(BucklerError) -> TOTPEnrolment {
        let body = try await core.account("POST", "/account/factors/totp", JSONObject(), session: id)
        guard let factor = body["factor_id"]?.string, FactorID(parsing: factor) != nil,
            let uri = body["otpauth_uri"]?.string, let secret = body["secret"]?.string
        else { throw .unreadableAnswer }
        return TOTPEnrolment(
            factor: factor, otpauthURI: SecretString(uri), secret: SecretString(secret),
            qrSVG: body["qr_svg"]?.string, qrText: body["qr_text"]?.string, core: core, session: id)
    }

    /// Removes a factor.
    public func removeFactor(_ factor: String) async throws(BucklerError) {
        guard FactorID(parsing: factor) != nil else { throw .invalidRequest }
        _ = try await core.account("DELETE", "/account/factors/\(factor)", session: id)
    }

    /// Ends a pending recovery of the account: somebody else's, or one that is no longer needed.
    public func cancelRecovery() async throws(BucklerError) {
        _ = try await core.account("DELETE", "/account/recovery", session: id)
    }

    /// Makes ten new recovery codes; the former ones open nothing any more.
    public func newRecoveryCodes() async throws(BucklerError) -> [SecretString] {
        recoveryCodes(try await core.account("POST", "/account/recovery-codes", JSONObject(), session: id))
    }
}

private func recoveryCodes(_ body: JSONObject) -> [SecretString] {
    (body["recovery_codes"]?.array ?? []).compactMap(\.string).map { SecretString($0) }
}
