import BucklerPrimitives
import BucklerSecurityEvents

/// A flow that is to begin.
struct FlowOpening: Sendable {
    let purpose: SignInFlow.Purpose
    let email: Email
    let binding: FlowBinding
    let deviceName: String?
    let replacedDevice: DeviceID?
    /// The password of a sign-up, hashed.
    let verifier: (SecretString, PasswordClass)?
    /// The session and account of a step-up.
    let steppedUp: SteppableSession?
    /// Drawn before the transaction, so that a repeated body draws the same.
    let id: FlowID
    let salt: [UInt8]
    let newAccount: AccountID

    init(
        _ purpose: SignInFlow.Purpose, _ opening: SignInOpening, _ binding: FlowBinding,
        verifier: (SecretString, PasswordClass)? = nil, steppedUp: SteppableSession? = nil,
        _ entropy: Entropy
    ) {
        self.purpose = purpose
        email = opening.email
        self.binding = binding
        deviceName = opening.deviceName
        replacedDevice = opening.replacedDevice
        self.verifier = verifier
        self.steppedUp = steppedUp
        id = .random(entropy)
        salt = entropy.bytes(16)
        newAccount = .random(entropy)
    }
}

extension FlowEngine {
    /// Begins a flow within the limits of PD-07, and looks at its first answer.
    func open(
        _ opening: FlowOpening, _ answer: FlowAnswer?, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Result {
        try transaction.sweepFlows(at: visit.now, limit: 16)
        let found = try find(opening.email, opening.purpose, visit, transaction)
        var flow = SignInFlow(opening, account: owner(of: opening, found: found), at: visit.now)
        // A session that is raised was begun with the present password, or has ended.
        if opening.purpose == .stepUp { flow.passwordGeneration = found?.passwordGeneration }
        var situation = try situation(flow, version: 0, visit, transaction)
        if opening.purpose == .signIn, try demandsProof(situation, visit, transaction) {
            flow.demandProof()
            situation.flow = flow
        }
        // A sign-up was charged before its password was hashed, a password that came along is when it is looked at.
        let isCharged = opening.purpose == .signUp || answer != nil
        if !isCharged, let refusal = try chargeSource(situation, visit, transaction) { return refusal }
        try makeRoom(situation, visit, transaction)
        if [.signUp, .reset, .addressUndo].contains(opening.purpose) {
            try mailCode(&situation, visit, transaction)
        }
        try transaction.insertFlow(row(situation, visit))
        return try consider(answer, situation, visit, transaction)
    }

    /// Whose account the flow is about: nobody's, if the address does not fit the purpose.
    private func owner(of opening: FlowOpening, found: AccountRecord?) -> AccountID? {
        switch opening.purpose {
        case .signIn, .reset, .addressUndo: found?.id
        case .signUp: found == nil ? opening.newAccount : nil
        case .stepUp: found?.id == opening.steppedUp?.account ? found?.id : nil
        }
    }

    private func demandsProof(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws -> Bool {
        try ledger.demandsProof(
            situation.flow.email, device: visit.requester.key, isKnown: situation.isKnownDevice, transaction,
            at: visit.now)
    }

    /// Drops flows beyond the limits, unproven ones first.
    ///
    /// Nobody is refused for the flows of others.
    ///
    /// A known device is bounded by its own five: what others do behind the same address is not its fault.
    private func makeRoom(
        _ situation: Situation, _ visit: Visit, _ transaction: any AuthenticationTransaction
    ) throws {
        var limits: [(FlowScope, Int)] = [(.key(visit.requester.key), Self.flowsPerKey)]
        if !situation.isKnownDevice {
            let source = ledger.keys.sourceTag(visit.requester.source.prefix)
            limits += [(.source(source), Self.flowsPerSource), (.everything, Self.flowsInAll)]
        }
        for (scope, limit) in limits where try transaction.flowCount(scope) >= limit {
            try transaction.dropOldestFlow(scope)
        }
    }

    private func row(_ situation: Situation, _ visit: Visit) -> FlowRow {
        FlowRow(
            id: situation.flow.id, digest: visit.digest, key: visit.requester.key,
            sourceTag: ledger.keys.sourceTag(visit.requester.source.prefix), startedAt: visit.now,
            expiresAt: situation.flow.expiresAt, isFavoured: situation.isKnownDevice,
            content: situation.flow.encoded)
    }

    private static let flowsPerKey = 5
    private static let flowsPerSource = 20
    private static let flowsInAll = 100_000
}

extension SignInFlow {
    /// The first state of a flow.
    init(_ opening: FlowOpening, account: AccountID?, at now: Timestamp) {
        id = opening.id
        purpose = opening.purpose
        binding = opening.binding
        email = opening.email
        self.account = account
        startedAt = now
        deviceName = opening.deviceName
        replacedDevice = opening.replacedDevice
        steppedUpSession = opening.steppedUp?.id
        salt = opening.salt
        newVerifier = opening.verifier?.0
        newPasswordClass = opening.verifier?.1
        // A session that is raised keeps what it was begun with.
        methods = opening.steppedUp?.methods ?? []
        stage =
            switch opening.purpose {
            case .signIn: .asks(.password)
            case .signUp, .reset, .addressUndo: .asks(.emailCode)
            case .stepUp: .asks(.secondFactor)
            }
    }
}
