import Argon2
import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import QRCode
import ServerConfiguration
import Sessions
import Storage

/// Sign-in, sign-up, reset and accounts.
package struct AuthenticationParts: Sendable {
    /// The verbs of flows.
    package let signIn: SignInService
    /// Hashes passwords; Argon2id unless a test gave its own.
    package let hasher: any PasswordHasher
    /// What signed-in people do with their accounts.
    package let accounts: AccountService
    /// What new passwords must be.
    package let passwords: PasswordPolicy
    /// The service's name in mails and authenticator apps.
    package let serviceName: MailHeaderText
    private let argon2: Argon2idHasher?

    init(
        settings: ServerSettings, environment: ServerEnvironment, store: AuthenticationRepository, keys: InstanceKeys,
        sessions: SessionService
    ) throws(StartFailure) {
        if let given = environment.passwordHasher {
            (hasher, argon2) = (given, nil)
        } else {
            let made = Argon2idHasher(parameters: settings.passwords.argon2, entropy: environment.entropy)
            (hasher, argon2) = (made, made)
        }
        serviceName = try settings.serviceName()
        passwords = PasswordPolicy(
            serviceName: settings.publicURL.host, breached: try settings.breachedPasswords())
        accounts = AccountService(
            store: store, hasher: hasher, policy: passwords, serviceName: serviceName, sessions: sessions,
            qrCodes: QRCodeDrawer(), guessing: GuessingPolicy(), throttleKey: keys.ring.mac(.throttle),
            clock: environment.clock, entropy: environment.entropy)
        signIn = SignInService(
            store: store, hasher: hasher, passwords: passwords, sessions: sessions,
            mails: MailTemplates(serviceName: serviceName), clients: settings.signInClients,
            verifier: keys.ring.mac(.verifier), throttle: keys.ring.mac(.throttle), clock: environment.clock,
            entropy: environment.entropy)
    }

    /// Gives back the hasher's memory that has not been used for two seconds; call about once a second.
    func releaseIdleMemory() { argon2?.releaseIdleMemory() }

    /// Stops the hasher's threads.
    func shutdown() async { await argon2?.shutdown() }
}

extension PasswordSettings {
    /// Argon2id's parameters; one lane (libargon2 then starts no threads of its own).
    var argon2: Argon2Parameters {
        Argon2Parameters(memoryKiB: UInt32(clamping: memoryByteCount / 1024), passes: UInt32(iterations), lanes: 1)
    }
}

extension ServerSettings {
    /// The sender's name, or the public host.
    func serviceName() throws(StartFailure) -> MailHeaderText {
        do throws(MailHeaderError) {
            return try MailHeaderText(parsing: mail.from.name ?? publicURL.host)
        } catch {
            throw .file(
                key: "mail.from", path: mail.from.name ?? publicURL.host, problem: "cannot stand in a mail header")
        }
    }

    /// The configured filter; without one the built-in list of the policy stands alone.
    func breachedPasswords() throws(StartFailure) -> any BreachedPasswordSet {
        guard let path = passwords.breachedFilter else { return NoBreachedPasswords() }
        do throws(BreachedPasswordFilterError) {
            return try BreachedPasswordFilter(path: path)
        } catch {
            throw .file(key: "passwords.breached_filter", path: path, problem: "is not a filter of a known form")
        }
    }

    /// The native clients in the practice's own words.
    var signInClients: SignInClients {
        SignInClients(
            clients.filter { $0.kind == .native }.compactMap { client in
                SignInClient(
                    id: client.id, scopes: client.scopes, audiences: [client.resource],
                    confirmsNewDevices: client.secondStep.contains(.email))
            })
    }

    /// The service clients with the secrets of their files.
    func serviceClients() throws(StartFailure) -> ServiceClients {
        var entries: [ClientID: ServiceClients.Entry] = [:]
        for client in clients {
            guard case .service(let path) = client.kind else { continue }
            let secret = try SecretFile.read(
                key: "clients.\(client.id.text).secret_file", path: path, minimumByteCount: 32)
            entries[client.id] = .init(secret: secret, audience: client.resource)
        }
        return ServiceClients(entries)
    }

    /// Every scope that some client may ask for, in order.
    var scopes: [String] { Array(Set(clients.flatMap(\.scopes))).sorted() }
}
