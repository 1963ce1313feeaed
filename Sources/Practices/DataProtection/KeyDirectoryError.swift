import BucklerPrimitives

/// Why the server does not start with these keys (PD-14).
///
/// The descriptions are meant for the operator's terminal.
package enum KeyDirectoryError: Error, Equatable {
    /// The keys directory lies inside the data folder, or is the data folder.
    case insideDataFolder(keys: String, data: String)
    /// A file or directory can be read or changed by others than its owner.
    case modeTooWide(path: String, mode: UInt32, allowed: UInt32)
    /// A file or directory belongs to somebody else.
    case otherOwner(path: String, owner: UInt32, expected: UInt32)
    /// A link, or a directory where a file is meant, or the other way round.
    case wrongKind(path: String)
    /// The data were written with a root key, and none is here.
    case rootMissing(path: String, expected: KeyID)
    /// The data were written with another root key.
    case otherRoot(path: String, found: KeyID, expected: KeyID)
    /// The root key has the right name and the wrong bytes, or the database was put together from two instances.
    case checkFailed(path: String, key: KeyID)
    /// The root key was replaced by a later one.
    case replacedRoot(path: String, found: KeyID, expected: KeyID, at: Timestamp)
    /// The key-encryption key is wrapped by another root key.
    case underOtherRoot(path: String, found: KeyID, expected: KeyID)
    /// What the database keeps of replaced root keys does not open.
    case keptKeyNotAuthentic(KeptKeyName)
    /// The next root key is, or was, the instance's root key already.
    case notANewRoot(path: String, found: KeyID)
    /// A key manager gave the root key, and a file holds one too.
    case rootTwice(path: String)
    /// The file does not have the form of a key.
    case malformed(path: String)
    /// The key-encryption key was made under another root key or instance, or was changed.
    case notAuthentic(path: String)
    /// Accounts' data need this epoch's key, and it is not here.
    case epochMissing(path: String)
    /// The operating system refused.
    case refused(path: String, KeyFileError)
    /// The database refused.
    case database(StoreError)
}

extension KeyDirectoryError: CustomStringConvertible {
    /// What is wrong, with which key, and what to do.
    package var description: String {
        switch self {
        case .insideDataFolder(let keys, let data):
            "The keys directory \(keys) lies inside the data folder \(data): a copy of the data would carry the keys. "
                + "Move it outside."
        case .modeTooWide(let path, let mode, let allowed):
            "\(path) has mode \(Self.octal(mode)); a key may have \(Self.octal(allowed)) at most. "
                + "Run: chmod \(Self.octal(allowed)) \(path)"
        case .otherOwner(let path, let owner, let expected):
            "\(path) belongs to user \(owner), but the server runs as user \(expected). Give it to that user."
        case .wrongKind(let path):
            "\(path) is a link or of another kind than expected. Put the key itself there."
        case .rootMissing(let path, let expected):
            "The root key \(expected) is missing: the data were written with it. Put it back at \(path)."
        case .otherRoot(let path, let found, let expected):
            "\(path) holds the root key \(found), but the data were written with \(expected). Put that one there."
        case .checkFailed(let path, let key):
            "The root key \(key) in \(path) does not fit the database: one of the two belongs to another instance."
        case .replacedRoot(let path, let found, let expected, let instant):
            "\(path) holds the root key \(found), which was replaced by \(expected) at \(instant.rfc3339). Put \(expected) "
                + "there; \(found) opens only backups from before."
        case .underOtherRoot(let path, let found, let expected):
            "\(path) is wrapped by the root key \(found), but the database belongs to \(expected). Put the keys directory "
                + "back as it was when the database was copied."
        case .keptKeyNotAuthentic(let name):
            "The key \(name) that the database keeps of an earlier root key does not open: the database was changed. "
                + "Restore a backup."
        case .notANewRoot(let path, let found):
            "\(path) holds the root key \(found), which this instance uses or used already. A rotation needs a new one."
        case .rootTwice(let path):
            "keys_command is configured, and \(path) holds a root key too. Move the file away: only one of them may count."
        case .malformed(let path):
            "\(path) does not hold a key in a known form. Put the original file back."
        case .notAuthentic(let path):
            "\(path) does not open under this root key: it belongs to another instance or was changed."
        case .epochMissing(let path):
            "The key \(path) is missing: accounts' data are sealed under it. Put it back."
        case .refused(let path, let error):
            "\(path) could not be used: \(Self.text(error))."
        case .database:
            "The database did not answer while the keys were checked. See the log."
        }
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func text(_ error: KeyFileError) -> String {
        switch error {
        case .exists: "it exists already"
        case .missing: "it does not exist"
        case .denied: "permission denied, or the file system is read-only"
        case .full: "no space left"
        case .tooLong: "it is too long for a key"
        case .system(let code): "system error \(code)"
        }
    }
}
