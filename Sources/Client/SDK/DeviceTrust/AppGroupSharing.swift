import BucklerPlatformKeys
import Foundation

/// What an app and its extensions need to use one session together.
///
/// Both, always: with the Keychain alone an extension would look for the installation's file in its own container, find
/// none, and take the app's session for the remains of a deleted app.
public struct AppGroupSharing: Sendable, Hashable {
    /// The Keychain access group, with the team's prefix, such as `TEAMID.shared`.
    public let accessGroup: String
    /// The app group whose container holds the files, such as `group.com.example.notes`.
    public let appGroup: String

    /// Names both groups; the app's and its extensions' entitlements must have them.
    public init(accessGroup: String, appGroup: String) {
        self.accessGroup = accessGroup
        self.appGroup = appGroup
    }

    /// The directory for the files of `scope`: in the app group's container where the session is shared, else in `own`.
    ///
    /// `container` answers nil for an app group that is not among the entitlements; that is refused, never replaced by the
    /// process's own container.
    static func directory(
        scope: String, sharing: AppGroupSharing?, container: (String) -> URL?, own: () throws(BucklerError) -> URL
    ) throws(BucklerError) -> URL {
        var base: URL
        if let sharing {
            guard let shared = container(sharing.appGroup) else { throw .storage(.notEntitled) }
            base = shared.appendingPathComponent("Library").appendingPathComponent("Application Support")
        } else {
            base = try own()
        }
        base.appendPathComponent("Buckler")
        return base.appendingPathComponent(scope)
    }

    /// The container of an app group of this process; nil without the entitlement, and on platforms without app groups.
    static func container(_ appGroup: String) -> URL? {
        #if canImport(Security)
            FileManager.default.containerURL(forSecurityApplicationGroupIdentifier: appGroup)
        #else
            nil
        #endif
    }
}
