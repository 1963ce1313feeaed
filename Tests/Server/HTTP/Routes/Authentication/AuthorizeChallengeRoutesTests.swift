import Authentication
import BucklerPrimitives
import NIOHTTP1
import ServerTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("Authorize-challenge route", .timeLimit(.minutes(5)))
struct AuthorizeChallengeRoutesTests {
    static let path = "/buckler/oauth/authorize-challenge"

    @Test("only POST, only a form, only with a proof; each refusal in its own words")
    func shape() async throws {
        try await TestServer.run { server in
            let phone = server.phone()
            for method in ["GET", "PUT", "DELETE"] {
                let answer = try await phone.send(method, Self.path)
                #expect(answer.status == 405 && answer.code == "request.method_not_allowed", "\(method)")
                #expect(answer.headers.first(name: "allow") == "POST")
            }
            for type in ["application/json", "text/plain", "application/x-www-form-urlencoded; charset=latin1"] {
                let answer = try await phone.send("POST", Self.path, headers: [("Content-Type", type)], body: [97])
                #expect(answer.status == 415 && answer.code == "request.unsupported_media_type", "\(type)")
            }
            let twice = try await phone.post(
                form: [("client_id", "a"), ("client_id", "b")], to: "oauth/authorize-challenge")
            #expect(twice.status == 400 && twice.code == "request.invalid" && twice.error == "invalid_request")
            #expect(twice.headers.first(name: "cache-control") == "no-store")
        }
    }

    @Test("every parameter of the first request is demanded, and named when it is wrong")
    func parameters() async throws {
        try await TestServer.run { server in
            let phone = server.phone()
            let wrong: [([String: String?], String)] = [
                (["response_type": nil], "response_type"), (["response_type": "token"], "response_type"),
                (["code_challenge": nil], "code_challenge"), (["code_challenge": "short"], "code_challenge"),
                (["code_challenge_method": nil], "code_challenge_method"),
                (["code_challenge_method": "plain"], "code_challenge_method"),
                (["username": nil], "username"), (["username": "no address"], "username"),
                (["device_name": ""], "device_name"),
                (["device_name": String(repeating: "a", count: 65)], "device_name"),
                (["device_id": "dev_x"], "device_id"),
            ]
            for (change, parameter) in wrong {
                let answer = try await phone.challenge(change)
                #expect(answer.status == 400 && answer.error == "invalid_request", "\(change)")
                #expect(answer.code == "auth.flow.parameter" && answer.parameter == parameter, "\(change)")
            }
            for id in [nil, "nobodys-app", ""] {
                let answer = try await phone.challenge(["client_id": id])
                #expect(answer.status == 401 && answer.error == "invalid_client")
                #expect(answer.code == "auth.client.unknown")
            }
            let scope = try await phone.challenge(["scope": "everything"])
            #expect(scope.status == 400 && scope.error == "invalid_scope" && scope.code == "auth.scope.refused")
            let target = try await phone.challenge(["resource": "https://elsewhere.example"])
            #expect(target.status == 400 && target.error == "invalid_target" && target.code == "auth.target.refused")
        }
    }

    @Test("a flow that is unknown, foreign or changed does not go on")
    func flows() async throws {
        try await TestServer.run { server in
            let phone = server.phone()
            let begun = try await phone.challenge()
            #expect(begun.status == 400 && begun.error == "insufficient_authorization" && begun.asks == "password")
            #expect(begun.headers.first(name: "cache-control") == "no-store")
            for handle in ["", "x", String(repeating: "A", count: 43)] {
                let answer = try await phone.step(handle, [("password", "x")])
                #expect(answer.status == 400 && answer.error == "invalid_session" && answer.code == "auth.flow.expired")
            }
            let foreign = try await server.phone().step(begun.flow, [("password", "x")])
            #expect(foreign.code == "auth.flow.expired")
            let changed = try await phone.step(begun.flow, [("scope", "everything")])
            #expect(changed.code == "auth.flow.parameter" && changed.parameter == "scope")
            let method = try await phone.step(begun.flow, [("method", "pigeon")])
            #expect(method.code == "auth.flow.parameter" && method.parameter == "method")
            let three = try await phone.step(begun.flow, [("password", "a"), ("totp", "b"), ("email_code", "c")])
            #expect(three.code == "auth.flow.parameter" && three.parameter == "answer")
            let wrong = try await phone.step(begun.flow, [("password", "not it")])
            #expect(wrong.status == 400 && wrong.code == "auth.credentials.mismatch" && wrong.asks == "password")
            #expect(wrong.json["attempts_left"] == nil)
            server.clock.advance(by: .minutes(10))
            #expect(try await phone.step(begun.flow, []).code == "auth.flow.expired")
        }
    }

    @Test("strangers wait with Retry-After; a full queue is 503 and nothing was looked at")
    func limits() async throws {
        let hasher = SwitchedHasher()
        var options = TestServer.Options()
        options.hasher = hasher
        try await TestServer.run(options) { server in
            for _ in 1...5 { _ = try await server.phone().challenge(["password": "not it"]) }
            let wait = try await server.phone().challenge(["password": "not it"])
            #expect(wait.status == 429 && wait.code == "auth.throttled" && wait.error == "temporarily_unavailable")
            #expect(wait.headers.first(name: "retry-after").flatMap { Int($0) } ?? 0 >= 1)
            hasher.isBusy.withLock { $0 = true }
            let busy = try await server.phone().challenge(["username": "eve@example.org", "password": "not it"])
            #expect(busy.status == 503 && busy.code == "auth.busy")
            #expect(busy.headers.first(name: "retry-after") != nil)
        }
    }

    @Test("a step-up of an account without a second factor is 409")
    func stepUp() async throws {
        try await TestServer.run { server in
            let phone = try await server.signUp("ann@example.org")
            let refreshed = try await phone.refresh()
            let answer = try await phone.challenge(["auth_session": refreshed.flow, "username": nil])
            #expect(answer.status == 409 && answer.error == "access_denied" && answer.code == "account.factor.required")
            let level = try await phone.challenge([
                "auth_session": refreshed.flow, "username": nil, "acr_values": "urn:buckler:acr:3",
            ])
            #expect(level.code == "auth.flow.parameter" && level.parameter == "acr_values")
        }
    }
}

/// The cheap hasher with a switch for a full queue.
final class SwitchedHasher: PasswordHasher {
    let isBusy = Mutex(false)
    private let inner = CheapPasswordHasher(entropy: .seeded(3))

    func hash(_ password: SecretString, lane: HasherLane) async throws(HasherError) -> SecretString {
        if isBusy.withLock({ $0 }) { throw .busy }
        return try await inner.hash(password, lane: lane)
    }

    func verify(
        _ password: SecretString, against phc: SecretString, lane: HasherLane
    ) async throws(HasherError) -> PasswordVerification {
        if isBusy.withLock({ $0 }) { throw .busy }
        return try await inner.verify(password, against: phc, lane: lane)
    }

    func verifyDummy(_ password: SecretString, lane: HasherLane) async throws(HasherError) {
        if isBusy.withLock({ $0 }) { throw .busy }
        try await inner.verifyDummy(password, lane: lane)
    }
}
