import BucklerPlatformKeys
import BucklerPrimitives

extension ClientCore {
    /// True if nobody has touched the app for `lock_after`, if that is not known, or if the app locked itself.
    var isLocked: Bool {
        guard let record = live?.current.record else { return false }
        if environment.files.read(Self.lockFile) != nil { return true }
        guard let idle = activity.idle else { return true }
        return idle >= record.lockAfter
    }

    /// A person touched the app.
    ///
    /// After the limit this shows the lock; it does not set the clock back.
    func noteActivity() {
        guard live != nil else { return }
        if isLocked { check() } else { activity.note() }
    }

    /// Locks now.
    func lock() {
        guard live != nil else { return }
        environment.files.write(Self.lockFile, [1])
        check()
    }

    /// Asks for the person and opens.
    func unlock(reason: String) async throws(BucklerError) {
        _ = try requireLive(unlocked: false)
        guard await environment.presence.confirm(reason: reason) else { throw .locked }
        _ = try requireLive(unlocked: false)
        environment.files.delete(Self.lockFile)
        activity.note(durably: true)
        check()
    }

    /// What an app needs done while it is open: the lock, the deadline, one refresh per access token's life while a
    /// person is active.
    ///
    /// Returns when the caller is cancelled.
    func run() async {
        while !Task.isCancelled {
            check()
            if isActivePersonWaitingForToken { _ = try? await accessToken(rejecting: nil, unlocked: true) }
            await environment.pause(.seconds(10))
        }
    }

    private var isActivePersonWaitingForToken: Bool {
        guard let live, !isLocked, let idle = activity.idle else { return false }
        let token = live.current.token
        return idle < token.lifetime
            && !token.isFresh(environment.sleepProofClock.reading, margin: Self.earlyRefreshMargin)
    }

    static let earlyRefreshMargin: Duration = .seconds(30)
}
