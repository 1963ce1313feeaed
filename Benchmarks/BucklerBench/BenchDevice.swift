import AsyncHTTPClient
import BucklerJOSE
import BucklerPrimitives
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// One person with one device key, from a source of their own.
final class BenchDevice: Sendable {
    let number: Int
    let email: String
    let password = "correct horse battery staple"
    private let server: String
    private let http: HTTPClient
    private let proofs: DPoPProofMaker
    private let verifier = Base64URL.encode(Entropy.system.bytes(32))
    private let state = Mutex(State())

    private struct State {
        var nonce: String?
        var accessToken = ""
        var refreshToken = ""
    }

    struct Answer {
        let status: Int
        let body: JSONObject
    }

    init(number: Int, server: String, http: HTTPClient) {
        self.number = number
        self.server = server
        self.http = http
        email = "bench\(number)@example.org"
        proofs = DPoPProofMaker(signer: SoftwareES256Signer(P256.Signing.PrivateKey()), entropy: .system)
    }

    /// Sends one request with a proof; learns a fresh nonce at most once.
    func call(
        _ method: HTTPMethod, _ path: String, body: String? = nil,
        contentType: String = "application/x-www-form-urlencoded",
        bound: Bool = false, extra: [(String, String)] = [], claims: JSONObject = [:]
    ) async throws -> Answer {
        var answer = Answer(status: 0, body: [:])
        for _ in 0..<2 {
            let token = state.withLock { $0.accessToken }
            var request = HTTPClientRequest(url: server + path)
            request.method = method
            request.headers.add(
                name: "X-Forwarded-For", value: "10.\(number / 62_500 % 250).\(number / 250 % 250).\(number % 250)")
            request.headers.add(name: "DPoP", value: try proof(method, path, bound: bound, claims: claims))
            if bound { request.headers.add(name: "Authorization", value: "DPoP \(token)") }
            for (name, value) in extra { request.headers.add(name: name, value: value) }
            if let body {
                request.headers.add(name: "Content-Type", value: contentType)
                request.body = .bytes(ByteBuffer(string: body))
            }
            let response = try await http.execute(request, timeout: .seconds(60))
            let bytes = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
            let fresh = response.headers.first(name: "DPoP-Nonce")
            if let fresh { state.withLock { $0.nonce = fresh } }
            let isJSON = response.headers.first(name: "Content-Type")?.contains("json") ?? false
            answer = Answer(
                status: Int(response.status.code), body: isJSON ? (try? StrictJSON.parseObject(bytes)) ?? [:] : [:])
            let stale =
                answer.body["error"]?.string == "use_dpop_nonce"
                || response.headers.first(name: "WWW-Authenticate")?.contains("use_dpop_nonce") ?? false
            if !(stale && fresh != nil) { break }
        }
        return answer
    }

    /// A proof for one request with the newest nonce.
    func proof(_ method: HTTPMethod, _ path: String, bound: Bool, claims: JSONObject = [:]) throws -> String {
        let (nonce, token) = state.withLock { ($0.nonce, $0.accessToken) }
        return try proofs.proof(
            method: method.rawValue, url: server + path, nonce: nonce, accessToken: bound ? token : nil,
            issuedAt: WallClock.system.now, extraClaims: claims)
    }

    private func form(_ fields: [(String, String)]) -> String {
        FormURLEncoded.encode(fields.map { (name: $0.0, value: $0.1) })
    }

    private var pkce: String { Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8)))) }

    /// Signs up, reads the code from the mail folder and redeems.
    func signUp(mail: MailFolder) async throws {
        let body: JSONValue = [
            "client_id": "notes-app", "email": .string(email), "password": .string(password),
            "code_challenge": .string(pkce),
            "code_challenge_method": "S256",
        ]
        let begun = try await call(.POST, "/buckler/account/sign-up", body: body.text, contentType: "application/json")
        guard begun.status == 202, let session = begun.body["auth_session"]?.string else {
            throw BenchError("sign-up answered \(begun.status): \(JSONValue.object(begun.body).text)")
        }
        let code = try await mail.code(for: email)
        let done = try await call(
            .POST, "/buckler/oauth/authorize-challenge",
            body: form([("client_id", "notes-app"), ("auth_session", session), ("email_code", code)]))
        try await redeem(done)
    }

    /// One whole sign-in on a device that the account knows: password, code, tokens.
    func signIn() async throws {
        let answer = try await call(
            .POST, "/buckler/oauth/authorize-challenge",
            body: form([
                ("client_id", "notes-app"), ("response_type", "code"), ("code_challenge", pkce),
                ("code_challenge_method", "S256"),
                ("username", email), ("password", password),
            ]))
        try await redeem(answer)
    }

    private func redeem(_ answer: Answer) async throws {
        guard let code = answer.body["authorization_code"]?.string else {
            throw BenchError("authorize-challenge answered \(answer.status): \(JSONValue.object(answer.body).text)")
        }
        try keep(
            try await call(
                .POST, "/buckler/oauth/token",
                body: form([
                    ("grant_type", "authorization_code"), ("code", code), ("client_id", "notes-app"),
                    ("code_verifier", verifier),
                ])))
    }

    func refresh() async throws {
        let token = state.withLock { $0.refreshToken }
        try keep(
            try await call(
                .POST, "/buckler/oauth/token",
                body: form([("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "notes-app")]),
                extra: [("Idempotency-Key", "\"\(Base64URL.encode(Entropy.system.bytes(16)))\"")],
                claims: ["user_idle": 0]))
    }

    private func keep(_ answer: Answer) throws {
        guard answer.status == 200, let access = answer.body["access_token"]?.string,
            let refresh = answer.body["refresh_token"]?.string
        else { throw BenchError("token answered \(answer.status): \(JSONValue.object(answer.body).text)") }
        state.withLock {
            $0.accessToken = access
            $0.refreshToken = refresh
        }
    }
}

/// The development mail folder: newest code per address.
final class MailFolder: Sendable {
    private let folder: URL
    private let codes = Mutex<(read: Set<String>, code: [String: String])>(([], [:]))

    init(_ folder: URL) { self.folder = folder }

    func code(for email: String) async throws -> String {
        for _ in 0..<2000 {
            scan()
            if let code = codes.withLock({ $0.code.removeValue(forKey: email) }) { return code }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw BenchError("no mail came for \(email)")
    }

    private func scan() {
        codes.withLock { state in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
            for name in names where name.hasSuffix(".eml") && !state.read.contains(name) {
                guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else {
                    continue
                }
                state.read.insert(name)
                guard let to = text.firstMatch(of: /(?m)^To:.*?([a-z0-9]+@example\.org)/),
                    let code = text.firstMatch(of: /(?m)^\s*(\d{6}|[0-9A-Z]{4}-[0-9A-Z]{4})\s*$/)
                else { continue }
                state.code[String(to.1)] = String(code.1)
            }
        }
    }
}
