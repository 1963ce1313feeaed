import BucklerPlatformKeys
import BucklerPrimitives
import Foundation

/// Everything that the SDK takes from its surroundings.
///
/// Apps use ``standard(server:clientID:profile:sharing:)``; tests and tools replace parts.
public struct BucklerEnvironment: Sendable {
    /// The way to the server.
    public var transport: any HTTPTransport
    /// Tokens and vault items.
    public var secrets: any SecretStore
    /// The device key.
    public var deviceKeys: any DeviceKeyStore
    /// Files that are not secret.
    public var files: any InstallationFiles
    /// The presence check that opens a locked app.
    public var presence: any UserPresence
    /// The wall clock.
    public var wallClock: WallClock
    /// The clock that runs while the device sleeps.
    public var sleepProofClock: SleepProofClock
    /// Randomness.
    public var entropy: Entropy
    /// What the person calls this device, shown in their list of sessions; at most 64 characters.
    public var deviceName: String?
    /// Diagnostics; off unless set.
    public var log: BucklerLog
    /// Waits; returns early when the caller is cancelled.
    public var pause: @Sendable (Duration) async -> Void = { duration in try? await Task.sleep(for: duration) }

    /// Makes an environment from parts.
    public init(
        transport: any HTTPTransport, secrets: any SecretStore, deviceKeys: any DeviceKeyStore,
        files: any InstallationFiles, presence: any UserPresence = ClosurePresence.unavailable,
        wallClock: WallClock = .system, sleepProofClock: SleepProofClock = .system, entropy: Entropy = .system,
        deviceName: String? = nil, log: BucklerLog = .off
    ) {
        self.transport = transport
        self.secrets = secrets
        self.deviceKeys = deviceKeys
        self.files = files
        self.presence = presence
        self.wallClock = wallClock
        self.sleepProofClock = sleepProofClock
        self.entropy = entropy
        self.deviceName = deviceName
        self.log = log
    }

    /// The platform's own: Keychain, Secure Enclave and URLSession on Apple's platforms; elsewhere the encrypted file vault
    /// below the user's data directory, and URLSession with the system's trust.
    ///
    /// With `sharing` the files lie in the app group's container; without that entitlement
    /// ``SecretStoreError/notEntitled`` is thrown.
    public static func standard(
        server: String, clientID: String, profile: String, sharing: AppGroupSharing?
    ) throws(BucklerError) -> BucklerEnvironment {
        let scope = scope(server: server, clientID: clientID, profile: profile)
        let directory = try AppGroupSharing.directory(
            scope: scope, sharing: sharing, container: AppGroupSharing.container, own: applicationDirectory)
        #if canImport(Security)
            let items = KeychainSecretStore(service: "buckler.\(scope)", accessGroup: sharing?.accessGroup)
            #if targetEnvironment(simulator)
                let usesEnclave = false
            #else
                let usesEnclave = true
            #endif
            let keys = SecureEnclaveKeyStore(
                items: items, tag: "buckler.\(scope)", accessGroup: sharing?.accessGroup, usesEnclave: usesEnclave)
            var environment = BucklerEnvironment(
                transport: URLSessionTransport(), secrets: items, deviceKeys: keys, files: DirectoryFiles(directory))
            #if canImport(LocalAuthentication)
                environment.presence = LocalAuthenticationPresence()
            #endif
            return environment
        #else
            return try directoryEnvironment(path: directory.path, transport: URLSessionTransport())
        #endif
    }

    /// A file vault at `path`, for Linux and for tools.
    ///
    /// See ``FileSecretStore`` for what it protects against.
    public static func directoryEnvironment(
        path: String, transport: any HTTPTransport
    ) throws(BucklerError) -> BucklerEnvironment {
        do {
            let vault = try FileSecretStore(path: path + "/vault")
            return BucklerEnvironment(
                transport: transport, secrets: vault, deviceKeys: FileDeviceKeyStore(vault: vault),
                files: DirectoryFiles(URL(fileURLWithPath: path + "/files")))
        } catch {
            throw BucklerError(error)
        }
    }

    /// One word per server, client and profile: sessions of different servers never share items.
    static func scope(server: String, clientID: String, profile: String) -> String {
        let text = [server, clientID, profile].joined(separator: "\n")
        return Base64URL.encode(Array(text.utf8))
    }

    private static func applicationDirectory() throws(BucklerError) -> URL {
        do {
            return try FileManager.default.url(
                for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        } catch {
            throw .storage(.platform(status: -1))
        }
    }
}
