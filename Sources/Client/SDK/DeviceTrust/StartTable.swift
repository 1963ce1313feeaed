/// What is found at start, and what to do about it (PD-13).
///
/// A pure decision.
enum StartDecision: Sendable, Equatable {
    /// Token and key: go on.
    case resume
    /// Token without key: drop the tokens, ask for sign-in once.
    case dropTokens(SignOutReason)
    /// Nobody is signed in; the key, if any, stays.
    case signedOut(SignOutReason)
    /// Token and key of an installation that was deleted: delete both.
    case deleteEverything(SignOutReason)
    /// Files of another device: delete them.
    case deleteFiles(SignOutReason)

    init(hasToken: Bool, hasKey: Bool, installItem: String?, file: Installation.Found) {
        if file == .damaged {
            // Nothing says whose session it is, and nothing says that it is somebody else's: one sign-in, nothing destroyed.
            self = hasToken ? .dropTokens(.deviceKeyLost) : .signedOut(.deviceKeyLost)
            return
        }
        let isSameInstallation = installItem != nil && installItem == file.installation?.id
        let remembered = file.installation?.reason ?? .notSignedIn
        self =
            switch (hasToken, hasKey) {
            case (true, true): isSameInstallation ? .resume : .deleteEverything(.reinstalled)
            case (true, false): .dropTokens(.deviceKeyLost)
            case (false, true): .signedOut(remembered)
            // The Keychain's twin says that this device's own key is gone; without it the files came from elsewhere.
            case (false, false) where file == .absent || isSameInstallation: .signedOut(remembered)
            case (false, false): .deleteFiles(.newDevice)
            }
    }
}
