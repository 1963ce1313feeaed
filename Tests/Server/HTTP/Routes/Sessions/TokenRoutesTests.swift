import BucklerJOSE
import BucklerPrimitives
import Foundation
import Sessions
import Synchronization
import TestSupport
import Testing

/// Which codes were spent, and for which session.
final class ManagedState: Sendable {
    private let spent = Mutex<[String: SessionID]>([:])

    /// Nil the first time.
    func spend(_ code: String, _ session: SessionID) -> SessionID? {
        spent.withLock { spent in
            if let known = spent[code] { return known }
            spent[code] = session
            return nil
        }
    }
}

@Suite("Token endpoint and its neighbours")
struct TokenRoutesTests {
    @Test("a code brings tokens with all members, a nonce, and no-store")
    func exchange() async throws {
        try await TokenRouteRig.run { rig in
            let answer = try await rig.exchange()
            #expect(answer.status == 200)
            #expect(answer.body["token_type"]?.string == "DPoP")
            #expect(answer.body["expires_in"]?.integer == 300)
            #expect(answer.body["scope"]?.string == "notes")
            #expect(answer.body["refresh_token"]?.string?.hasPrefix("brt1_") == true)
            #expect(answer.body["auth_session"]?.string != nil)
            #expect(answer.body["notice_keys"]?.object?["keys"]?.array?.count == 2)
            let session = try #require(answer.body["session"]?.object)
            #expect(
                session.names == [
                    "id", "account", "device_id", "client_id", "acr", "amr", "created_at", "absolute_deadline",
                    "idle_timeout", "factor_required", "lock_after",
                ])
            let twoWeeks: Int64 = 1_209_600
            #expect(session["idle_timeout"]?.integer == twoWeeks)
            #expect(answer.headers["dpop-nonce"] != nil)
            #expect(answer.headers["cache-control"] == "no-store")
        }
    }

    @Test("a code that is presented twice ends its session")
    func codeReuse() async throws {
        try await TokenRouteRig.run { rig in
            let first = try await rig.exchange()
            let again = try await rig.exchange()
            #expect(again.status == 400 && again.error == "invalid_grant" && again.code == nil)
            let refresh = try await rig.refresh(first.body["refresh_token"]?.string ?? "")
            #expect(refresh.code == "session.revoked" && refresh.body["session_end"]?.string != nil)
        }
    }

    @Test("a network that sends too many codes that never were is told to wait")
    func codeFlood() async throws {
        try await TokenRouteRig.run { rig in
            let answer = try await rig.exchange(code: "flood")
            #expect(answer.status == 429 && answer.error == "temporarily_unavailable")
            #expect(answer.code == "auth.throttled" && answer.headers["retry-after"] == "60")
        }
    }

    @Test("refresh rotates; a repeat gets the same token; a stranger's key gets nothing and hears nothing")
    func refresh() async throws {
        try await TokenRouteRig.run { rig in
            let token = try await rig.exchange().body["refresh_token"]?.string ?? ""
            let second = try await rig.refresh(token)
            let again = try await rig.refresh(token)
            #expect(second.status == 200)
            #expect(second.body["refresh_token"] == again.body["refresh_token"])
            let theft = try await rig.refresh(second.body["refresh_token"]?.string ?? "", device: rig.thief)
            #expect(theft.status == 400 && theft.error == "invalid_grant")
            #expect(theft.code == nil && theft.body["session_end"] == nil)
            let honest = try await rig.refresh(second.body["refresh_token"]?.string ?? "", attempt: 2)
            #expect(honest.code == "session.revoked" && honest.body["session_end"]?.string != nil)
        }
    }

    @Test("a late duplicate hears that it was superseded; the ninth rotation waits")
    func supersededAndLimited() async throws {
        try await TokenRouteRig.run { rig in
            let first = try await rig.exchange().body["refresh_token"]?.string ?? ""
            var token = first
            for attempt in 1...8 {
                token = try await rig.refresh(token, attempt: UInt8(attempt)).body["refresh_token"]?.string ?? ""
            }
            let late = try await rig.refresh(first, attempt: 1)
            #expect(late.status == 400 && late.error == "invalid_grant" && late.code == "refresh.superseded")
            let limited = try await rig.refresh(token, attempt: 9)
            #expect(limited.status == 429 && limited.code == "refresh.too_many")
            #expect(limited.headers["retry-after"] == "301")
        }
    }

    @Test("without a nonce, without a proof and with a broken proof nothing changes")
    func proofs() async throws {
        try await TokenRouteRig.run { rig in
            let token = try await rig.exchange().body["refresh_token"]?.string ?? ""
            let form = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "notes-ios")]
                .map { (name: $0.0, value: $0.1) }
            let path = "/buckler/oauth/token"
            let stale = try await rig.call("POST", path, form: form, device: rig.phone, nonce: "AAAA")
            #expect(stale.status == 400 && stale.error == "use_dpop_nonce" && stale.headers["dpop-nonce"] != nil)
            let none = try await rig.call("POST", path, form: form)
            #expect(none.status == 400 && none.error == "invalid_dpop_proof")
            let broken = try await rig.call("POST", path, form: form, headers: [("dpop", "a.b.c")])
            #expect(broken.status == 400 && broken.error == "invalid_dpop_proof")
            #expect(try await rig.refresh(token).status == 200)
        }
    }

    @Test(
        "a malformed request is refused before anything is asked",
        arguments: [
            "", "grant_type=refresh_token", "grant_type=password&client_id=notes-ios",
            "grant_type=refresh_token&client_id=notes-ios", "grant_type=authorization_code&client_id=notes-ios&code=x",
            "client_id=notes-ios", "grant_type=refresh_token&client_id=bad%20id&refresh_token=x",
        ])
    func malformed(body: String) async throws {
        try await TokenRouteRig.run { rig in
            let form = try FormURLEncoded(parsing: Array(body.utf8)).fields.map { (name: $0.key, value: $0.value) }
            let answer = try await rig.call("POST", "/buckler/oauth/token", form: form, device: rig.phone)
            #expect(answer.status == 400)
            #expect(["invalid_request", "unsupported_grant_type"].contains(answer.error))
        }
    }

    @Test(
        "an idempotency key of another form is refused and changes nothing",
        arguments: ["abc", "\"abc\"", "AAAAAAAAAAAAAAAAAAAAAA", "\"AAAAAAAAAAAAAAAAAAAAAB\"", "\"\""])
    func idempotencyKey(value: String) async throws {
        try await TokenRouteRig.run { rig in
            let token = try await rig.exchange().body["refresh_token"]?.string ?? ""
            let answer = try await rig.refresh(token, attempt: nil, headers: [("idempotency-key", value)])
            #expect(answer.status == 400 && answer.error == "invalid_request")
            #expect(try await rig.refresh(token).status == 200)
        }
    }

    @Test("revocation answers 200 whatever the token is, and only the bound key ends the session")
    func revocation() async throws {
        try await TokenRouteRig.run { rig in
            let tokens = try await rig.exchange().body
            let access = tokens["access_token"]?.string ?? ""
            func revoke(_ token: String, _ device: SoftwareDevice) async throws -> UInt {
                try await rig.call(
                    "POST", "/buckler/oauth/revoke", form: [("token", token), ("client_id", "notes-ios")],
                    device: device
                ).status
            }
            #expect(try await revoke("garbage", rig.phone) == 200)
            #expect(try await revoke(access, rig.thief) == 200)
            let list = "/buckler/account/sessions"
            #expect(try await rig.call("GET", list, device: rig.phone, token: access).status == 200)
            #expect(try await revoke(tokens["refresh_token"]?.string ?? "", rig.phone) == 200)
            let after = try await rig.call("GET", list, device: rig.phone, token: access)
            #expect(after.status == 401 && after.code == "session.revoked" && after.body["session_end"] != nil)
        }
    }

    @Test("introspection answers service clients with their secret, and nobody else")
    func introspection() async throws {
        try await TokenRouteRig.run { rig in
            let access = try await rig.exchange().body["access_token"]?.string ?? ""
            let path = "/buckler/oauth/introspect"
            func basic(_ pair: String) -> [(String, String)] {
                [("authorization", "Basic \(Data(pair.utf8).base64EncodedString())")]
            }
            let known = try await rig.call("POST", path, form: [("token", access)], headers: basic("billing:secret"))
            #expect(known.body["active"] == true && known.body["client_id"]?.string == "notes-ios")
            let foreign = try await rig.call("POST", path, form: [("token", access)], headers: basic("parcels:secret"))
            #expect(foreign.status == 200 && foreign.body == ["active": false], "not this service's audience")
            for headers in [basic("billing:wrong"), basic("notes-ios:"), []] {
                let refused = try await rig.call("POST", path, form: [("token", access)], headers: headers)
                #expect(refused.status == 401 && refused.error == "invalid_client")
                #expect(refused.headers["www-authenticate"]?.hasPrefix("Basic") == true)
            }
        }
    }

    @Test("a person lists and ends sessions; a foreign or malformed id is not found")
    func sessions() async throws {
        try await TokenRouteRig.run { rig in
            let first = try await rig.exchange().body
            let access = first["access_token"]?.string ?? ""
            let path = "/buckler/account/sessions"
            let list = try await rig.call("GET", path, device: rig.phone, token: access)
            let entry = try #require(list.body["sessions"]?.array?.first?.object)
            #expect(entry["current"] == true && entry["id"] == first["session"]?.object?["id"])
            for id in ["ses_x", SessionID.random(rig.entropy).text] {
                let answer = try await rig.call("DELETE", "\(path)/\(id)", device: rig.phone, token: access)
                #expect(answer.status == 404)
            }
            let others = try await rig.call("POST", "\(path)/end-others", device: rig.phone, token: access)
            #expect(others.body["ended"]?.integer == 0)
            let id = entry["id"]?.string ?? ""
            #expect(try await rig.call("DELETE", "\(path)/\(id)", device: rig.phone, token: access).status == 204)
            #expect(try await rig.call("GET", path, device: rig.phone, token: access).code == "session.revoked")
        }
    }

    @Test("metadata and key sets stand where the standards look for them, and hold no private member")
    func metadata() async throws {
        try await TokenRouteRig.run { rig in
            let server = try await rig.call("GET", "/.well-known/oauth-authorization-server/buckler")
            #expect(server.body["issuer"]?.string == TokenRouteRig.issuer)
            #expect(server.body["code_challenge_methods_supported"] == ["S256"])
            let oidc = try await rig.call("GET", "/buckler/.well-known/openid-configuration")
            #expect(oidc.body["token_endpoint"] == server.body["token_endpoint"])
            let resource = try await rig.call("GET", "/.well-known/oauth-protected-resource")
            #expect(resource.body["dpop_bound_access_tokens_required"] == true)
            for path in ["/buckler/jwks.json", "/buckler/identity/jwks.json"] {
                let set = try await rig.call("GET", path)
                #expect(set.headers["cache-control"] == "public, max-age=3600")
                for key in try #require(set.body["keys"]?.array) { _ = try P256PublicJWK(parsing: key.object ?? [:]) }
            }
            let nonce = try await rig.call("GET", "/buckler/nonce")
            #expect(nonce.status == 204 && nonce.headers["dpop-nonce"] != nil)
        }
    }
}
