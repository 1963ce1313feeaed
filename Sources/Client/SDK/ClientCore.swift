import BucklerPlatformKeys
import BucklerPrimitives

/// The one owner of a client's session, shared by everything that the client hands out.
///
/// An actor for order within the process; what several processes may do at once is decided by the add-only items of the
/// secret store, not here.
actor ClientCore {
    nonisolated let server: ServerAddress
    nonisolated let clientID: String
    nonisolated let environment: BucklerEnvironment
    nonisolated let channel: ProofChannel
    nonisolated let tokens: TokenVault
    nonisolated let items: ItemVault
    nonisolated let activity: ActivityClock
    nonisolated let broadcast = StateBroadcast()

    /// The session in force as last read from the store, with its signer.
    var live: LiveSession?
    /// The refresh that is under way, if any.
    var refreshInFlight: SharedResult<Result<LiveSession, BucklerError>>?
    /// The epoch whose session was locked in this process and not opened since.
    var lockedEpoch: Int?
    /// When the server last answered.
    var lastContact: Timestamp?

    /// A session that can sign.
    struct LiveSession: Sendable {
        let current: TokenVault.Current
        let signer: DeviceKeySigner
    }

    init(server: ServerAddress, clientID: String, environment: BucklerEnvironment) {
        self.server = server
        self.clientID = clientID
        self.environment = environment
        channel = ProofChannel(
            server: server, transport: environment.transport, nonces: NonceMemory(clock: environment.sleepProofClock),
            wallClock: environment.wallClock, entropy: environment.entropy)
        tokens = TokenVault(store: environment.secrets, entropy: environment.entropy)
        items = ItemVault(store: environment.secrets)
        activity = ActivityClock(
            clock: environment.sleepProofClock, wallClock: environment.wallClock, files: environment.files)
    }

    /// Reads the store, decides, acts, publishes.
    ///
    /// Never asks the network.
    @discardableResult
    func check() -> BucklerState {
        let state: BucklerState
        do {
            state = try determine()
        } catch {
            // Not readable, or failing: nothing is known, nothing is touched.
            live = nil
            environment.log.note("storage is not readable")
            state = .unknown
        }
        broadcast.publish(state)
        return state
    }

    /// The live session, from memory or store.
    ///
    /// Throws when there is none, when it is locked, when storage is.
    func requireLive(unlocked: Bool) throws(BucklerError) -> LiveSession {
        if live == nil || isPastDeadline || (unlocked && isLocked) { check() }
        switch broadcast.current {
        case .signedOut(let reason): throw .signedOut(reason)
        case .unknown: throw .storageLocked
        case .locked where unlocked: throw .locked
        case .locked, .signedIn: break
        }
        guard let live else { throw .storageLocked }
        return live
    }

    /// The session's id must be the present one: a session object of the past opens nothing.
    func requireLive(session: String, unlocked: Bool) throws(BucklerError) -> LiveSession {
        let live = try requireLive(unlocked: unlocked)
        guard live.current.record.session == session else { throw .signedOut(.notSignedIn) }
        return live
    }

    var isPastDeadline: Bool {
        guard let record = live?.current.record else { return false }
        return serverTime(record) >= record.absoluteDeadline
    }

    func serverTime(_ record: SessionRecord) -> Timestamp {
        record.serverTime(environment.sleepProofClock.reading, wall: environment.wallClock.now)
    }

    func failure(_ error: ChannelError) -> BucklerError {
        switch error {
        case .transport(let error): return BucklerError(error, lastContact: lastContact)
        case .key(let error): return keyFailure(error)
        }
    }

    func noteContact() { lastContact = environment.wallClock.now }
}
