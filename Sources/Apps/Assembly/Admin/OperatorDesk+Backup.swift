import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Foundation
import SQLiteDriver
import ServerConfiguration
import Storage

extension OperatorDesk {
    /// `backup {path}`: one consistent copy of the database, and the names of the keys that a restore will need.
    ///
    /// The copy holds no key. A path inside the keys folder is refused, since data and keys must not lie together;
    /// also by way of links and dots.
    func backUp(_ request: AdminRequest) async throws(AdminError) -> JSONObject {
        try request.allow(["path"])
        guard let path = try request.text("path"), path.hasPrefix("/") else { throw .argument("path") }
        guard try !isInsideKeys(path) else {
            throw .refused("the keys folder is no place for a backup")
        }
        let byteCount: Int64
        do throws(SQLiteBackupError) {
            byteCount = try await core.database.backup(to: path)
        } catch {
            throw .refused(error.description)
        }
        let epochs: [KeyEpoch]
        do throws(StoreError) {
            epochs = try await InstanceRepository(database: core.database).epochsInUse()
        } catch {
            throw AdminError(error)
        }
        let marker = core.settings.data + "/" + Doctor.backupMarker
        // The backup is there, with or without its mark; without it the doctor asks for one.
        _ = FileManager.default.createFile(atPath: marker, contents: nil, attributes: [.posixPermissions: 0o600])
        return [
            "path": .string(path), "bytes": .integer(byteCount), "instance": .string(core.keys.instance.text),
            "root_key": .string(core.keys.rootKeyID.text),
            "key_epochs": .string(epochs.map { "kek/\($0)" }.sorted().joined(separator: " ")),
        ]
    }

    /// Compares the folders that the system would use, not their names.
    private func isInsideKeys(_ path: String) throws(AdminError) -> Bool {
        let files = SystemKeyFiles()
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        guard let folder = files.canonicalPath(of: parent.isEmpty ? "/" : parent) else {
            throw .refused("the folder of \(path) does not exist")
        }
        guard let keys = files.canonicalPath(of: core.settings.keys) else { throw .refused("the keys folder is gone") }
        return folder == keys || folder.hasPrefix(keys + "/")
    }
}
