import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Logging
import Monitoring
import SQLiteDriver
import ServerConfiguration
import Storage

/// Everything below the listeners: database, keys, repositories and the practices' services.
///
/// A running server has one, and so has the command line when it works without a server.
package final class ServerCore: Sendable {
    /// What it was built from.
    package let settings: ServerSettings
    /// Clock, entropy, log.
    package let environment: ServerEnvironment
    /// The embedded database; holds the data folder's lock.
    package let database: SQLiteDatabase
    /// Wakes whoever follows the record.
    package let commits: CommitSignal
    /// The record of security events.
    package let events: EventRepository
    /// The instance and its keys.
    package let keys: InstanceKeys
    /// Starting, ready, draining.
    package let health: HealthState
    /// Counters.
    package let metrics: MetricsRecorder
    /// Accounts, factors, flows and queued mail.
    package let authentication: AuthenticationRepository
    /// Sessions and their keys.
    package let sessions: SessionParts
    /// Sign-in, sign-up and reset.
    package let signIn: AuthenticationParts
    let keyWork = KeyWork()

    /// Opens everything, or says why not.
    ///
    /// Nothing is left open after a failure.
    package init(settings: ServerSettings, environment: ServerEnvironment) async throws {
        self.settings = settings
        self.environment = environment
        let health = HealthState(clock: environment.clock)
        let commits = CommitSignal()
        let database = try Self.open(settings, environment, health, commits)
        do {
            let keys = try await Self.loadKeys(settings, environment, database)
            self.keys = keys
            authentication = AuthenticationRepository(
                database: database, keyRing: keys.ring, dataKeys: keys.accountKeys, clock: environment.clock,
                entropy: environment.entropy)
            let sessions = try await SessionParts(
                settings: settings, environment: environment, database: database, keys: keys)
            self.sessions = sessions
            signIn = try AuthenticationParts(
                settings: settings, environment: environment, store: authentication, keys: keys,
                sessions: sessions.service)
        } catch let error as StoreError {
            await database.close()
            throw StartFailure(error)
        } catch {
            await database.close()
            throw error
        }
        self.database = database
        self.commits = commits
        self.health = health
        metrics = MetricsRecorder()
        events = EventRepository(database: database)
    }

    /// Lets waiting writes finish and gives the data folder back.
    package func close() async {
        commits.finish()
        await signIn.shutdown()
        await database.close()
    }

    private static func open(
        _ settings: ServerSettings, _ environment: ServerEnvironment, _ health: HealthState,
        _ commits: CommitSignal
    ) throws(StartFailure) -> SQLiteDatabase {
        let logger = environment.logger
        do throws(SQLiteOpenError) {
            return try SQLiteDatabase(
                folder: settings.data, clock: environment.clock, onCommit: { commits.wake() }
            ) { fault in
                logger.error("the database reported a fault", metadata: ["fault": "\(fault)"])
                health.noteStoreFailure()
            }
        } catch {
            throw .database(error)
        }
    }

    private static func loadKeys(
        _ settings: ServerSettings, _ environment: ServerEnvironment, _ database: SQLiteDatabase
    ) async throws(StartFailure) -> InstanceKeys {
        let loader = InstanceKeysLoader(
            files: SystemKeyFiles(), store: InstanceRepository(database: database), clock: environment.clock,
            entropy: environment.entropy)
        let external = try await KeysCommand(settings.keysCommand)?.rootKey()
        let next = try await KeysCommand(settings.keysCommandNext, key: KeysCommand.nextKey)?.rootKey()
        do throws(KeyDirectoryError) {
            let keys = try await loader.load(
                keysFolder: settings.keys, dataFolder: settings.data, externalRoot: external, nextExternalRoot: next)
            if let next, next.id == keys.rootKeyID {
                environment.logger.warning(
                    "the root key comes from keys_command_next: make it keys_command and take the line away")
            }
            return keys
        } catch {
            throw .keys(error.description)
        }
    }
}
