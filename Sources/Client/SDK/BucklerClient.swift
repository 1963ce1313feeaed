import BucklerPlatformKeys
import BucklerPrimitives

/// An app's way to its server: signing in, the session, its end.
///
/// One per server, client and profile; no singleton.
///
/// Sendable and cheap to share. Everything that survives the process lives in the Keychain (or file vault); several
/// processes of an app may use the same profile at once.
public final class BucklerClient: Sendable {
    let core: ClientCore

    /// A client of `server` (an `https` URL) with the platform's own Keychain, Secure Enclave and URLSession.
    ///
    /// `profile` separates several accounts on one device. `sharing` shares the session with the app's extensions.
    /// Throws as ``init(server:clientID:environment:)`` does.
    public convenience init(
        server: String, clientID: String, profile: String = "default", sharing: AppGroupSharing? = nil
    ) throws(BucklerError) {
        let environment = try BucklerEnvironment.standard(
            server: server, clientID: clientID, profile: profile, sharing: sharing)
        try self.init(server: server, clientID: clientID, environment: environment)
    }

    /// A client with an environment of one's own.
    ///
    /// Throws ``BucklerError/invalidRequest`` unless `server` is an `https` origin and `clientID` a client id.
    public init(server: String, clientID: String, environment: BucklerEnvironment) throws(BucklerError) {
        guard let address = ServerAddress(parsing: server), ClientID(parsing: clientID) != nil else {
            throw .invalidRequest
        }
        core = ClientCore(server: address, clientID: clientID, environment: environment)
    }

    /// The states from now on, the current one first.
    ///
    /// Never `signedOut` because of the network.
    public var states: AsyncStream<BucklerState> { core.broadcast.stream() }

    /// Reads the store and says where things stand.
    ///
    /// Call it at start, in the foreground, when protected data becomes available.
    @discardableResult
    public func check() async -> BucklerState { await core.check() }

    /// The session, if somebody is signed in and the app is not locked.
    public func session() async -> BucklerSession? {
        if case .signedIn(let session) = await core.check() { session } else { nil }
    }

    /// Begins a sign-in.
    ///
    /// A step of kind `challenge` is answered until `signedIn` comes.
    public func signIn(
        email: String, password: String? = nil, scope: [String] = []
    ) async throws(BucklerError) -> SignInStep {
        try await core.beginSignIn(email: email, password: password, scope: scope)
    }

    /// Begins a sign-up: a code is sent by e-mail.
    ///
    /// The answer is the same whether or not the address has an account.
    public func signUp(
        email: String, password: String, scope: [String] = []
    ) async throws(BucklerError) -> SignInStep {
        var body: JSONObject = ["email": .string(email), "password": .string(password)]
        if !scope.isEmpty { body["scope"] = .string(scope.joined(separator: " ")) }
        return try await core.beginByMail("/account/sign-up", body)
    }

    /// Begins a reset: a code is sent by e-mail, then a new password is asked for.
    public func resetPassword(email: String) async throws(BucklerError) -> SignInStep {
        try await core.beginByMail("/account/reset", ["email": .string(email)])
    }

    /// A person touched the app (a touch, a key, a scroll).
    ///
    /// Timers, pushes and background work must not call this.
    public func noteActivity() async { await core.noteActivity() }

    /// Locks the app now.
    public func lock() async { await core.lock() }

    /// Asks the person to show that they are here, with `reason` on the system's dialog, and opens the app.
    public func unlock(reason: String) async throws(BucklerError) { try await core.unlock(reason: reason) }

    /// For background tasks: renews the tokens if they are about to expire.
    ///
    /// Never counts as activity. True if the session has usable tokens afterwards.
    @discardableResult
    public func refreshIfNeeded() async throws(BucklerError) -> Bool {
        _ = try await core.accessToken(rejecting: nil, unlocked: false)
        return true
    }

    /// Keeps lock, deadline and tokens current while the app is open.
    ///
    /// Run it in a task of the app; it returns when that is cancelled. ``BucklerModel`` does it by itself.
    public func run() async { await core.run() }
}
