import Authentication
import BucklerPrimitives
import Logging
import ServerConfiguration

/// What a server takes from the world.
///
/// Tests give their own.
package struct ServerEnvironment: Sendable {
    /// The time of day.
    package var clock: WallClock
    /// Random bytes.
    package var entropy: Entropy
    /// Where the log goes.
    package var logger: Logger
    /// What hashes passwords; nil: Argon2id as the settings say.
    package var passwordHasher: (any PasswordHasher)?
    /// How mail leaves; nil: as the settings say.
    package var mailTransport: (any MailTransport)?
    /// How often the queue of mails is looked at.
    package var mailInterval: Duration
    /// How long a stopping server announces it before it closes anything.
    package var drainAnnouncement: Duration

    /// Makes an environment.
    package init(
        clock: WallClock, entropy: Entropy, logger: Logger, passwordHasher: (any PasswordHasher)? = nil,
        mailTransport: (any MailTransport)? = nil, mailInterval: Duration = .milliseconds(500),
        drainAnnouncement: Duration = .seconds(1)
    ) {
        self.clock = clock
        self.entropy = entropy
        self.logger = logger
        self.passwordHasher = passwordHasher
        self.mailTransport = mailTransport
        self.mailInterval = mailInterval
        self.drainAnnouncement = drainAnnouncement
    }

    /// The machine's clock and generator, and a log on standard error.
    package static func system(settings: ServerSettings) -> ServerEnvironment {
        var logger = Logger(label: "buckler", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = Logger.Level(rawValue: settings.logLevel) ?? .notice
        return ServerEnvironment(clock: .system, entropy: .system, logger: logger)
    }
}
