import BucklerPrimitives
import SecureChannel
import Sessions
import TestSupport
import Testing

/// T2: root on the phone copies the whole vault and uses the device key.
///
/// Two holders, one session.
@Suite("Vault clone")
struct VaultCloneTests {
    let key = SoftwareDevice(seed: 201)

    @Test("at the second diverging refresh the session ends for both, whoever comes first", arguments: [true, false])
    func diverge(cloneFirst: Bool) async throws {
        let server = try await AdversarialServer()
        let copied = try await server.signIn(key: key.thumbprint)
        // Both present the copied token under attempts of their own.
        let first = await server.refresh(
            copied.refresh, proof: try key.refreshProof(at: server), attempt: cloneFirst ? 66 : 1)
        #expect(first.tokens != nil)
        let second = await server.refresh(
            copied.refresh, proof: try key.refreshProof(at: server), attempt: cloneFirst ? 1 : 66)
        guard case .ended(.fork, let notice) = second.refusal else {
            Issue.record("the second holder was not found")
            return
        }
        #expect(notice != nil)
        let next = await server.refresh(
            try #require(first.tokens).refresh, proof: try key.refreshProof(at: server), attempt: 2)
        #expect(next.refusal?.isFork == true)
        #expect(try await server.recordedReasons().contains("refresh.fork"))
    }

    @Test("a vault copied together with a written attempt gets one common generation, and no second one")
    func copiedAttempt() async throws {
        let server = try await AdversarialServer()
        let copied = try await server.signIn(key: key.thumbprint)
        let honest = try #require(
            await server.refresh(copied.refresh, proof: try key.refreshProof(at: server), attempt: 1).tokens)
        let clone = try #require(
            await server.refresh(copied.refresh, proof: try key.refreshProof(at: server), attempt: 1).tokens)
        #expect(honest.refresh == clone.refresh)
        server.time.advance(by: .minutes(5))
        let onward = await server.refresh(honest.refresh, proof: try key.refreshProof(at: server), attempt: 2)
        #expect(onward.tokens != nil)
        let caught = await server.refresh(clone.refresh, proof: try key.refreshProof(at: server), attempt: 66)
        #expect(caught.refusal?.isFork == true)
        let access = try #require(onward.tokens).access
        let answer = server.get("/notes", token: access, proof: try key.proof(for: "/notes", token: access, at: server))
        #expect(!answer.hasPassed, "both lose the session, not only the one who came second")
    }

    @Test("a clone that waits is found by the honest app's own next refresh")
    func patientClone() async throws {
        let server = try await AdversarialServer()
        let copied = try await server.signIn(key: key.thumbprint)
        server.time.advance(by: .hours(20))
        #expect(
            await server.refresh(copied.refresh, proof: try key.refreshProof(at: server), attempt: 66).tokens != nil)
        server.time.advance(by: .hours(20))
        let honest = await server.refresh(copied.refresh, proof: try key.refreshProof(at: server), attempt: 1)
        #expect(honest.refusal?.isFork == true)
    }
}

/// T2 and T9: an app that lies about the person, and one that nobody touches.
@Suite("Idle liar")
struct IdleLiarRefreshTests {
    let phone = SoftwareDevice(seed: 202)

    private func refresh(
        _ tokens: IssuedTokens, idle: Int64?, attempt: UInt8, at server: AdversarialServer
    ) async throws -> RefreshAnswer {
        var claims: JSONObject = [:]
        if let idle { claims["user_idle"] = .integer(idle) }
        let proof = try phone.proof(
            "POST", AdversarialServer.tokenURL, nonce: server.proofs.freshNonce(), at: server.time.now, claims: claims)
        return await server.refresh(tokens.refresh, proof: proof, attempt: attempt)
    }

    @Test("a lie keeps the session until the absolute deadline and not one second longer")
    func liar() async throws {
        let server = try await AdversarialServer()
        var tokens = try await server.signIn(key: phone.thumbprint)
        let deadline = tokens.session.absoluteDeadline
        var attempt: UInt8 = 0
        while server.time.now + .days(1) < deadline {
            server.time.advance(by: .days(1))
            attempt += 1
            tokens = try #require(try await refresh(tokens, idle: 0, attempt: attempt, at: server).tokens)
        }
        server.time.set(deadline)
        #expect(try await refresh(tokens, idle: 0, attempt: attempt + 1, at: server).refusal?.end == .expired)
    }

    @Test("an unattended phone that refreshes faithfully ends at the idle deadline")
    func unattended() async throws {
        let server = try await AdversarialServer()
        var tokens = try await server.signIn(key: phone.thumbprint)
        let start = server.time.now
        for day in 1...13 {
            server.time.set(start + .days(day))
            let idle = Int64(day) * 86_400
            tokens = try #require(try await refresh(tokens, idle: idle, attempt: UInt8(day), at: server).tokens)
        }
        server.time.set(start + .days(14))
        #expect(try await refresh(tokens, idle: 14 * 86_400, attempt: 14, at: server).refusal?.end == .idle)
    }

    @Test("a claim of activity after the deadline brings nothing back")
    func tooLate() async throws {
        let server = try await AdversarialServer()
        let tokens = try await server.signIn(key: phone.thumbprint)
        server.time.advance(by: .days(14))
        #expect(try await refresh(tokens, idle: 0, attempt: 1, at: server).refusal?.end == .idle)
        #expect(try await refresh(tokens, idle: 0, attempt: 2, at: server).refusal?.end == .idle)
    }

    @Test("without the claim a refresh is no sign of a person")
    func noClaim() async throws {
        let server = try await AdversarialServer()
        var tokens = try await server.signIn(key: phone.thumbprint)
        server.time.advance(by: .days(13))
        tokens = try #require(try await refresh(tokens, idle: nil, attempt: 1, at: server).tokens)
        server.time.advance(by: .days(1))
        #expect(try await refresh(tokens, idle: nil, attempt: 2, at: server).refusal?.end == .idle)
    }
}

extension RefreshRefusal {
    fileprivate var end: SessionEndReason? { if case .ended(let reason, _) = self { reason } else { nil } }
    fileprivate var isFork: Bool { end == .fork }
}
