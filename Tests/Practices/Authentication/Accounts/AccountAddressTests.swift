import BucklerOTP
import BucklerPrimitives
import BucklerSecurityEvents
import TestSupport
import Testing

@testable import Authentication

/// PD-10 and PD-12: further addresses of an account.
@Suite("Addresses of an account")
struct AccountAddressTests {
    @Test("a second address counts from its code on, gets every notice, and both hear of its removal")
    func second() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.ask("spare", for: .notify)
        #expect(try await ada.accounts.overview(ada.actor()).secondAddress == nil)
        #expect(try await ada.accounts.overview(ada.actor()).pendingAddress?.email == fixture.email("spare"))
        try await ada.confirm("spare")
        #expect(try await ada.accounts.overview(ada.actor()).secondAddress == fixture.email("spare"))
        #expect(try await ada.accounts.overview(ada.actor()).pendingAddress == nil)
        #expect(try await ada.lastSubject("ada") == "A second address was added")
        let fresh = SecretString("a lighthouse in the fog")
        try await ada.accounts.changePassword(
            ada.actor(), current: SignInFixture.password, new: fresh, endsOtherSessions: true)
        for name in ["ada", "spare"] {
            #expect(try await ada.lastSubject(name) == "Your password was changed", "\(name)")
        }
        try await ada.accounts.removeSecondAddress(ada.actor())
        for name in ["ada", "spare"] {
            #expect(try await ada.lastSubject(name) == "The second address was removed", "\(name)")
        }
        await #expect(throws: AccountError.noSecondAddress) {
            try await ada.accounts.removeSecondAddress(ada.actor())
        }
        // It was for notices alone: nobody signs in with it.
        let outcome = try await fixture.service.begin(
            fixture.opening("spare"), password: fresh, by: fixture.requester(device: 7))
        #expect(outcome.challenge?.rejection != nil)
    }

    @Test("a second address that takes another's place tells the one before")
    func replacedSecond() async throws {
        let ada = try await AddressFixture()
        try await ada.addSecond("spare")
        try await ada.addSecond("other")
        #expect(try await ada.lastSubject("spare") == "The second address was replaced")
        for name in ["ada", "other"] { #expect(try await ada.lastSubject(name) == "A second address was added") }
    }

    @Test("every notice of the account goes to the second address too")
    func everyNotice() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.addSecond("spare")
        let enrolment = try await ada.accounts.beginTOTP(ada.actor())
        let seed = try #require(TOTPSecret(base32: enrolment.secret))
        let codes = try await ada.accounts.confirmTOTP(
            ada.actor(), factor: enrolment.factor, code: SecretString(seed.code(at: fixture.clock.now)))
        _ = try await ada.accounts.replaceRecoveryCodes(ada.actor())
        #expect(codes.count == 10)
        let phone = try fixture.requester(device: 8)
        fixture.clock.advance(by: .seconds(60))
        let asked = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        _ = try await fixture.service.proceed(
            FlowContinuation(
                handle: asked.handle, answers: [.oneTimePassword(SecretString(seed.code(at: fixture.clock.now)))]),
            by: phone)
        try await ada.accounts.removeFactor(ada.actor(), factor: enrolment.factor)
        let expected = [
            "An authenticator app was added", "New recovery codes", "New sign-in", "An authenticator app was removed",
        ]
        for name in ["ada", "spare"] {
            #expect(try await fixture.subjects(name).suffix(4) == expected[...], "\(name)")
        }
    }

    @Test("a recovery's notices go to the second address, and to one that can undo a change still")
    func recoveryNotices() async throws {
        let ada = try await AddressFixture(hasFactor: true)
        let fixture = ada.fixture
        try await ada.addSecond("spare")
        try await ada.change(to: "new")
        let thief = try fixture.requester(device: 66)
        let handle = try await fixture.service.reset(fixture.opening("new"), by: thief).handle
        let code = try #require(try await fixture.mailedCode("new"))
        await #expect(throws: SignInError.recoveryNeedsProof(RecoveryHold(startedAt: fixture.clock.now))) {
            try await fixture.service.proceed(
                FlowContinuation(handle: handle, answers: [.emailCode(code), .recover]), by: thief)
        }
        for name in ["ada", "new", "spare"] {
            #expect(try await ada.lastSubject(name) == "Your account is being recovered", "\(name)")
        }
        try await ada.accounts.cancelRecovery(ada.actor())
        for name in ["ada", "new", "spare"] {
            #expect(try await ada.lastSubject(name) == "The recovery was cancelled", "\(name)")
        }
    }

    @Test("the address changes by a code to the new one; the old one opens nothing and is told")
    func change() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.ask("new")
        // Before its code it counts for nothing.
        #expect(try await ada.address() == "ada")
        let phone = try fixture.requester(device: 1)
        let early = try await fixture.service.begin(
            fixture.opening("new"), password: SignInFixture.password, by: phone)
        #expect(early.challenge?.rejection != nil)
        try await ada.confirm("new")
        #expect(try await ada.address() == "new")
        #expect(try await ada.lastSubject("new") == "Your address was changed")
        #expect(try await ada.lastSubject("ada") == "Your address was replaced")
        let before = try await fixture.service.begin(
            fixture.opening("ada"), password: SignInFixture.password, by: phone)
        #expect(before.challenge?.rejection != nil)
        let after = try await fixture.service.begin(
            fixture.opening("new"), password: SignInFixture.password, by: phone)
        #expect(after.code != nil)
        #expect(try await fixture.reasons().contains("address.changed"))
    }

    @Test("a session alone changes nothing: a factor within ten minutes, or the password of an account without one")
    func freshness() async throws {
        let ada = try await AddressFixture(hasFactor: true)
        let new = try ada.fixture.email("new")
        let (late, weak) = (try ada.actor(age: .seconds(601)), try ada.actor(.one))
        for purpose in AccountContacts.Purpose.allCases {
            await #expect(throws: AccountError.staleAuthentication(.two, maximumAge: .minutes(10))) {
                // The password does not stand for the factor.
                try await ada.accounts.requestAddress(late, new, for: purpose, password: SignInFixture.password)
            }
            await #expect(throws: AccountError.insufficientLevel(.two)) {
                try await ada.accounts.requestAddress(weak, new, for: purpose, password: SignInFixture.password)
            }
        }
        await #expect(throws: AccountError.insufficientLevel(.two)) {
            try await ada.accounts.confirmAddress(weak, code: SecretString("1"))
        }
        try await ada.accounts.requestAddress(ada.actor(age: .minutes(10)), new, for: .notify)
        try await ada.confirm("new")
        await #expect(throws: AccountError.staleAuthentication(.two, maximumAge: .minutes(10))) {
            try await ada.accounts.removeSecondAddress(late)
        }
        await #expect(throws: AccountError.insufficientLevel(.two)) {
            try await ada.accounts.removeSecondAddress(weak)
        }
    }

    @Test("without a second factor the password is asked for, within the device's budget")
    func password() async throws {
        let ada = try await AddressFixture()
        let new = try ada.fixture.email("new")
        let owner = try ada.actor(.one)
        await #expect(throws: AccountError.passwordRequired) {
            try await ada.accounts.requestAddress(owner, new, for: .primary)
        }
        for _ in 1...10 {
            await #expect(throws: AccountError.passwordMismatch) {
                try await ada.accounts.requestAddress(owner, new, for: .primary, password: SignInFixture.wrong)
            }
            ada.fixture.clock.advance(by: .minutes(1))
        }
        #expect(try await ada.fixture.subjects("new") == [])
        #expect(try await ada.accounts.overview(owner).pendingAddress == nil)
        #expect(try await ada.fixture.reasons().filter { $0 == "password.current_mismatch" }.count == 10)
    }

    @Test("an address that is somebody's gets the same answer, takes no code, and only its mailbox learns why")
    func taken() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await fixture.account("eve")
        for name in ["eve", "nobody"] {
            _ = fixture.statements.take()
            try await ada.ask(name)
            #expect(try await ada.accounts.overview(ada.actor()).pendingAddress?.email == fixture.email(name))
            await #expect(throws: AccountError.addressCodeMismatch) {
                try await ada.accounts.confirmAddress(ada.actor(), code: SecretString("ABCD-EFGH"))
            }
        }
        #expect(try await fixture.subjects("eve") == ["This address has an account already"])
        #expect(try await fixture.subjects("nobody") == ["Confirm this address"])
    }

    @Test("the statements are the same for an address with and without an account")
    func sameness() async throws {
        var statements: [[String]] = []
        for name in ["eve", "nobody"] {
            let ada = try await AddressFixture()
            try await ada.fixture.account("eve")
            _ = ada.fixture.statements.take()
            try await ada.ask(name)
            await #expect(throws: AccountError.addressCodeMismatch) {
                try await ada.accounts.confirmAddress(ada.actor(), code: SecretString("ABCD-EFGH"))
            }
            statements.append(ada.fixture.statements.take())
        }
        #expect(statements[0] == statements[1] && statements[0].count > 8)
    }

    @Test("a code that was not mailed is never right: the mailbox has had enough")
    func unmailed() async throws {
        let ada = try await AddressFixture()
        for _ in 1...4 { try await ada.ask("new") }
        #expect(try await ada.fixture.subjects("new").count == 3)
        // The newest code was not mailed, and those before it are not the newest.
        await #expect(throws: AccountError.addressCodeMismatch) { try await ada.confirm("new") }
        // An account makes us write to ten addresses a day and no more.
        for number in 5...10 { try await ada.ask("friend\(number)") }
        await #expect(throws: AccountError.tooManyAddresses(retryAfter: .hours(24))) { try await ada.ask("more") }
    }

    @Test("five wrong codes or ten minutes end the request")
    func wrongCodes() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        try await ada.ask("new")
        let code = try #require(try await fixture.mailedCode("new"))
        for _ in 1...5 {
            await #expect(throws: AccountError.addressCodeMismatch) {
                try await ada.accounts.confirmAddress(ada.actor(), code: SecretString("x"))
            }
        }
        await #expect(throws: AccountError.noAddressPending) {
            try await ada.accounts.confirmAddress(ada.actor(), code: code)
        }
        #expect(try await fixture.reasons().filter { $0 == "address.code_mismatch" }.count == 5)
        try await ada.ask("new")
        fixture.clock.advance(by: .minutes(10))
        await #expect(throws: AccountError.noAddressPending) { try await ada.confirm("new") }
    }

    @Test("an address that the account has is refused, for either purpose")
    func ownAddress() async throws {
        let ada = try await AddressFixture()
        try await ada.addSecond("spare")
        let refused: [(String, AccountContacts.Purpose)] = [
            ("ada", .primary), ("ada", .notify), ("spare", .notify),
        ]
        for (name, purpose) in refused {
            await #expect(throws: AccountError.addressInUse) { try await ada.ask(name, for: purpose) }
        }
        // The second one may become the first.
        try await ada.change(to: "spare")
        #expect(try await ada.accounts.overview(ada.actor()).secondAddress == nil)
    }

    @Test("of two accounts that change to one address, one gets it; the other is told that something changed")
    func race() async throws {
        let ada = try await AddressFixture()
        let fixture = ada.fixture
        let bob = try await fixture.account("bob", device: 2)
        let actor = AccountActor(
            account: bob, session: .random(.seeded(41)), key: try fixture.requester(device: 2).key, level: .two,
            authenticatedAt: fixture.clock.now, origin: EventOrigin())
        try await ada.ask("new")
        let first = try #require(try await fixture.mailedCode("new"))
        try await ada.accounts.requestAddress(
            actor, fixture.email("new"), for: .primary, password: SignInFixture.password)
        let second = try #require(try await fixture.mailedCode("new"))
        let adaActor = try ada.actor()
        let answers = await ada.confirm([(try ada.actor(), first), (actor, second)])
        #expect(answers.count { $0 == nil } == 1 && answers.contains(.changedMeanwhile))
        let addresses = [try await ada.address(), try await ada.accounts.overview(actor).email.canonical]
        #expect(addresses.filter { $0.hasPrefix("new") }.count == 1)
    }

    @Test("a code is typed once, even by 20 at the same time")
    func confirmedOnce() async throws {
        let ada = try await AddressFixture()
        try await ada.ask("new")
        let code = try #require(try await ada.fixture.mailedCode("new"))
        let actor = try ada.actor()
        let answers = await ada.confirm(Array(repeating: (actor, code), count: 20))
        #expect(answers.count { $0 == nil } == 1)
        #expect(try await ada.fixture.subjects("ada").filter { $0 == "Your address was replaced" }.count == 1)
    }

    @Test("what is kept survives its sealing")
    func coding() throws {
        var contacts = AccountContacts()
        #expect(try AccountContacts(decoding: contacts.encoded) == contacts)
        let (email, now) = (try Email(parsing: "ann@example.org"), Timestamp(seconds: 1_800_000_000))
        contacts.second = email
        contacts.pending = .init(
            email: email, purpose: .primary, code: SecretString("0123-4567"), startedAt: now, wrongAnswers: 2)
        contacts.formers = [
            .init(email: email, replacedAt: now),
            .init(email: try Email(parsing: "bob@example.org"), replacedAt: now + .days(1)),
        ]
        #expect(try AccountContacts(decoding: contacts.encoded) == contacts)
        #expect(contacts.current(at: now + .days(7)).formers.map(\.email.canonical) == ["bob@example.org"])
        #expect(contacts.current(at: now + .minutes(10)).pending == nil)
        #expect(contacts.expiresAt == now + .minutes(10))
    }
}
