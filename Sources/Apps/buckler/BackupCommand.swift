import ArgumentParser
import BucklerPrimitives
import Foundation

/// `buckler backup`: copies the database while the server runs; never a key.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies the database into a new file and names the keys that a restore needs.",
        discussion: """
            The copy is consistent and complete, also while the server runs. Keys are never in it: back the keys folder up
            separately, elsewhere. To restore, put the file back as state.sqlite beside the same keys folder.
            """)

    @OptionGroup var options: AdminOptions
    @Option(help: "The file to make; an existing one is not overwritten.") var to: String

    func run() async throws {
        let folder = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let path = URL(filePath: to, relativeTo: folder).standardizedFileURL.path(percentEncoded: false)
        try await options.send("backup", ["path": .string(path)]) {
            $0.members.map { [$0.name, Terminal.cell($0.value)] }
        }
    }
}
