import Authentication
import BucklerAssembly
import BucklerOTP
import BucklerPrimitives
import Storage

extension TestServer {
    /// Makes an account with this password, without mail and without a phone.
    package func makeAccount(_ email: String, password: String) async throws -> AccountID {
        let id = AccountID.random(.seeded(seedOfNextPerson()))
        let address = try Email(parsing: email)
        let core = assembly.core
        let verifier = try await core.signIn.hasher.hash(SecretString(password), lane: .stranger)
        let now = clock.now
        try await core.authentication.write { transaction in
            try transaction.createAccount(
                NewAccount(id: id, email: address, passwordVerifier: verifier, passwordClass: .standard), at: now)
        }
        return id
    }

    /// Returns when every queued mail has been handed to the mail station.
    ///
    /// - Throws: `TestPhoneFailure` after a minute of real time.
    package func deliverMail() async throws {
        let later = clock.now + .days(1)
        for _ in 0..<12_000 {
            if try await assembly.core.authentication.read({ try $0.dueMail(at: later, limit: 1) }).isEmpty { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw TestPhoneFailure(description: "mail is still waiting")
    }
}

extension TestPhone {
    /// Enrols an authenticator for the signed-in account; answers its seed and the ten recovery codes.
    package func enrolAuthenticator(at now: Timestamp) async throws -> (secret: TOTPSecret, recoveryCodes: [String]) {
        let begun = try await post(json: [:], to: "account/factors/totp", authorized: true)
        guard let factor = begun.json["factor_id"]?.string, let seed = begun.json["secret"]?.string,
            let secret = TOTPSecret(base32: SecretString(seed))
        else { throw TestPhoneFailure(description: "\(begun.status) \(begun.json)") }
        let confirmed = try await post(
            json: ["code": .string(secret.code(at: now))], to: "account/factors/totp/\(factor)/confirm",
            authorized: true)
        let codes = confirmed.json["recovery_codes"]?.array?.compactMap(\.string) ?? []
        guard codes.count == 10 else { throw TestPhoneFailure(description: "\(confirmed.status) \(confirmed.json)") }
        return (secret, codes)
    }
}
