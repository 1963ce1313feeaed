import Authentication
import BucklerAPI
import BucklerJOSE
import BucklerPrimitives
import Hummingbird

/// The JSON body with which a sign-up or a reset begins.
struct FlowBody {
    private let object: JSONObject

    init(_ object: JSONObject) { self.object = object }

    /// The text of a member; nil if it is absent.
    ///
    /// - Throws: `Problem` `request.invalid` for another type.
    func text(_ name: String) throws -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw Problem(.requestInvalid, members: ["parameter": .string(name)]) }
        return text
    }

    func requester(key: JWKThumbprint, _ context: AppRequestContext, _ signIn: SignInService) throws -> Requester {
        guard let client = try text("client_id").flatMap(ClientID.init(parsing:)) else { throw Problem(.clientUnknown) }
        return Requester(
            client: client, key: key, source: context.source,
            origin: signIn.origin(request: context.requestID, source: context.source))
    }

    func opening() throws -> SignInOpening {
        guard let address = try text("email"), let email = try? Email(parsing: address) else {
            throw Problem(.requestInvalid, members: ["parameter": "email"])
        }
        var device: DeviceID?
        if let text = try text("device_id") {
            device = DeviceID(parsing: text)
            if device == nil { throw Problem(.requestInvalid, members: ["parameter": "device_id"]) }
        }
        let grant = RequestedGrant(
            codeChallenge: try text("code_challenge"), codeChallengeMethod: try text("code_challenge_method"),
            scope: try text("scope"), resource: try text("resource"))
        return SignInOpening(email: email, grant: grant, deviceName: try text("device_name"), replacedDevice: device)
    }

    /// 202 with the flow's first challenge.
    static func accepted(_ begin: () async throws(SignInError) -> ChallengeOutcome) async throws -> Response {
        // A flow that begins here always asks for the mailed code first.
        guard case .next(let challenge) = try await begin() else { throw Problem(.internalError) }
        return JSONResponse.ok(
            [
                "auth_session": .string(challenge.handle), "expires_in": .integer(challenge.expiresIn.wholeSeconds),
                "challenge": .object(challenge.object),
            ], status: .accepted)
    }
}

extension SignInError: ProblemConvertible {
    /// The refusal in the form of RFC 9457.
    package var problem: Problem {
        switch self {
        case .unknownClient: Problem(.clientUnknown)
        case .invalidRequest(let parameter):
            Problem(.flowParameter, members: ["parameter": .string(parameter.rawValue)])
        case .invalidScope: Problem(.scopeRefused)
        case .invalidTarget: Problem(.targetRefused)
        case .flowGone: Problem(.flowExpired)
        case .throttled(let delay): Problem(.authThrottled, retryAfter: delay)
        case .recoveryNeedsProof(let hold): Problem(.recoveryNeedsProof, members: ["recovery": .object(hold.object)])
        case .noSecondFactor: Problem(.factorRequired)
        case .busy: Problem(.authBusy, retryAfter: .seconds(2))
        case .passwordRefused(let refusal): Problem(refusal)
        case .unavailable: Problem(.temporarilyUnavailable, retryAfter: .seconds(1))
        }
    }

    /// The refusal in the form of RFC 6749 §5.2.
    var oauthProblem: OAuthProblem {
        let problem = problem
        let name: OAuthErrorName =
            switch self {
            case .unknownClient: .invalidClient
            case .invalidRequest, .passwordRefused: .invalidRequest
            case .invalidScope: .invalidScope
            case .invalidTarget: .invalidTarget
            case .flowGone: .invalidSession
            case .noSecondFactor, .recoveryNeedsProof: .accessDenied
            case .throttled, .busy, .unavailable: .temporarilyUnavailable
            }
        return OAuthProblem(
            name, code: problem.code, status: self == .unknownClient ? 401 : problem.status,
            retryAfter: problem.retryAfter, members: problem.members)
    }
}

extension Problem {
    /// What the person may change about a new password; nothing here is about anybody else.
    init(_ refusal: PasswordRefusal) {
        switch refusal {
        case .tooShort(let minimum): self.init(.passwordTooShort, members: ["minimum": .integer(Int64(minimum))])
        case .tooLong: self.init(.passwordTooLong)
        case .controlCharacter: self.init(.passwordNotText)
        case .guessable(let weakness): self.init(.passwordGuessable, members: ["weakness": .string(weakness.rawValue)])
        case .breached: self.init(.passwordBreached)
        }
    }
}
