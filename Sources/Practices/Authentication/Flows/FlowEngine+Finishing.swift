import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents

extension FlowEngine {
    /// Nothing is missing: changes what the flow was for and issues its code, all in this transaction.
    func finish(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        guard let account = situation.flow.account else { return .gone }
        if situation.flow.purpose == .addressUndo { return try restoreAddress(situation, visit, transaction) }
        var signsOut: AccountSignOut?
        var recoveredAt: Timestamp?
        switch situation.flow.purpose {
        case .signUp:
            guard try createAccount(account, situation, visit, transaction) else { return .gone }
        case .reset:
            guard let owner = situation.account else { return .gone }
            let reason = try replacePassword(owner, situation, visit, transaction)
            // In this transaction: whoever held a session with the old password has none after the commit.
            signsOut = try transaction.endSessions(
                of: account, except: nil, reason: reason, origin: visit.requester.origin, at: visit.now)
            try transaction.forgetDevices(of: account, except: visit.requester.key)
            recoveredAt = try noteRecovery(owner, isByHold: reason == .recovered, situation, visit, transaction)
        case .addressUndo: throw StoreError.inconsistent
        case .signIn, .stepUp:
            guard let owner = situation.account else { return .gone }
            recoveredAt = try noteRecovery(owner, isByHold: false, situation, visit, transaction)
            if situation.flow.level >= .two || situation.flow.isRecovery {
                try endHold(of: owner, .holdCancelledBySignIn, situation, visit, transaction)
            }
            if situation.flow.purpose == .signIn, !situation.isKnownDevice {
                try tell(owner, transaction) { mails.newSignIn($0, occasion: occasion(situation, visit)) }
            }
        }
        if !situation.isKnownDevice { try record(.loginNewDevice, nil, account, visit, transaction) }
        try transaction.rememberDevice(visit.requester.key, of: account, at: visit.now)
        try ledger.clear(situation.flow.email, device: visit.requester.key, transaction)
        try record(.loginSuccess, nil, account, visit, transaction)
        return try issueCode(situation, account, signsOut, recoveredAt, visit, transaction)
    }

    private func issueCode(
        _ situation: Situation, _ account: AccountID, _ signsOut: AccountSignOut?, _ recoveredAt: Timestamp?,
        _ visit: Visit,
        _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        var situation = situation
        situation.flow.newVerifier = nil
        let flow = situation.flow
        let code = keys.authorizationCode(flow)
        guard let digest = keys.digest(ofCode: code) else { throw StoreError.inconsistent }
        // Whoever signs up has just typed the password that the account gets.
        let methods = flow.purpose == .signUp ? [.password] + flow.methods : flow.methods
        let grant = GrantRecord(
            account: account, methods: methods, level: flow.level, authenticatedAt: visit.now,
            binding: flow.binding, deviceName: flow.deviceName, replacedDevice: flow.replacedDevice,
            steppedUpSession: flow.steppedUpSession, recoveredAt: recoveredAt,
            // A reset has just made the next one.
            passwordGeneration: (situation.account?.passwordGeneration ?? 0) + (flow.purpose == .reset ? 1 : 0))
        try transaction.insertCode(
            CodeRow(
                flow: flow.id, digest: digest, client: flow.binding.client, key: flow.binding.key,
                challenge: flow.binding.codeChallenge, expiresAt: visit.now + SignInFlow.codeLifetime,
                content: grant.encoded))
        try save(situation, transaction, visit)
        return .answered(.code(code), signsOut: signsOut)
    }

    /// False if somebody else proved the address first; the flow is then over.
    private func createAccount(
        _ id: AccountID, _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Bool {
        guard !situation.addressIsTaken, let verifier = situation.flow.newVerifier,
            let passwordClass = situation.flow.newPasswordClass
        else {
            _ = try end(situation, .signUpLost, visit, transaction)
            return false
        }
        let factor = situation.enrolledStep.map { step in
            NewFactor(id: .random(entropy), secret: keys.newFactorSeed(situation.flow).bytes, step: step)
        }
        try transaction.createAccount(
            NewAccount(
                id: id, email: situation.flow.email, passwordVerifier: verifier, passwordClass: passwordClass,
                factor: factor),
            at: visit.now)
        try record(.userCreated, .bySignUp, id, visit, transaction)
        if factor != nil { try record(.factorAdded, .bySignUp, id, visit, transaction) }
        return true
    }
}

/// What an authorization code stands for, as it is sealed beside it.
struct GrantRecord: Sendable, Equatable {
    let account: AccountID
    let methods: [AuthenticationMethod]
    let level: AuthenticationLevel
    let authenticatedAt: Timestamp
    let binding: FlowBinding
    let deviceName: String?
    let replacedDevice: DeviceID?
    let steppedUpSession: SessionID?
    /// The recovery that this was, or that still has its effects.
    let recoveredAt: Timestamp?
    /// The number of the password that was shown or made.
    let passwordGeneration: Int64

    /// The value as bytes, for sealing.
    var encoded: SecretBytes {
        var object = binding.object
        object["account"] = .string(account.text)
        object["methods"] = .array(methods.map { .string($0.rawValue) })
        object["level"] = .integer(Int64(level.rawValue))
        object["at"] = .integer(authenticatedAt.milliseconds)
        object["device_name"] = deviceName.map { .string($0) }
        object["replaced"] = replacedDevice.map { .string($0.text) }
        object["session"] = steppedUpSession.map { .string($0.text) }
        object["recovered_at"] = recoveredAt.map { .integer($0.milliseconds) }
        object["password_number"] = .integer(passwordGeneration)
        return SecretBytes(JSONValue.object(object).serialized)
    }

    /// The grant; from here on it is a proof that only this practice can make.
    var grant: AuthorizationGrant {
        AuthorizationGrant(
            authentication: VerifiedAuthentication(
                account: account, methods: methods, level: level, authenticatedAt: authenticatedAt),
            client: binding.client, key: binding.key, scope: binding.scope, audience: binding.audience,
            deviceName: deviceName, replacedDevice: replacedDevice, steppedUpSession: steppedUpSession,
            recoveredAt: recoveredAt, passwordGeneration: passwordGeneration)
    }
}

extension GrantRecord {
    /// Reads what `encoded` made.
    init(decoding bytes: SecretBytes) throws(FlowCodingError) {
        let fields = try FieldReader(bytes)
        guard let level = AuthenticationLevel(rawValue: Int(clamping: try fields.integer("level"))) else {
            throw FlowCodingError()
        }
        self.init(
            account: try fields.identifier("account"), methods: try fields.words("methods"), level: level,
            authenticatedAt: Timestamp(milliseconds: try fields.integer("at")), binding: try FlowBinding(fields),
            deviceName: try fields.optionalText("device_name"),
            replacedDevice: try fields.optionalIdentifier("replaced"),
            steppedUpSession: try fields.optionalIdentifier("session"),
            recoveredAt: try fields.optionalInteger("recovered_at").map { Timestamp(milliseconds: $0) },
            passwordGeneration: try fields.integer("password_number"))
    }
}
