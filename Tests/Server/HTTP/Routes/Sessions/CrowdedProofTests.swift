import BucklerPrimitives
import BucklerSecurityEvents
import SecureChannel
import ServerGateway
import Sessions
import TestSupport
import Testing

/// Strangers may fill their own memory of proofs, never the one that running sessions need.
@Suite("Crowded proofs")
struct CrowdedProofTests {
    @Test("a network that has used up its share of strangers' proofs still refreshes and signs out")
    func crowded() async throws {
        try await TokenRouteRig.run { rig in
            let tokens = try await rig.exchange()
            let refreshToken = try #require(tokens.body["refresh_token"]?.string)
            var refused = 0
            for seed in 100..<120 {
                let answer = try await rig.exchange(code: "bad", device: SoftwareDevice(seed: UInt64(seed)))
                if answer.status == 503 {
                    #expect(answer.code == "dpop.replay_store_full")
                    refused += 1
                }
            }
            #expect(refused >= 10)
            #expect(rig.incidents.reasons.contains("dpop.share_exceeded"))
            let refreshed = try await rig.call(
                "POST", "/buckler/oauth/token",
                form: [("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", "notes-ios")],
                device: rig.phone)
            #expect(refreshed.status == 200)
            let next = try #require(refreshed.body["refresh_token"]?.string)
            for token in ["unknown", next] {
                let answer = try await rig.call(
                    "POST", "/buckler/oauth/revoke", form: [("token", token), ("client_id", "notes-ios")],
                    device: rig.phone)
                #expect(answer.status == (token == next ? 200 : 503))
            }
            let sessions = try await rig.sessions.list(
                try #require(
                    tokens.body["session"]?.object?["account"]?.string.flatMap(AccountID.init(parsing:))))
            #expect(sessions.isEmpty)
        }
    }

    @Test("a foreign key's proof beside a genuine refresh token is a stranger's")
    func foreignKey() async throws {
        try await TokenRouteRig.run { rig in
            let tokens = try await rig.exchange()
            let before = rig.replay.sessions.count
            _ = try await rig.call(
                "POST", "/buckler/oauth/token",
                form: [
                    ("grant_type", "refresh_token"), ("refresh_token", tokens.body["refresh_token"]?.string ?? ""),
                    ("client_id", "notes-ios"),
                ], device: rig.thief)
            #expect(rig.replay.sessions.count == before)
        }
    }

    @Test("every refused proof at the endpoints that need one leaves its reason; a missing nonce is no news")
    func reasons() async throws {
        try await TokenRouteRig.run { rig in
            let form = [
                (name: "grant_type", value: "authorization_code"), ("code", "bad"), ("client_id", "notes-ios"),
                ("code_verifier", "v"),
            ]
            _ = try await rig.call("POST", "/buckler/oauth/token", form: form)
            #expect(rig.incidents.reasons == ["dpop.missing"])
            _ = try await rig.call(
                "POST", "/buckler/oauth/token", form: form, device: rig.phone, claims: ["htm": "GET"])
            #expect(rig.incidents.reasons == ["dpop.missing", "dpop.htm.mismatch"])
            _ = try await rig.call("POST", "/buckler/oauth/token", form: form, device: rig.phone, nonce: "old")
            #expect(rig.incidents.reasons.count == 2)
            _ = try await rig.call("GET", "/buckler/account/sessions", device: rig.phone, token: "a.b.c")
            #expect(rig.incidents.reasons.count == 3)
            #expect(rig.incidents.last?.source != nil)
        }
    }
}
