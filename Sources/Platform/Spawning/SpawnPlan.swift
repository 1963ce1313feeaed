import CSystemShims
import Foundation

/// What `posix_spawn` does between the fork and the program's first step (POSIX.1-2017, posix_spawn).
struct SpawnPlan {
    #if os(Linux)
        typealias Actions = posix_spawn_file_actions_t
        typealias Attributes = posix_spawnattr_t
    #else
        typealias Actions = posix_spawn_file_actions_t?
        typealias Attributes = posix_spawnattr_t?
    #endif

    let folder: String?
    let output: ChildProcess.Destination
    let errors: ChildProcess.Destination
    let leadsGroup: Bool

    /// Starts the program; its id, and errno.
    func spawn(_ words: [String], _ environment: [String]) -> (child: pid_t, code: Int32) {
        guard let program = words.first else { return (0, EINVAL) }
        var actions = Self.emptyActions()
        defer { posix_spawn_file_actions_destroy(&actions) }
        fill(&actions)
        var attributes = Self.emptyAttributes()
        defer { posix_spawnattr_destroy(&attributes) }
        fill(&attributes)
        var argumentList: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environmentList: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { (argumentList + environmentList).forEach { free($0) } }
        var child = pid_t()
        var code: Int32 = 0
        // A program that somebody has just written may still be open for writing in a child that another thread is
        // starting at this moment, for as long as that takes.
        for _ in 0..<Self.busyAttempts {
            code = posix_spawn(&child, program, &actions, &attributes, &argumentList, &environmentList)
            guard code == ETXTBSY else { break }
            usleep(2000)
        }
        return (child, code)
    }

    private static let busyAttempts = 100

    private func fill(_ actions: inout Actions) {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        Self.send(1, to: output, &actions)
        Self.send(2, to: errors, &actions)
        buckler_spawn_close_from(&actions, 3)
        if let folder { buckler_spawn_work_in(&actions, folder) }
    }

    private static func send(_ number: Int32, to destination: ChildProcess.Destination, _ actions: inout Actions) {
        switch destination {
        case .null: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
        // Onto itself: it stays open, whatever flags it has.
        case .inherited: posix_spawn_file_actions_adddup2(&actions, number, number)
        case .descriptor(let own): posix_spawn_file_actions_adddup2(&actions, own, number)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
    }

    private func fill(_ attributes: inout Attributes) {
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        if leadsGroup { flags |= Int32(POSIX_SPAWN_SETPGROUP) }
        #if !os(Linux)
            flags |= Int32(POSIX_SPAWN_CLOEXEC_DEFAULT)
        #endif
        posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: flags))
    }

    private static func emptyActions() -> Actions {
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        return actions
    }

    private static func emptyAttributes() -> Attributes {
        #if os(Linux)
            var attributes = posix_spawnattr_t()
        #else
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawnattr_init(&attributes)
        return attributes
    }
}
