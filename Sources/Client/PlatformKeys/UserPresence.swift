#if canImport(LocalAuthentication)
    import LocalAuthentication
#endif

/// Asks whether the owner of the device is here, before a locked app opens again.
public protocol UserPresence: Sendable {
    /// True if the person proved to be the owner of the device; `reason` is shown to them.
    func confirm(reason: String) async -> Bool
}

/// A presence check by a function: an app's own screen, a terminal, a test.
public struct ClosurePresence: UserPresence {
    private let ask: @Sendable (String) async -> Bool

    /// Makes a check from `ask`, which gets the reason to show.
    public init(_ ask: @escaping @Sendable (String) async -> Bool) { self.ask = ask }

    /// What the function says.
    public func confirm(reason: String) async -> Bool { await ask(reason) }

    /// Never confirms: the app stays locked until the next sign-in.
    ///
    /// The default where the platform has no check.
    public static let unavailable = ClosurePresence { _ in false }
}

#if canImport(LocalAuthentication)
    /// Face ID, Touch ID, Optic ID or the device's passcode.
    public struct LocalAuthenticationPresence: UserPresence {
        /// Makes the check.
        public init() {}

        /// Shows the system's dialog.
        public func confirm(reason: String) async -> Bool {
            let context = LAContext()
            do {
                // buckler-scan:ignore biometric-result-only, biometric-passcode-fallback -- closes screens; certainty is the server's step-up
                return try await context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: reason)
            } catch {
                return false
            }
        }
    }
#endif
