import Authentication
import BucklerPrimitives

/// Whether strangers may depend on this server (PD-20).
package enum ServerMode: String, Sendable, Hashable {
    /// Everything is demanded.
    case production
    /// Loopback, own certificate, mail to files.
    case development
}

/// A configuration that was read, parsed and found whole.
///
/// Nobody checks it again.
package struct ServerSettings: Sendable {
    /// Production or development.
    package var mode: ServerMode
    /// Under which apps reach the server.
    package var publicURL: PublicURL
    /// The data folder, absolute.
    package var data: String
    /// The keys folder, absolute and outside the data folder.
    package var keys: String
    /// The program that prints the root key, and its arguments; empty where `root.key` holds it.
    package var keysCommand: [String]
    /// The program that prints the root key which is to take over, or has; empty but around a rotation.
    package var keysCommandNext: [String]
    /// The public listener.
    package var listen: ListenAddress
    /// The operations listener.
    package var operations: ListenAddress
    /// A further name for the development certificate.
    package var lan: String?
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: [NetworkPrefix]
    /// The production certificate; nil in development, which makes its own.
    package var certificate: CertificateFiles?
    /// How mail leaves.
    package var mail: MailSettings
    /// The API behind the gateway.
    package var upstream: UpstreamSettings
    /// The configured clients, in the file's order.
    package var clients: [ClientSettings]
    /// Session lifetimes by preset.
    package var presets: [PresetName: PresetSettings]
    /// Route rules in order; the last one is the built-in `/**`, which demands a sign-in.
    package var routes: [RouteSettings]
    /// Bounds.
    package var limits: LimitSettings
    /// Password hashing and screening.
    package var passwords: PasswordSettings
    /// How long a client without Idempotency-Key may repeat a refresh.
    package var refreshOverlap: Duration
    /// One of the words of `log.level`.
    package var logLevel: String
    /// Every value with its source, for `buckler config show`.
    package var report: [ConfigurationReportLine]

    /// `{public_url}/buckler`.
    package var issuer: String { publicURL.issuer }
}

/// The production certificate's files; read and paired at start, and again when they change.
package struct CertificateFiles: Sendable, Hashable {
    /// PEM chain, leaf first.
    package let chain: String
    /// PEM private key.
    package let key: String
}

/// How mail leaves.
package struct MailSettings: Sendable, Hashable {
    /// The two ways.
    package enum Transport: Sendable, Hashable {
        /// To a mail server.
        case smtp(server: MailServer, user: String?, passwordFile: String?, trust: String?)
        /// To files in this folder (development).
        case files(folder: String)
    }

    /// The way.
    package var transport: Transport
    /// The sender.
    package var from: Mailbox
}

/// The API behind the gateway.
package struct UpstreamSettings: Sendable, Hashable {
    /// Where it listens.
    package var url: UpstreamURL
    /// The `aud` of Buckler-Identity.
    package var audience: String
    /// For a new connection.
    package var connectTimeout: Duration
    /// Until the first byte of an answer.
    package var responseTimeout: Duration
}

/// A configured client (PD-19).
package struct ClientSettings: Sendable, Hashable {
    /// What kind of program it is.
    package enum Kind: Sendable, Hashable {
        /// An app with a device key.
        case native
        /// A backend that may introspect; its secret is in this file.
        case service(secretFile: String)
    }

    /// What may follow the password.
    package enum SecondStep: String, Sendable, Hashable {
        /// A code of an authenticator app, when one is enrolled.
        case totp
        /// A code by e-mail on a new device, while no authenticator is enrolled.
        case email
    }

    /// Who moves the idle clock (PD-02).
    package enum Activity: String, Sendable, Hashable {
        /// The app reports a person.
        case reported
        /// Any request through the gateway counts.
        case requests
    }

    /// The public id.
    package var id: ClientID
    /// Its kind.
    package var kind: Kind
    /// Session lifetimes.
    package var preset: PresetName
    /// What may follow the password.
    package var secondStep: [SecondStep]
    /// What it may ask for.
    package var scopes: [String]
    /// Those scopes that stay closed for a day after a recovery (PD-12).
    package var sensitiveScopes: [String]
    /// The audience of its access tokens.
    package var resource: String
    /// Who moves the idle clock.
    package var activity: Activity

    /// Makes a client.
    package init(
        id: ClientID, kind: Kind, preset: PresetName = .aal1, secondStep: [SecondStep] = [.totp, .email],
        scopes: [String] = [], sensitiveScopes: [String] = [], resource: String, activity: Activity = .reported
    ) {
        self.id = id
        self.kind = kind
        self.preset = preset
        self.secondStep = secondStep
        self.scopes = scopes
        self.sensitiveScopes = sensitiveScopes
        self.resource = resource
        self.activity = activity
    }
}

