import CSystemShims
import Foundation

/// What the process does to itself before it touches a secret.
package enum ProcessHardening {
    /// New files are for this user alone; no core dump holds keys (PD-14); a peer that went away is no signal.
    ///
    /// Raises the limit of open files to what the system allows: each connection is one.
    package static func apply() {
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        buckler_make_undumpable()
        #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        if getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = min(limit.rlim_max, 65_536)
            _ = setrlimit(resource, &limit)
        }
    }
}
