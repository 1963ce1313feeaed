import BucklerOTP
import BucklerPrimitives
import SQLiteDriver
import Storage
import TestSupport
import Testing

@testable import Authentication

@Suite("Account service")
struct AccountServiceTests {
    typealias Fixture = AccountServiceFixture

    @Test("a changed password ends the other sessions and tells the owner")
    func changePassword() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        try await fixture.change(ann, to: "another fine password")
        #expect(try await fixture.record(ann)?.passwordVerifier == PlainHasher.verifier(of: "another fine password"))
        #expect(fixture.sessions.kept == [ann.session])
        #expect(try await fixture.mailSubjects() == ["Your password was changed"])
        #expect(try await fixture.events() == ["authn_password_change"])
    }

    @Test("other sessions stay if the owner says so")
    func keepOthers() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        try await fixture.service.changePassword(
            ann, current: SecretString(Fixture.longPassword), new: SecretString("another fine password"),
            endsOtherSessions: false)
        #expect(fixture.sessions.kept.isEmpty)
    }

    @Test("a wrong current password changes nothing, sends nothing and is an event")
    func wrongCurrent() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        await #expect(throws: AccountError.passwordMismatch) {
            try await fixture.change(ann, from: "not my password at all", to: "another fine password")
        }
        #expect(try await fixture.record(ann)?.passwordVerifier == PlainHasher.verifier(of: Fixture.longPassword))
        #expect(try await fixture.mailSubjects().isEmpty)
        #expect(try await fixture.events() == ["authn_password_change_fail password.current_mismatch"])
        #expect(fixture.sessions.kept.isEmpty)
    }

    @Test("guessing the current password in a stolen session is slowed, and the owner goes on later")
    func throttled() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        var evaluated = 0
        var delay: Duration?
        while delay == nil, evaluated < 100 {
            do {
                try await fixture.change(ann, from: "guess number \(evaluated)", to: "another fine password")
            } catch AccountError.throttled(let retryAfter) {
                delay = retryAfter
            } catch AccountError.passwordMismatch {
                evaluated += 1
            }
        }
        #expect((10...20).contains(evaluated))
        let before = fixture.hasher.verificationCount
        await #expect(throws: AccountError.self) { try await fixture.change(ann, to: "another fine password") }
        #expect(fixture.hasher.verificationCount == before)
        fixture.clock.advance(by: try #require(delay))
        try await fixture.change(ann, to: "another fine password")
    }

    @Test("a new password is judged before the current one is looked at")
    func refusedNew() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        await #expect(throws: AccountError.passwordRefused(.tooShort(minimum: 15))) {
            try await fixture.change(ann, to: Fixture.shortPassword)
        }
        await #expect(throws: AccountError.passwordRefused(.guessable(.common))) {
            try await fixture.change(ann, to: "password12345678")
        }
        #expect(fixture.hasher.verificationCount == 0)
    }

    @Test("of ten changes at once one wins, and the others change nothing")
    func changeRace() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        let outcomes = await withTaskGroup(of: AccountError?.self) { group in
            for index in 0..<8 {
                group.addTask {
                    do throws(AccountError) {
                        try await fixture.change(ann, to: "another fine password \(index)")
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.allSatisfy { [nil, .changedMeanwhile, .passwordMismatch].contains($0) })
        #expect(try await fixture.mailSubjects().count == 1)
    }

    @Test("the other sessions end in the transaction of the change; if they cannot, nothing is changed")
    func sessionsFail() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        let database = fixture.database.database
        try await SessionRowsOfTests.insert(ann.account, number: 7, at: fixture.clock.now, database)
        try await database.write { connection in
            try connection.execute(
                "CREATE TRIGGER broken BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'broken'); END")
        }
        await #expect(throws: AccountError.self) { try await fixture.change(ann, to: "another fine password") }
        #expect(try await fixture.record(ann)?.passwordVerifier == PlainHasher.verifier(of: Fixture.longPassword))
        try await database.write { try $0.execute("DROP TRIGGER broken") }
        try await fixture.change(ann, to: "another fine password")
        #expect(try await SessionRowsOfTests.running(database).isEmpty)
    }

    @Test("a changed password that ends the others makes other devices strangers")
    func forgetsDevices() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        let now = fixture.clock.now
        let thief = SoftwareDevice(seed: 66).thumbprint
        try await fixture.store.write { transaction in
            try transaction.rememberDevice(thief, of: ann.account, at: now)
            try transaction.rememberDevice(ann.key, of: ann.account, at: now)
        }
        try await fixture.change(ann, to: "another fine password")
        let known = try await fixture.store.read { transaction in
            (
                try transaction.isKnownDevice(thief, of: ann.account, at: now),
                try transaction.isKnownDevice(ann.key, of: ann.account, at: now)
            )
        }
        #expect(known == (false, true))
    }

    @Test("an account makes five sets of recovery codes a day")
    func recoveryCodeSets() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        try await fixture.enrol(ann)
        for _ in 1...4 { _ = try await fixture.service.replaceRecoveryCodes(ann) }
        let hashes = fixture.hasher.hashCount
        await #expect(throws: AccountError.throttled(retryAfter: .hours(24))) {
            try await fixture.service.replaceRecoveryCodes(ann)
        }
        #expect(fixture.hasher.hashCount == hashes)
        fixture.clock.advance(by: .hours(24))
        #expect(try await fixture.service.replaceRecoveryCodes(ann).count == 10)
    }

    @Test("busy password threads are no wrong password")
    func busy() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        fixture.hasher.beBusy()
        await #expect(throws: AccountError.unavailable) { try await fixture.change(ann, to: "another fine password") }
        #expect(try await fixture.events().isEmpty)
    }

    @Test("the first factor brings ten recovery codes, the second none")
    func enrolment() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount(level: .one)
        let first = try await fixture.enrol(ann)
        #expect(first.codes.map(\.index) == Array(0..<10))
        let code = try #require(try await fixture.store.read { try $0.recoveryCode(of: ann.account, index: 4) })
        #expect(code.verifier == first.codes[4].secret.withExposedText(PlainHasher.verifier))
        let strong = fixture.actor(ann.account, level: .two)
        #expect(try await fixture.enrol(strong).codes.isEmpty)
        let overview = try await fixture.service.overview(strong)
        #expect(overview.factors.count == 2 && overview.recoveryCodesLeft == 10)
        #expect(try await fixture.mailSubjects() == Array(repeating: "An authenticator app was added", count: 2))
        #expect(try await fixture.events() == ["authn_factor_added", "authn_factor_added"])
    }

    @Test("the code that confirms an enrolment does not sign in as well")
    func confirmedStep() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount(level: .one)
        let factor = try await fixture.enrol(ann).factor
        let step = TOTP.step(at: fixture.clock.now)
        #expect(
            try await fixture.store.write { try $0.acceptTOTPStep(account: ann.account, factor: factor, step: step) }
                == false)
        #expect(
            try await fixture.store.write {
                try $0.acceptTOTPStep(account: ann.account, factor: factor, step: step + 1)
            })
    }

    @Test("an enrolment is not confirmed by a wrong code, after its time, twice, or by another account")
    func refusedEnrolments() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount(level: .one)
        let eve = try await fixture.makeAccount("eve@example.org", level: .one)
        let enrolment = try await fixture.service.beginTOTP(ann)
        for wrong in ["000000", "", "abcdef", "12345", "1234567"] {
            await #expect(throws: AccountError.codeMismatch) {
                try await fixture.service.confirmTOTP(ann, factor: enrolment.factor, code: SecretString(wrong))
            }
        }
        await #expect(throws: AccountError.factorNotFound) {
            try await fixture.service.confirmTOTP(eve, factor: enrolment.factor, code: fixture.code(of: enrolment))
        }
        #expect(try await fixture.record(ann)?.hasSecondFactor == false)
        fixture.clock.advance(by: .minutes(10) + .milliseconds(1))
        await #expect(throws: AccountError.factorNotFound) {
            try await fixture.service.confirmTOTP(ann, factor: enrolment.factor, code: fixture.code(of: enrolment))
        }
        let second = try await fixture.service.beginTOTP(ann)
        _ = try await fixture.service.confirmTOTP(ann, factor: second.factor, code: fixture.code(of: second))
        await #expect(throws: AccountError.factorNotFound) {
            try await fixture.service.confirmTOTP(
                fixture.actor(ann.account, level: .two), factor: second.factor, code: fixture.code(of: second))
        }
    }

    @Test("a session of level 1 changes nothing about an account of level 2")
    func levels() async throws {
        let fixture = try Fixture()
        let weak = try await fixture.makeAccount(level: .one)
        let factor = try await fixture.enrol(weak).factor
        let refusal = AccountError.insufficientLevel(.two)
        await #expect(throws: refusal) { try await fixture.change(weak, to: "another fine password") }
        await #expect(throws: refusal) { try await fixture.service.beginTOTP(weak) }
        await #expect(throws: refusal) { try await fixture.service.removeFactor(weak, factor: factor) }
        await #expect(throws: refusal) { try await fixture.service.replaceRecoveryCodes(weak) }
        #expect(try await fixture.record(weak)?.factors.count == 1)
    }

    @Test("an account has at most five factors")
    func factorLimit() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        for _ in 0..<5 { try await fixture.enrol(ann) }
        await #expect(throws: AccountError.tooManyFactors) { try await fixture.service.beginTOTP(ann) }
    }

    @Test("the last factor takes the recovery codes with it")
    func removeLast() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        let factor = try await fixture.enrol(ann).factor
        try await fixture.service.removeFactor(ann, factor: factor)
        let overview = try await fixture.service.overview(ann)
        #expect(overview.factors.isEmpty && overview.recoveryCodesLeft == 0)
        await #expect(throws: AccountError.factorNotFound) {
            try await fixture.service.removeFactor(ann, factor: factor)
        }
        await #expect(throws: AccountError.noSecondFactor) { try await fixture.service.replaceRecoveryCodes(ann) }
    }

    @Test("new recovery codes replace the old ones")
    func replaceCodes() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        let old = try await fixture.enrol(ann).codes
        let stale = try #require(try await fixture.store.read { try $0.recoveryCode(of: ann.account, index: 0) })
        let new = try await fixture.service.replaceRecoveryCodes(ann)
        #expect(Set(new.map(\.secret)).isDisjoint(with: old.map(\.secret)))
        let now = fixture.clock.now
        #expect(try await fixture.store.write { try $0.spendRecoveryCode(stale, of: ann.account, at: now) } == false)
        #expect(try await fixture.mailSubjects().last == "New recovery codes")
    }

    @Test("another account's factor is not found")
    func foreignFactor() async throws {
        let fixture = try Fixture()
        let ann = try await fixture.makeAccount()
        let eve = try await fixture.makeAccount("eve@example.org")
        let factor = try await fixture.enrol(ann).factor
        await #expect(throws: AccountError.factorNotFound) {
            try await fixture.service.removeFactor(eve, factor: factor)
        }
        #expect(try await fixture.record(ann)?.factors.count == 1)
    }

    @Test("an account that is gone is not found")
    func gone() async throws {
        let fixture = try Fixture()
        let nobody = fixture.actor(.random(.seeded(77)), level: .two)
        await #expect(throws: AccountError.unknownAccount) { try await fixture.service.overview(nobody) }
        await #expect(throws: AccountError.unknownAccount) { try await fixture.service.beginTOTP(nobody) }
    }
}

extension AccountServiceFixture {
    func change(_ actor: AccountActor, from current: String = longPassword, to new: String) async throws(AccountError) {
        try await service.changePassword(
            actor, current: SecretString(current), new: SecretString(new), endsOtherSessions: true)
    }
}
