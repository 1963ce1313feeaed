import BucklerPlatformKeys
import BucklerPrimitives

extension ClientCore {
    /// True if nobody has touched the app for `lock_after`, if that is not known, or if the app locked itself.
    var isLocked: Bool {
        guard let current = live?.current else { return false }
        if lockedEpoch == current.epoch || isLockFileThere { return true }
        guard let idle = activity.idle else { return true }
        return idle >= current.record.lockAfter
    }

    /// A lock file that cannot be read counts.
    private var isLockFileThere: Bool {
        do { return try environment.files.read(Self.lockFile) != nil } catch { return true }
    }

    /// A person touched the app.
    ///
    /// After the limit this shows the lock; it does not set the clock back.
    func noteActivity() {
        guard live != nil else { return }
        if isLocked { check() } else { activity.note() }
    }

    /// Locks now: by a file for other processes and the next start, by memory for this one whatever becomes of the file.
    func lock() {
        guard let live else { return }
        lockedEpoch = live.current.epoch
        do {
            try environment.files.write(Self.lockFile, [1])
        } catch {
            environment.log.note("the lock could not be written and holds in this process only")
        }
        check()
    }

    /// Forgets when a person was here and that the app was locked: the session that they belong to is gone.
    func forgetPerson() {
        activity.reset()
        lockedEpoch = nil
        do {
            try environment.files.delete(Self.lockFile)
        } catch {
            environment.log.note("the lock could not be removed: the next session begins locked")
        }
    }

    /// Asks for the person and opens.
    func unlock(reason: String) async throws(BucklerError) {
        _ = try requireLive(unlocked: false)
        guard await environment.presence.confirm(reason: reason) else { throw .locked }
        _ = try requireLive(unlocked: false)
        try storage { () throws(SecretStoreError) in try environment.files.delete(Self.lockFile) }
        lockedEpoch = nil
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
