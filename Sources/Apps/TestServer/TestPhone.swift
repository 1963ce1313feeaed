import AsyncHTTPClient
import BucklerPrimitives
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport

/// What came back.
package struct TestAnswer: Sendable {
    /// The status.
    package let status: Int
    /// The fields.
    package let headers: HTTPHeaders
    /// The body's bytes.
    package let body: [UInt8]

    /// The body as a JSON object; empty if it is none.
    package var json: JSONObject { (try? StrictJSON.parseObject(body)) ?? [:] }
    /// The member `code`, or `error` where there is none.
    package var code: String? { json["code"]?.string ?? json["error"]?.string }
}

/// Why a phone of the tests could not go on.
package struct TestPhoneFailure: Error, CustomStringConvertible {
    /// What was answered instead.
    package let description: String
}

/// An app on a phone, without the SDK: a device key, a nonce, tokens, and plain HTTP.
package final class TestPhone: Sendable {
    /// What the phone remembers.
    package struct State: Sendable {
        /// The newest nonce.
        package var nonce: String?
        /// The access token.
        package var accessToken: String?
        /// The refresh token.
        package var refreshToken: String?
        /// The session's id.
        package var session: String?
        /// The account's id.
        package var account: String?
    }

    /// A password that the policy accepts.
    package static let password = "correct horse battery staple 7"

    /// Its key.
    package let device: SoftwareDevice
    /// Its client.
    package let client: String
    /// Where its server is.
    let site: TestSite
    private let state = Mutex(State())
    /// The PKCE verifier of its flows.
    package let codeVerifier: String

    /// A phone whose key follows from `seed`.
    package init(site: TestSite, seed: UInt64, client: String) {
        self.site = site
        self.client = client
        address = "10.\(seed >> 16 & 255).\(seed >> 8 & 255).\(seed & 255)"
        device = SoftwareDevice(seed: seed)
        codeVerifier = Base64URL.encode(Entropy.seeded(seed &+ 0xFEED).bytes(32))
    }

    /// The network address that a trusted proxy would tell: each phone has its own, so that budgets do not add up.
    private let address: String

    /// Where its server mails to.
    var mail: any TestMailbox { site.mail }

    /// What it remembers now.
    package var memory: State { state.withLock { $0 } }

    /// Changes what it remembers.
    package func remember(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    /// The PKCE challenge of its flows.
    package var codeChallenge: String { Base64URL.encode(Array(SHA256.hash(data: Array(codeVerifier.utf8)))) }

    // MARK: Requests

    /// One request with a proof; asks once more when the server wants a nonce.
    package func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil,
        accessToken: String? = nil, claims: JSONObject = [:]
    ) async throws -> TestAnswer {
        let first = try await once(method, path, headers, body, accessToken, claims)
        let wantsNonce = first.json["error"]?.string == "use_dpop_nonce" || first.status == 401
        guard wantsNonce, first.headers.first(name: "dpop-nonce") != nil else { return first }
        return try await once(method, path, headers, body, accessToken, claims)
    }

    private func once(
        _ method: String, _ path: String, _ headers: [(String, String)], _ body: [UInt8]?, _ accessToken: String?,
        _ claims: JSONObject
    ) async throws -> TestAnswer {
        let url = site.url + path
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        let proof = try device.proof(
            method, url, nonce: memory.nonce, accessToken: accessToken, at: site.now(), claims: claims)
        request.headers.add(name: "DPoP", value: proof)
        if let accessToken { request.headers.add(name: "Authorization", value: "DPoP \(accessToken)") }
        request.headers.add(name: "X-Forwarded-For", value: address)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await site.http.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        if let nonce = response.headers.first(name: "dpop-nonce") { remember { $0.nonce = nonce } }
        return TestAnswer(
            status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
    }

    /// A form to an endpoint below the issuer.
    package func post(
        form: [(String, String)], to endpoint: String, headers: [(String, String)] = [], claims: JSONObject = [:]
    ) async throws -> TestAnswer {
        let text = form.map { "\(Self.encode($0.0))=\(Self.encode($0.1))" }.joined(separator: "&")
        return try await send(
            "POST", "/buckler/" + endpoint,
            headers: [("Content-Type", "application/x-www-form-urlencoded")] + headers, body: Array(text.utf8),
            claims: claims)
    }

    /// JSON to an endpoint below the issuer; with the access token if there is one.
    package func post(
        json: JSONObject, to endpoint: String, authorized: Bool = false
    ) async throws -> TestAnswer {
        try await send(
            "POST", "/buckler/" + endpoint, headers: [("Content-Type", "application/json")],
            body: JSONValue.object(json).serialized, accessToken: authorized ? memory.accessToken : nil)
    }

    /// A request with the access token, to any path.
    package func get(_ path: String) async throws -> TestAnswer {
        try await send("GET", path, accessToken: memory.accessToken)
    }

    /// A request with the access token, to any path.
    package func delete(_ path: String) async throws -> TestAnswer {
        try await send("DELETE", path, accessToken: memory.accessToken)
    }

    private static func encode(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: output.unicodeScalars.append(Unicode.Scalar(byte))
            default: output += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return output
    }
}
