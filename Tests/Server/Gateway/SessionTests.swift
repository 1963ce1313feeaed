import BucklerAPI
import BucklerPrimitives
import Foundation
import SecureChannel
import ServerGateway
import Sessions
import TestSupport
import Testing

/// Who may pass to the upstream, and for how long.
@Suite("Sessions at the gateway", .timeLimit(.minutes(5)))
struct SessionTests {
    static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("without configuration a path needs a session: the answer names DPoP and brings a nonce")
    func anonymous() async throws {
        let upstream = try await RawUpstream(answering: Self.answer)
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = await wire.received(until: "token_required")
            #expect(answer.contains(" 401 "))
            #expect(answer.contains("www-authenticate: DPoP algs=\"ES256\""))
            #expect(answer.contains("dpop-nonce: "))
            #expect(answer.contains("buckler-problem: channel.token_required"))
        }
        #expect(upstream.connectionCount == 0)
        await upstream.stop()
    }

    @Test("token and proof of the bound key pass, with the identity for the upstream alone")
    func bound() async throws {
        let upstream = try await RawUpstream(answering: Self.answer)
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let token = try rig.sessions.token()
            let wire = try await rig.connect()
            for _ in 0..<3 {
                wire.forget()
                try await wire.send(
                    "GET /a?q=1 HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", "/a", token: token))\r\n")
                let answer = await wire.received(until: "\r\n\r\nok")
                #expect(answer.contains(" 200 "))
                #expect(!answer.lowercased().contains("buckler-identity"))
            }
            let seen = await (try #require(await upstream.next())).received(until: "\r\n\r\n")
            #expect(seen.contains("Buckler-Identity: ey"))
            #expect(!seen.contains(token))
            #expect(rig.sessions.ended.openExchangeCount == 0)
        }
        await upstream.stop()
    }

    @Test("a token's own deadline orders no wipe: the token endpoint knows whether the session goes on")
    func deadlineOfTheToken() async throws {
        let rig = try await SessionRig()
        let tokens = AccessTokenVerifier(
            issuer: GatewayRig.publicURL + "/buckler", audiences: ["notes-api"], keys: rig.keys, clock: rig.clock.clock)
        let token = try tokens.verify(try rig.token(), audience: nil)
        let running = rig.authenticator.refusal(endedDuring: token)
        #expect(running.code == .tokenRefused)
        #expect(running.members.names.isEmpty)
        rig.ended.end(session: token.session, reason: .operatorAction)
        let ended = rig.authenticator.refusal(endedDuring: token)
        #expect(ended.code == .sessionRevoked)
        #expect(ended.members["session_end"]?.string != nil)
    }

    @Test("what is no session's is neither remembered nor told of an end")
    func strangers() async throws {
        let rig = try await SessionRig()
        let token = try rig.token(session: .random(.seeded(90)))
        let thief = SoftwareDevice(seed: 12)
        func code(_ proof: String, _ token: String) -> String? {
            do throws(GatewayRefusal) {
                _ = try rig.authenticator.authenticate(
                    authorization: ["DPoP \(token)"], proofs: [proof], method: "GET", path: "/a")
                return nil
            } catch {
                return error.code.text + (error.members["session_end"] == nil ? "" : " with a notice")
            }
        }
        func proof(_ device: SoftwareDevice, _ token: String) throws -> String {
            try device.proof(
                "GET", GatewayRig.publicURL + "/a", nonce: rig.proofs.freshNonce(), accessToken: token,
                at: rig.clock.now)
        }
        rig.ended.end(session: .random(.seeded(90)), reason: .operatorAction)
        #expect(code(try proof(thief, token), token) == "channel.token_refused")
        #expect(code(try proof(thief, "a.b.c"), "a.b.c") == "channel.token_refused")
        let forged = String(try proof(rig.device, token).dropLast(8)) + "AAAAAAAA"
        #expect(code(forged, token) == "channel.proof_refused")
        #expect(rig.replay.count == 0)
        #expect(code(try proof(rig.device, token), token) == "session.revoked with a notice")
        #expect(rig.replay.sessions.count == 1 && rig.replay.strangers.count == 0)
    }

    @Test(
        "wrong tokens and proofs are refused, each with its check reported",
        arguments: [
            "bearer", "two tokens", "foreign key", "other method", "other path", "replay", "no proof", "old nonce",
        ])
    func refused(kind: String) async throws {
        let upstream = try await RawUpstream(answering: Self.answer)
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let sessions = rig.sessions
            let token = try sessions.token()
            let good = try sessions.fields("GET", "/a", token: token)
            let fields: String
            switch kind {
            case "bearer": fields = good.replacingOccurrences(of: "Authorization: DPoP", with: "Authorization: Bearer")
            case "two tokens": fields = good + "Authorization: DPoP \(token)\r\n"
            case "foreign key":
                let proof = try OtherDevice.device.proof(
                    "GET", GatewayRig.publicURL + "/a", nonce: sessions.proofs.freshNonce(), accessToken: token)
                fields = "Authorization: DPoP \(token)\r\nDPoP: \(proof)\r\n"
            case "other method": fields = try sessions.fields("POST", "/a", token: token)
            case "other path": fields = try sessions.fields("GET", "/b", token: token)
            case "no proof": fields = "Authorization: DPoP \(token)\r\n"
            case "old nonce":
                fields = good
                sessions.clock.advance(by: .seconds(301))
            default: fields = good
            }
            let wire = try await rig.connect()
            if kind == "replay" {
                try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
                await wire.received(until: "\r\n\r\nok")
                wire.forget()
            }
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            let answer = await wire.received(until: "request_id")
            #expect(answer.contains(" 401 "))
            #expect(answer.contains("www-authenticate: DPoP error="))
            #expect(answer.contains("dpop-nonce: "))
            #expect(!answer.contains("session."), "a stranger learns nothing about the session")
        }
        await upstream.stop()
    }

    @Test("an ended session gets a signed notice, told to its own key only")
    func ended() async throws {
        let upstream = try await RawUpstream(answering: Self.answer)
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let session = SessionID.random(.seeded(99))
            let token = try rig.sessions.token(session: session)
            rig.sessions.ended.end(session: session, reason: .operatorAction)
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", "/a", token: token))\r\n")
            let answer = await wire.received(until: "session_end")
            #expect(answer.contains("session.revoked"))
            #expect(answer.contains("\"session_end\":\"ey"))
        }
        #expect(upstream.connectionCount == 0)
        await upstream.stop()
    }

    @Test("a long download is cut when its session ends, and the upstream hears it")
    func cutDownload() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let session = SessionID.random(.seeded(99))
            let token = try rig.sessions.token(session: session)
            let wire = try await rig.connect()
            try await wire.send(
                "GET /big HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", "/big", token: token))\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nfirst bytes")
            await wire.received(until: "first bytes")
            #expect(rig.sessions.ended.openExchangeCount == 1)
            rig.sessions.ended.end(session: session, reason: .endedByPerson)
            _ = await behind.receivedAtEnd()
            #expect(await wire.receivedAtEnd().hasSuffix("first bytes"))
            #expect(rig.gateway.metrics.snapshot.cutExchanges == 1)
        }
        await upstream.stop()
    }

    @Test("a session that ends while the upstream still thinks gets the notice instead of the answer")
    func cutBeforeAnswer() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let session = SessionID.random(.seeded(99))
            let token = try rig.sessions.token(session: session)
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", "/a", token: token))\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            rig.sessions.ended.end(session: session, reason: .endedByPerson)
            #expect(await wire.received(until: "session_end").contains(" 401 "))
        }
        await upstream.stop()
    }

    @Test("a stream ends at its session's deadline")
    func deadline() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let token = try rig.sessions.token()
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", "/a", token: token))\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            try await behind.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            await wire.received(until: "hello")
            rig.sessions.clock.advance(by: .seconds(3601))
            rig.sessions.ended.cutOverdueExchanges()
            _ = await wire.receivedAtEnd()
        }
        await upstream.stop()
    }

    @Test(
        "a route's level, age, client and scope are demanded, and the answer says what is missing",
        arguments: [
            ("/level", "acr_values=\"urn:buckler:acr:2\""), ("/fresh", "max_age=\"60\""),
            ("/other", "channel.client_refused"),
            ("/scoped", "insufficient_scope"),
        ])
    func demands(path: String, expected: String) async throws {
        let upstream = try await RawUpstream(answering: Self.answer)
        let other = try #require(ClientID(parsing: "admin-app"))
        let rules = [
            RouteRule(try RoutePattern(parsing: "/level"), minimumLevel: .two),
            RouteRule(try RoutePattern(parsing: "/fresh"), maximumAge: .seconds(60)),
            RouteRule(try RoutePattern(parsing: "/other"), clients: [other]),
            RouteRule(try RoutePattern(parsing: "/scoped"), scopes: ["admin"]),
        ]
        try await GatewayRig.run(upstream: upstream.port, rules: rules) { rig in
            let weak = try rig.sessions.token(age: 61)
            let wire = try await rig.connect()
            try await wire.send(
                "GET \(path) HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", path, token: weak))\r\n")
            #expect(await wire.received(until: "request_id").contains(expected))
            wire.forget()
            let strong = try rig.sessions.token(level: 2, client: "admin-app", age: 60, scope: "notes admin")
            try await wire.send(
                "GET \(path) HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", path, token: strong))\r\n")
            await wire.received(until: "\r\n\r\nok")
        }
        await upstream.stop()
    }

    @Test(
        "the upstream may demand more, and what it demands unreadably is refused",
        arguments: [
            ("acr=2; max_age=300", "acr_values=\"urn:buckler:acr:2\", max_age=\"300\""), ("acr=9", "upstream_invalid"),
        ])
    func upstreamDemands(requirement: String, expected: String) async throws {
        let upstream = try await RawUpstream(
            answering: "HTTP/1.1 403 Forbidden\r\nBuckler-Require: \(requirement)\r\nContent-Length: 2\r\n\r\nno")
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let token = try rig.sessions.token()
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\n\(try rig.sessions.fields("GET", "/a", token: token))\r\n")
            let answer = await wire.received(until: "request_id")
            #expect(answer.contains(expected))
            #expect(!answer.contains("\r\n\r\nno"))
        }
        await upstream.stop()
    }

    @Test("a proof with an ageing nonce brings a new one with the answer")
    func renewal() async throws {
        let upstream = try await RawUpstream(answering: Self.answer)
        try await GatewayRig.run(upstream: upstream.port, rules: []) { rig in
            let token = try rig.sessions.token()
            let fields = try rig.sessions.fields("GET", "/a", token: token)
            rig.sessions.clock.advance(by: .seconds(121))
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            #expect(await wire.received(until: "\r\n\r\nok").contains("dpop-nonce: "))
        }
        await upstream.stop()
    }
}

/// A second phone.
enum OtherDevice {
    static let device = SoftwareDevice(seed: 12)
}
