import BucklerPrimitives

/// How guessing is slowed without locking people out (PD-09).
///
/// Pure: counters in, decision out.
package struct GuessingPolicy: Sendable, Hashable {
    /// What may happen with an attempt.
    package enum Decision: Sendable, Hashable {
        /// Look at the answer.
        case evaluate
        /// Not before this time has passed.
        case wait(Duration)
        /// The password is not looked at before something was shown that cannot be guessed.
        case askForProof
    }

    /// Failures that one known device may collect.
    package var knownDeviceFailures = 10
    /// Failures that all known devices of an account may collect together.
    package var knownDevicesFailures = 40
    /// Failures of strangers that cost no waiting.
    package var freeStrangerFailures = 5
    /// Failures of strangers after which the order of proofs changes.
    ///
    /// 50 + 40 stays below NIST's 100.
    package var strangerFailures = 50
    /// The longest waiting between two attempts of strangers.
    package var longestWait = Duration.seconds(900)
    /// Attempts of one source within a minute.
    package var sourceAttemptsPerMinute = 30
    /// Addresses that one source may try within ten minutes.
    package var sourceAddresses = 20
    /// Evaluated codes of one kind per day, account and lane, across flows.
    package var codesPerDay = 20
    /// Looks at a password or recovery code that one known device gets in its own lane within a minute, right or wrong.
    package var knownDeviceTurnsPerMinute = 10
    /// The same for all known devices of an account together.
    package var knownDevicesTurnsPerMinute = 20
    /// Mails that may wait in the queue because strangers named an address, in the whole process.
    package var waitingMailsOfStrangers = 2_000
    /// Sets of recovery codes that an account may make within a day; each costs ten hashes.
    package var recoveryCodeSetsPerDay = 5
    /// Further addresses that an account may ask for within a day; each is a mail to somebody who may be a stranger.
    package var newAddressesPerDay = 10
    /// Mails that an address may be made to receive within an hour: by strangers, and once more by people who have shown
    /// something or use a known device.
    package var mailsPerHour = 3
    /// The same within a day.
    package var mailsPerDay = 10

    /// The documented budgets.
    package init() {}

    /// Counters of lanes are forgotten this long after the last failure.
    package static let memory = Duration.hours(24)

    /// Decides for strangers to an address.
    ///
    /// `failures` are those before this attempt, since the last success.
    package func stranger(failures: Int, lastAttempt: Timestamp?, at now: Timestamp) -> Decision {
        if failures >= strangerFailures { return .askForProof }
        guard failures >= freeStrangerFailures, let lastAttempt else { return .evaluate }
        let remaining = lastAttempt + pause(afterFailures: failures) - now
        return remaining > .zero ? .wait(remaining) : .evaluate
    }

    /// The pause after so many failures of strangers: 0 below the free ones, then 1, 2, 4 … 900 s.
    package func pause(afterFailures failures: Int) -> Duration {
        guard failures >= freeStrangerFailures else { return .zero }
        let doublings = min(failures - freeStrangerFailures, 20)
        return min(.seconds(1 << doublings), longestWait)
    }

    /// True if a known device may go on in its own lane; otherwise it is treated as a stranger.
    package func knownDevice(failures: Int, ofAllKnownDevices all: Int) -> Bool {
        failures < knownDeviceFailures && all < knownDevicesFailures
    }
}
