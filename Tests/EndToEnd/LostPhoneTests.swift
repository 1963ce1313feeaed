import Buckler
import BucklerAssembly
import BucklerPlatformKeys
import BucklerPrimitives
import Foundation
import ServerTestSupport
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// T9: somebody has the phone.
@Suite("T9: a lost phone", .serialized, .timeLimit(.minutes(5)))
struct LostPhoneTests {
    private struct Echo: Decodable { let path: String }

    private static let note = VaultItem("draft", purpose: "an unsent note")

    @Test("ended from another device, its next call wipes the vault; before that call everything was there")
    func remoteSignOut() async throws {
        try await TestServer.run { server in
            try await TestApp.run(server) { app in
                let session = try await app.signUp("owner@example.org")
                try await session.vault.save(SecretBytes("dear diary".utf8), as: Self.note)
                let tablet = server.phone()
                try await tablet.signIn("owner@example.org")
                let listed = try await tablet.get("/buckler/account/sessions")
                #expect(listed.status == 200)
                #expect(try await tablet.delete("/buckler/account/sessions/\(session.id)").status == 204)
                #expect(try await session.vault.read(Self.note) != nil, "no word has reached the phone yet")
                do {
                    _ = try await session.api.get("/notes", as: Echo.self)
                    Issue.record("the lost phone's call went through")
                } catch BucklerError.signedOut(let reason) {
                    guard case .ended = reason else {
                        Issue.record("signed out without a signed notice: \(reason)")
                        return
                    }
                }
                #expect(try app.secrets.names().filter { $0 != "install" } == [])
            }
        }
    }

    /// How a phone can be signed out from elsewhere.
    enum Way: CaseIterable, Sendable { case one, others, all, byOperator }

    @Test(
        "signed out from elsewhere, the phone is a stranger: the right password alone does not open it again",
        arguments: Way.allCases)
    func forgotten(way: Way) async throws {
        try await TestServer.run { server in
            let lost = try await server.signUp("owner@example.org")
            let tablet = server.phone()
            try await tablet.signIn("owner@example.org")
            try await lost.redeem(try await lost.begin("owner@example.org", password: TestPhone.password))
            try await Self.signOut(lost, from: tablet, way, server)
            let again = try await lost.begin("owner@example.org", password: TestPhone.password)
            #expect(again.json["authorization_code"] == nil && again.json["auth_session"] != nil, "\(again.json)")
            // The one that signed it out is known as before, and so is a phone that signed itself out.
            try await tablet.redeem(try await tablet.begin("owner@example.org", password: TestPhone.password))
            let own = try #require(tablet.memory.session)
            #expect(try await tablet.delete("/buckler/account/sessions/\(own)").status == 204)
            try await tablet.redeem(try await tablet.begin("owner@example.org", password: TestPhone.password))
        }
    }

    private static func signOut(_ lost: TestPhone, from tablet: TestPhone, _ way: Way, _ server: TestServer)
        async throws
    {
        let session = try #require(lost.memory.session)
        switch way {
        case .one: #expect(try await tablet.delete("/buckler/account/sessions/\(session)").status == 204)
        case .others:
            #expect(try await tablet.post(json: [:], to: "account/sessions/end-others", authorized: true).status == 200)
        case .all:
            #expect(try await tablet.post(json: [:], to: "account/sessions/end-all", authorized: true).status == 200)
        case .byOperator:
            _ = try await OperatorDesk(core: server.assembly.core, hasServer: true)
                .carryOut(AdminRequest("sessions.end", ["session": .string(session)])) { _ in }
        }
    }

    @Test("left alone for the idle time it is signed out, however often it refreshes by itself")
    func unattended() async throws {
        try await TestServer.run { server in
            let phone = try await server.signUp("owner@example.org")
            for day in 1...13 {
                server.clock.advance(by: .days(1))
                #expect(try await phone.refresh(userIdle: day * 86_400).status == 200)
            }
            server.clock.advance(by: .days(1))
            let late = try await phone.refresh(userIdle: 14 * 86_400)
            #expect(late.status == 400 && late.code == "session.idle", "\(late.json)")
            #expect(try await phone.get("/notes").status == 401)
        }
    }

    @Test("whoever found it cannot use its tokens from another device")
    func copiedTokens() async throws {
        try await TestServer.run { server in
            let phone = try await server.signUp("owner@example.org")
            let finder = server.phone()
            let memory = phone.memory
            finder.remember { $0 = memory }
            #expect(try await finder.get("/notes").status == 401)
            #expect(try await phone.get("/notes").status == 200)
            #expect(try await finder.refresh().status == 400)
        }
    }
}
