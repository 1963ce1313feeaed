import BucklerPrimitives
import SQLiteDriver
import ServerConfiguration

/// Why a server did not start: a message for the operator's terminal and an exit code of sysexits.h.
package enum StartFailure: Error, CustomStringConvertible {
    /// The configuration is refused.
    case configuration(ConfigurationRefusal)
    /// The configuration file cannot be read.
    case configurationFile(path: String)
    /// The database did not open.
    case database(SQLiteOpenError)
    /// The keys folder is not as it must be; the text names the file and what to do.
    case keys(String)
    /// A file that the configuration names cannot be used.
    case file(key: String, path: String, problem: String)
    /// A program that the configuration names did not do its work.
    case command(key: String, program: String, problem: String)
    /// A listener's address is taken or not ours.
    case address(key: String, address: String)
    /// The path of the admin socket is longer than the system allows.
    case socketPathTooLong(String)
    /// The admin socket's mode could not be set.
    case socketMode(String)
    /// The development name does not resolve to an address of this machine.
    case lanName(String)
    /// The stored state cannot be used.
    case stored(String, Int32)
    /// Something that should not happen; the text is for a report.
    case unexpected(String)

    /// Why reading the stored state failed.
    init(_ error: StoreError) {
        switch error {
        case .tampered(let table):
            self = .stored(
                "a row of \(table) does not belong where it stands; somebody changed the database. Restore a backup", 65
            )
        case .full: self = .stored("the disk takes no more bytes; make room and start again", 74)
        case .unavailable, .cancelled: self = .stored("the database cannot be read or written now", 75)
        case .conflict, .inconsistent: self = .stored("the database does not fit this program; look at the log", 65)
        }
    }

    /// What is wrong and what to do.
    package var description: String {
        switch self {
        case .configuration(let refusal): "the configuration cannot be used:\n\(refusal)"
        case .configurationFile(let path): "the configuration file \(path) cannot be read as UTF-8 text of at most 1MiB"
        case .database(let error): error.description
        case .keys(let text): text
        case .file(let key, let path, let problem): "\(key): \(path): \(problem)"
        case .command(let key, let program, let problem): "\(key): \(program) \(problem)"
        case .address(let key, let address):
            "\(key): cannot listen on \(address); another program has it, or it is not an address of this machine"
        case .socketPathTooLong(let path):
            "the path \(path) is too long for a Unix socket (107 bytes); choose a shorter data folder"
        case .socketMode(let path): "the mode of \(path) cannot be set to 0600"
        case .lanName(let name): "lan: \(name) does not resolve to an address of this machine"
        case .stored(let text, _): text
        case .unexpected(let text): "internal fault: \(text)"
        }
    }

    /// sysexits.h.
    package var exitCode: Int32 {
        switch self {
        case .configuration, .configurationFile, .keys, .file, .command, .socketPathTooLong, .lanName: 78
        case .database(let error): Self.exitCode(error)
        case .address: 69
        case .socketMode: 77
        case .stored(_, let code): code
        case .unexpected: 70
        }
    }

    private static func exitCode(_ error: SQLiteOpenError) -> Int32 {
        switch error {
        case .folderUnusable: 73
        case .alreadyInUse, .locked: 75
        case .readOnly: 77
        case .full, .notDurable: 74
        case .damaged: 65
        case .schemaTooNew, .schemaDiffers: 78
        case .migrationFailed, .refused: 70
        }
    }
}
