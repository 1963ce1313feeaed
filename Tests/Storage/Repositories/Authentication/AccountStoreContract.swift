import Authentication
import BucklerJOSE
import BucklerPrimitives
import Storage
import TestSupport
import Testing

@Suite("Account store contract", .timeLimit(.minutes(5)))
struct AccountStoreContract {
    @Test("an account is found by its address and by its identifier, whole", arguments: Backend.all)
    func find(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let made = try await fixture.makeAccount("ann@example.org", factors: 2, codes: 10)
            let email = try Email(parsing: "ANN@Example.ORG")
            let found = try #require(try await fixture.read { try $0.findAccount(email) })
            #expect(found.id == made.id)
            #expect(found.email == email)
            #expect(found.passwordVerifier == SecretString("$argon2id$ann@example.org"))
            #expect(found.factors == made.factors && found.factors.count == 2)
            #expect(found.recoveryCodesLeft == 10)
            #expect(found.ownLevel == .two)
        }
    }

    @Test(
        "an unknown address and an unknown identifier find nothing, with the same number of statements",
        arguments: Backend.all)
    func unknown(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org", factors: 1, codes: 10)
            let other = try Email(parsing: "bob@example.org")
            #expect(try await fixture.read { try $0.findAccount(other) == nil })
            let id = AccountID.random(.seeded(99))
            #expect(try await fixture.read { try $0.account(id) == nil })
            #expect(try await fixture.read { try $0.recoveryCode(of: id, index: 3) == nil })
            let known = try await fixture.statements { _ = try $0.findAccount(ann.email) }
            let unknown = try await fixture.statements { _ = try $0.findAccount(other) }
            #expect(known == unknown && known.count == 4)
            let knownCode = try await fixture.statements { _ = try $0.recoveryCode(of: ann.id, index: 3) }
            let unknownCode = try await fixture.statements { _ = try $0.recoveryCode(of: id, index: 3) }
            #expect(knownCode == unknownCode)
        }
    }

    @Test("an address has one account, even when 20 prove it at once", arguments: Backend.all)
    func uniqueAddress(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let email = try Email(parsing: "ann@example.org")
            let answers = await concurrently(20) { index in
                await outcome { () async throws(StoreError) in
                    let account = NewAccount(
                        id: .random(.seeded(UInt64(index))), email: email, passwordVerifier: SecretString("$a\(index)"),
                        passwordClass: .standard)
                    return try await fixture.write { try $0.createAccount(account, at: Timestamp(seconds: 1)) }
                }
            }
            #expect(answers.count { if case .success = $0 { true } else { false } } == 1)
            #expect(answers.count { $0.failure == .conflict } == 19)
            let keys = try await fixture.database.read {
                try $0.query("SELECT COUNT(*) FROM account_key")[0].integer(0)
            }
            #expect(keys == 1)
        }
    }

    @Test("a short password never stands without a factor, whatever order the verbs come in", arguments: Backend.all)
    func shortPasswordAlone(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let plain = try await fixture.makeAccount("ann@example.org")
            await #expect(throws: StoreError.conflict) {
                try await fixture.write {
                    try $0.setPassword(
                        plain.id, verifier: SecretString("x"), class: .needsSecondFactor, replacing: nil,
                        at: plain.createdAt)
                }
            }
            let short = try await fixture.makeAccount("bob@example.org", passwordClass: .needsSecondFactor, factors: 2)
            let ids = short.factors.map(\.id)
            #expect(try await fixture.write { try $0.removeFactor(ids[0], of: short.id) })
            await #expect(throws: StoreError.conflict) {
                try await fixture.write { try $0.removeFactor(ids[1], of: short.id) }
            }
            #expect(try await fixture.read { try $0.account(short.id)?.factors.count } == 1)
            let email = try Email(parsing: "eve@example.org")
            await #expect(throws: StoreError.conflict) {
                try await fixture.write { transaction in
                    try transaction.createAccount(
                        NewAccount(
                            id: .random(.seeded(4)), email: email, passwordVerifier: SecretString("x"),
                            passwordClass: .needsSecondFactor), at: Timestamp(seconds: 1))
                }
            }
        }
    }

    @Test("a password is replaced only while it is the one that was compared", arguments: Backend.all)
    func replacePassword(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let account = try await fixture.makeAccount("ann@example.org")
            let answers = await concurrently(10) { index in
                await outcome { () async throws(StoreError) in
                    try await fixture.write {
                        try $0.setPassword(
                            account.id, verifier: SecretString("new \(index)"), class: .standard,
                            replacing: account.passwordVerifier, at: Timestamp(seconds: 5))
                    }
                }
            }
            #expect(answers.count { if case .success = $0 { true } else { false } } == 1)
            #expect(
                try await fixture.write {
                    try $0.rehashPassword(account.id, verifier: SecretString("x"), replacing: account.passwordVerifier)
                } == false)
            let now = try #require(try await fixture.read { try $0.account(account.id) })
            #expect(now.passwordChangedAt == Timestamp(seconds: 5))
            #expect(
                try await fixture.write {
                    try $0.rehashPassword(
                        account.id, verifier: SecretString("stronger"), replacing: now.passwordVerifier)
                })
        }
    }

    @Test("a pending factor counts for nothing, expires, and is replaced by the next", arguments: Backend.all)
    func pendingFactors(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let account = try await fixture.makeAccount("ann@example.org").id
            let other = try await fixture.makeAccount("bob@example.org").id
            let begun = fixture.clock.now
            let first = PendingFactor(
                id: .random(.seeded(1)), kind: .totp, secret: SecretBytes([1, 2, 3]), createdAt: begun)
            let second = PendingFactor(
                id: .random(.seeded(2)), kind: .totp, secret: SecretBytes([4, 5, 6]), createdAt: begun)
            try await fixture.write { try $0.addPendingFactor(first, to: account) }
            #expect(try await fixture.read { try $0.account(account)?.factors.isEmpty } == true)
            #expect(try await fixture.read { try $0.pendingFactor(first.id, of: account, notBefore: begun) } == first)
            #expect(try await fixture.read { try $0.pendingFactor(first.id, of: other, notBefore: begun) } == nil)
            let later = begun + .milliseconds(1)
            #expect(try await fixture.read { try $0.pendingFactor(first.id, of: account, notBefore: later) } == nil)
            #expect(try await fixture.write { try $0.confirmFactor(first.id, of: other, step: 1, at: begun) } == false)
            try await fixture.write { try $0.addPendingFactor(second, to: account) }
            #expect(
                try await fixture.write { try $0.confirmFactor(first.id, of: account, step: 1, at: begun) } == false)
            let wins = await concurrently(8) { _ in
                (try? await fixture.write { try $0.confirmFactor(second.id, of: account, step: 1, at: begun) }) ?? false
            }
            #expect(wins.count { $0 } == 1)
            #expect(try await fixture.read { try $0.account(account)?.factors.map(\.secret) } == [second.secret])
        }
    }

    @Test("a time step is accepted once, by one of 50 callers, and never an older one", arguments: Backend.all)
    func totpSteps(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let account = try await fixture.makeAccount("ann@example.org", factors: 1)
            let (id, factor) = (account.id, account.factors[0].id)
            let wins = await concurrently(50) { _ in
                (try? await fixture.write { try $0.acceptTOTPStep(account: id, factor: factor, step: 100) }) ?? false
            }
            #expect(wins.count { $0 } == 1)
            for step in [100, 99, 1] as [Int64] {
                #expect(
                    try await fixture.write { try $0.acceptTOTPStep(account: id, factor: factor, step: step) } == false)
            }
            #expect(try await fixture.write { try $0.acceptTOTPStep(account: id, factor: factor, step: 101) })
            let other = try await fixture.makeAccount("bob@example.org", factors: 1).id
            #expect(
                try await fixture.write { try $0.acceptTOTPStep(account: other, factor: factor, step: 200) } == false)
            #expect(try await fixture.read { try $0.account(id)?.factors.first?.lastStep } == 101)
        }
    }

    @Test("a recovery code is spent once, by one of 50 callers, and its verifier is gone", arguments: Backend.all)
    func recoveryCodes(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let id = try await fixture.makeAccount("ann@example.org", factors: 1, codes: 10).id
            let now = fixture.clock.now
            let code = try #require(try await fixture.read { try $0.recoveryCode(of: id, index: 3) })
            #expect(code.verifier == SecretString("$argon2id$code3"))
            let wins = await concurrently(50) { _ in
                (try? await fixture.write { try $0.spendRecoveryCode(code, of: id, at: now) }) ?? false
            }
            #expect(wins.count { $0 } == 1)
            #expect(try await fixture.read { try $0.recoveryCode(of: id, index: 3) } == nil)
            #expect(try await fixture.read { try $0.account(id)?.recoveryCodesLeft } == 9)
            try await fixture.write { try $0.replaceRecoveryCodes(of: id, with: [SecretString("n")], at: now) }
            let stale = try #require(RecoveryCodeRecord(index: 0, verifier: code.verifier, set: code.set))
            #expect(try await fixture.write { try $0.spendRecoveryCode(stale, of: id, at: now) } == false)
            #expect(try await fixture.read { try $0.account(id)?.recoveryCodesLeft } == 1)
            try await fixture.write { try $0.replaceRecoveryCodes(of: id, with: [], at: now) }
            #expect(try await fixture.read { try $0.account(id)?.recoveryCodesLeft } == 0)
        }
    }

    @Test("a device is known for 90 days after its last sign-in, for its account alone", arguments: Backend.all)
    func knownDevices(backend: Backend) async throws {
        try await AccountFixture.with(backend) { fixture in
            let ann = try await fixture.makeAccount("ann@example.org").id
            let bob = try await fixture.makeAccount("bob@example.org").id
            let (start, key) = (fixture.clock.now, SoftwareDevice(seed: 1).thumbprint)
            #expect(try await fixture.read { try $0.isKnownDevice(key, of: ann, at: start) } == false)
            try await fixture.write { try $0.rememberDevice(key, of: ann, at: start) }
            let last = start + .days(90) - .milliseconds(1)
            #expect(try await fixture.read { try $0.isKnownDevice(key, of: ann, at: last) })
            #expect(try await fixture.read { try $0.isKnownDevice(key, of: ann, at: start + .days(90)) } == false)
            #expect(try await fixture.read { try $0.isKnownDevice(key, of: bob, at: start) } == false)
            for seed in 100..<160 as Range<UInt64> {
                let other = try #require(JWKThumbprint(bytes: Entropy.seeded(seed).bytes(32)))
                try await fixture.write { try $0.rememberDevice(other, of: ann, at: start + .seconds(Int(seed))) }
            }
            #expect(try await fixture.read { try $0.isKnownDevice(key, of: ann, at: start) } == false)
            let count = try await fixture.database.read {
                try $0.query("SELECT COUNT(*) FROM known_device")[0].integer(0)
            }
            #expect(count == 50)
        }
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
