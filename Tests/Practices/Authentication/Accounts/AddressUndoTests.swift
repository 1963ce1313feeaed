import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import TestSupport
import Testing

@testable import Authentication

/// PD-10: the old mailbox undoes a change of address for seven days.
@Suite("Undoing a change of address")
struct AddressUndoTests {
    @Test("the old mailbox undoes it, signs out everybody and signs in nobody")
    func undo() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.change(to: "new")
        fixture.clock.advance(by: .days(7) - .seconds(1))
        #expect(try await ada.undo("ada") == .addressRestored)
        #expect(fixture.sessions.ended == [ada.account] && fixture.sessions.reasons == [.recovered])
        #expect(try await ada.address() == "ada")
        for name in ["ada", "new"] {
            #expect(try await ada.lastSubject(name) == "The change of your address was undone")
        }
        #expect(try await fixture.reasons().contains("address.restored"))
        // It is over: there is nothing to undo, for either of them.
        for (name, device) in [("ada", 10), ("new", 11)] {
            _ = try await fixture.service.undoAddressChange(
                fixture.opening(name), by: fixture.requester(device: device))
            #expect(try await ada.lastSubject(name) == "There is nothing to undo")
        }
    }

    @Test("after seven days it is too late, also for a code that was asked for before")
    func tooLate() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.change(to: "new")
        fixture.clock.advance(by: .days(7) - .seconds(1))
        let phone = try fixture.requester(device: 9)
        let asked = try await fixture.service.undoAddressChange(fixture.opening("ada"), by: phone)
        let code = try #require(try await fixture.mailedCode("ada"))
        fixture.clock.advance(by: .seconds(1))
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.proceed(
                FlowContinuation(handle: asked.handle, answers: [.emailCode(code)]), by: phone)
        }
        _ = try await fixture.service.undoAddressChange(fixture.opening("ada"), by: fixture.requester(device: 10))
        #expect(try await ada.lastSubject("ada") == "There is nothing to undo")
        #expect(try await ada.address() == "new" && fixture.sessions.ended.isEmpty)
    }

    @Test("an answer that was lost is given again; another device gets nothing with the same code")
    func repeated() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.change(to: "new")
        let phone = try fixture.requester(device: 9)
        let asked = try await fixture.service.undoAddressChange(fixture.opening("ada"), by: phone)
        let code = try #require(try await fixture.mailedCode("ada"))
        let typed = FlowContinuation(handle: asked.handle, answers: [.emailCode(code)])
        await #expect(throws: SignInError.flowGone) {
            try await fixture.service.proceed(typed, by: fixture.requester(device: 10))
        }
        for _ in 1...2 { #expect(try await fixture.service.proceed(typed, by: phone) == .addressRestored) }
        #expect(fixture.sessions.ended.count == 1)
    }

    @Test("a thief's second change does not bury the first address, and each old address has seven days of its own")
    func changedTwice() async throws {
        let ada = try await AddressFixture()
        try await ada.change(to: "moved")
        ada.fixture.clock.advance(by: .days(6))
        try await ada.change(to: "thief")
        // Both are told, and by when they can undo it.
        for name in ["ada", "moved"] { #expect(try await ada.lastSubject(name) == "Your address was replaced") }
        ada.fixture.clock.advance(by: .days(2))
        #expect(try await ada.undo("moved") == .addressRestored)
        #expect(try await ada.address() == "moved")
    }

    @Test("the first address undoes all later changes; those in between can undo nothing then")
    func oldestWins() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        for name in ["b", "c", "d"] { try await ada.change(to: name) }
        #expect(try await ada.undo("c", device: 20) == .addressRestored)
        #expect(try await ada.address() == "c")
        #expect(try await ada.undo("ada", device: 21) == .addressRestored)
        #expect(try await ada.address() == "ada")
        for (name, device) in [("b", 22), ("c", 23), ("d", 24)] {
            _ = try await fixture.service.undoAddressChange(
                fixture.opening(name), by: fixture.requester(device: device))
            #expect(try await ada.lastSubject(name) == "There is nothing to undo")
        }
    }

    @Test("whoever goes back to the first address by a change keeps the last word over the address in between")
    func toAndFro() async throws {
        let ada = try await AddressFixture()
        for name in ["thief", "ada"] { try await ada.change(to: name) }
        #expect(try await ada.undo("thief", device: 20) == .addressRestored)
        #expect(try await ada.address() == "thief")
        #expect(try await ada.undo("ada", device: 21) == .addressRestored)
        #expect(try await ada.address() == "ada")
    }

    @Test("five changes may wait for their seven days; a sixth has to wait")
    func limit() async throws {
        let ada = try await AddressFixture()
        for number in 1...5 { try await ada.change(to: "address\(number)") }
        await #expect(throws: AccountError.tooManyAddresses(retryAfter: .days(7))) { try await ada.ask("more") }
        ada.fixture.clock.advance(by: .days(7))
        try await ada.change(to: "more")
    }

    @Test("an address that became another account's stays there; the undo says no, with a reason of its own")
    func takenMeanwhile() async throws {
        let ada = try await AddressFixture()
        try await ada.change(to: "new")
        try await ada.fixture.account("ada", device: 3)
        await #expect(throws: SignInError.flowGone) { try await ada.undo("ada") }
        #expect(try await ada.address() == "new")
        #expect(try await ada.fixture.reasons().contains("address.not_restored"))
    }

    @Test("an account with a second factor gets its address back, and the mailbox alone still does not open it")
    func noWayIn() async throws {
        let ada = try await AddressFixture(hasFactor: true)
        let fixture = ada.fixture
        try await ada.change(to: "new")
        #expect(try await ada.undo("ada") == .addressRestored)
        let phone = try fixture.requester(device: 9)
        let handle = try await fixture.service.reset(fixture.opening("ada"), by: phone).handle
        let code = try #require(try await fixture.mailedCode("ada"))
        let outcome = try await fixture.service.proceed(
            FlowContinuation(
                handle: handle, answers: [.emailCode(code), .newPassword(SecretString("a lighthouse in the fog"))]),
            by: phone)
        #expect(outcome.challenge?.kind == .secondFactor)
    }

    @Test("a recovery that the other mailbox asked for ends with the undo, and with a change")
    func holdEnds() async throws {
        let ada = try await AddressFixture(hasFactor: true)
        let fixture = ada.fixture
        try await ada.change(to: "new")
        try await Self.hold("new", fixture, device: 66)
        #expect(try await ada.undo("ada") == .addressRestored)
        #expect(try await ada.accounts.overview(ada.actor()).recovery == nil)
        try await Self.hold("ada", fixture, device: 67)
        #expect(try await ada.accounts.overview(ada.actor()).recovery != nil)
        try await ada.change(to: "newer")
        #expect(try await ada.accounts.overview(ada.actor()).recovery == nil)
        #expect(try await fixture.reasons().contains("recovery.cancelled_by_undo"))
    }

    @Test("a thief's sign-in that was half-way when the address came back ends there")
    func halfWay() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.change(to: "new")
        let thief = try fixture.requester(device: 66)
        let half = try await fixture.service.begin(
            fixture.opening("new"), password: SignInFixture.password, by: thief)
        let code = try #require(try await fixture.mailedCode("new"))
        #expect(try await ada.undo("ada") == .addressRestored)
        let outcome = try? await fixture.service.proceed(
            FlowContinuation(handle: half.handle, answers: [.emailCode(code)]), by: thief)
        #expect(outcome?.code == nil)
        let (owner, now) = (ada.account, fixture.clock.now)
        let isKnown = try await fixture.repository.read { try $0.isKnownDevice(thief.key, of: owner, at: now) }
        #expect(!isKnown)
    }

    private static func hold(_ name: String, _ fixture: SignInFixture, device: Int) async throws {
        let phone = try fixture.requester(device: device)
        let handle = try await fixture.service.reset(fixture.opening(name), by: phone).handle
        let code = try #require(try await fixture.mailedCode(name))
        await #expect(throws: SignInError.recoveryNeedsProof(RecoveryHold(startedAt: fixture.clock.now))) {
            try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.emailCode(code), .recover]), by: phone)
        }
    }
}
