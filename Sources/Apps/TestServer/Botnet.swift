import Authentication
import BucklerAssembly
import BucklerJOSE
import BucklerPrimitives
import BucklerSecurityEvents
import Crypto

/// Strangers, each with a key and a network of its own, who ask a test server's sign-in service.
///
/// They stand behind the listener: a hundred thousand of them through TLS would measure TLS.
package struct Botnet: Sendable {
    /// What a bot got to see.
    package enum Sight: Sendable, Hashable {
        /// The flow goes on with this question, and whether the answer before it was wrong.
        case asked(Challenge.Kind, rejected: Bool)
        /// An authorization code: it is in.
        case entered
        /// Told to wait, or to show something first.
        case held
        /// Any other refusal.
        case refused
    }

    private let service: SignInService
    private let client: ClientID

    /// Bots against this server, in the name of its app.
    package init(_ server: TestServer, client: String = "notes-ios") throws {
        service = server.assembly.core.signIn.signIn
        guard let client = ClientID(parsing: client) else { throw TestPhoneFailure(description: "no such client") }
        self.client = client
    }

    /// The bot of a number below 2²⁴: its key follows from the number, and so does its address.
    package func requester(_ number: Int) throws -> Requester {
        let key = Array(SHA256.hash(data: Array("bot \(number)".utf8)))
        let bytes = [100, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
        guard let thumbprint = JWKThumbprint(bytes: key), let source = SourceAddress(bytes: bytes) else {
            throw TestPhoneFailure(description: "no such bot")
        }
        return Requester(client: client, key: thumbprint, source: source, origin: EventOrigin())
    }

    /// Tries one password.
    package func guess(_ email: Email, _ password: SecretString, as number: Int) async -> Sight {
        await see { requester in
            try await service.begin(Self.opening(email), password: password, by: requester)
        } as: {
            try requester(number)
        }
    }

    /// Begins a sign-in and leaves it open.
    package func begin(_ email: Email, as number: Int) async -> Sight {
        await see {
            try await service.begin(Self.opening(email), by: $0)
        } as: {
            try requester(number)
        }
    }

    /// Asks for a reset, which mails a code.
    package func reset(_ email: Email, as number: Int) async -> Sight {
        await see {
            try await service.reset(Self.opening(email), by: $0)
        } as: {
            try requester(number)
        }
    }

    /// Signs up with somebody's address, which mails too.
    package func signUp(_ email: Email, _ password: SecretString, as number: Int) async -> Sight {
        await see {
            try await service.signUp(Self.opening(email), password: password, by: $0)
        } as: {
            try requester(number)
        }
    }

    /// Begins a sign-in and answers what is asked first with a guessed six-digit code.
    package func guessCode(_ email: Email, _ answer: FlowAnswer, as number: Int) async -> Sight {
        await see { requester in
            let first = try await service.begin(Self.opening(email), by: requester)
            guard case .next(let challenge) = first else { return first }
            return try await service.proceed(
                FlowContinuation(handle: challenge.handle, answers: [answer]), by: requester)
        } as: {
            try requester(number)
        }
    }

    /// Runs `body` for every number, 64 at a time, so that their writes share commits.
    package func attack(_ numbers: Range<Int>, _ body: @escaping @Sendable (Int) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for lane in 0..<64 {
                group.addTask {
                    for number in stride(from: numbers.lowerBound + lane, to: numbers.upperBound, by: 64) {
                        await body(number)
                    }
                }
            }
        }
    }

    private func see(
        _ act: (Requester) async throws -> ChallengeOutcome, as requester: () throws -> Requester
    ) async -> Sight {
        do {
            switch try await act(try requester()) {
            case .code: return .entered
            case .addressRestored: return .refused
            case .next(let challenge): return .asked(challenge.kind, rejected: challenge.rejection != nil)
            }
        } catch SignInError.throttled {
            return .held
        } catch {
            return .refused
        }
    }

    private static func opening(_ email: Email) -> SignInOpening {
        let challenge = Base64URL.encode(Array(SHA256.hash(data: Array("a verifier of bots".utf8))))
        return SignInOpening(
            email: email, grant: RequestedGrant(codeChallenge: challenge, codeChallengeMethod: "S256"))
    }
}