/// The three rows of PD-03.
package enum PresetName: String, Sendable, Hashable, CaseIterable {
    /// 30 d, 14 d, 15 min.
    case aal1
    /// 24 h, 1 h, 5 min.
    case aal2
    /// 12 h, 15 min, 2 min.
    case aal3
}

/// Session lifetimes.
package struct PresetSettings: Sendable, Hashable {
    /// From sign-in to the end, whatever happens.
    package var absolute: Duration
    /// Without a person.
    package var idle: Duration
    /// Until the phone locks its vault.
    package var lockAfter: Duration

    /// Makes a row.
    package init(absolute: Duration, idle: Duration, lockAfter: Duration) {
        self.absolute = absolute
        self.idle = idle
        self.lockAfter = lockAfter
    }

    /// PD-03's table (NIST SP 800-63B-4 §2).
    package static func standard(_ name: PresetName) -> PresetSettings {
        switch name {
        case .aal1: .init(absolute: .days(30), idle: .days(14), lockAfter: .minutes(15))
        case .aal2: .init(absolute: .hours(24), idle: .hours(1), lockAfter: .minutes(5))
        case .aal3: .init(absolute: .hours(12), idle: .minutes(15), lockAfter: .minutes(2))
        }
    }
}

/// One line of `routes`.
package struct RouteSettings: Sendable, Hashable {
    /// How often Buckler-Identity is signed.
    package enum Identity: String, Sendable, Hashable {
        /// Once per access token and 30 s.
        case remembered
        /// For every request, with method, path and request id.
        case perRequest = "per_request"
    }

    /// `/…` with `*` and a final `**`.
    package var path: String
    /// Empty: all.
    package var methods: [String]
    /// False only by `auth: none`.
    package var isAuthenticationRequired: Bool
    /// The level that the sign-in must have reached.
    package var level: AuthenticationLevel
    /// How long ago a person may have signed in; nil: no bound of its own.
    package var maximumAge: Duration?
    /// Empty: every native client.
    package var clients: [ClientID]
    /// All of these must have been granted.
    package var scopes: [String]
    /// WebSockets may be opened.
    package var allowsWebSocket: Bool
    /// How often the identity is signed.
    package var identity: Identity
    /// Overrides the general bound.
    package var bodyByteCount: Int?
    /// Overrides the general bound.
    package var requestTime: Duration?

    /// Makes a rule; without further words it demands a sign-in of level 1.
    package init(
        path: String, methods: [String] = [], isAuthenticationRequired: Bool = true, level: AuthenticationLevel = .one,
        maximumAge: Duration? = nil, clients: [ClientID] = [], scopes: [String] = [], allowsWebSocket: Bool = false,
        identity: Identity = .remembered,
        bodyByteCount: Int? = nil, requestTime: Duration? = nil
    ) {
        self.path = path
        self.methods = methods
        self.isAuthenticationRequired = isAuthenticationRequired
        self.level = level
        self.maximumAge = maximumAge
        self.clients = clients
        self.scopes = scopes
        self.allowsWebSocket = allowsWebSocket
        self.identity = identity
        self.bodyByteCount = bodyByteCount
        self.requestTime = requestTime
    }

    /// The last rule of every configuration: a sign-in is demanded.
    package static let builtIn = RouteSettings(path: "/**")
}

/// Bounds of the public listener.
package struct LimitSettings: Sendable, Hashable {
    /// The largest proxied body.
    package var bodyByteCount: Int
    /// Whole request and answer.
    package var requestTime: Duration
    /// Silence on a connection.
    package var idleTime: Duration
    /// Connections at once.
    package var connections: Int
    /// HTTP/2 streams of one connection.
    package var streams: Int
    /// Proofs of sessions that are remembered at once.
    package var rememberedProofs: Int
    /// From SIGTERM to the end.
    package var drainTime: Duration
}

/// Password hashing and screening.
package struct PasswordSettings: Sendable, Hashable {
    /// Argon2id's memory.
    package var memoryByteCount: Int
    /// Argon2id's passes.
    package var iterations: Int
    /// A larger filter of breached passwords.
    package var breachedFilter: String?
}

/// One line of `buckler config show`.
package struct ConfigurationReportLine: Sendable, Hashable {
    /// The key with concrete names.
    package let path: String
    /// The value as a file would say it.
    ///
    /// For secrets this is the file's name: values of secrets are never read here.
    package let value: String
    /// Who said it.
    package let source: ConfigurationSource
}
