import Foundation
import ServerConfiguration

/// Reads the configuration file, the environment and the flags of this process.
package enum SettingsFile {
    /// The settings, or why there are none.
    ///
    /// The file is `path` (`--config`), else the one that `BUCKLER_CONFIG` names; without both, development mode. `flags`
    /// override single keys.
    package static func load(
        path: String?, flags: [ConfigurationFlag],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        workingFolder: String = FileManager.default.currentDirectoryPath
    ) throws(StartFailure) -> ServerSettings {
        let file = try (path ?? environment["BUCKLER_CONFIG"]).map { path throws(StartFailure) in
            try read(path, workingFolder: workingFolder)
        }
        do throws(ConfigurationRefusal) {
            return try ConfigurationLoader(
                file: file, environment: environment, flags: flags, workingFolder: workingFolder
            ).load()
        } catch {
            throw .configuration(error)
        }
    }

    private static func read(_ path: String, workingFolder: String) throws(StartFailure) -> ConfigurationFile {
        let whole = URL(filePath: path, relativeTo: URL(filePath: workingFolder, directoryHint: .isDirectory))
        guard let handle = try? FileHandle(forReadingFrom: whole),
            let data = try? handle.read(upToCount: ConfigurationFile.maximumByteCount + 1) ?? Data(),
            data.count <= ConfigurationFile.maximumByteCount, let text = String(validating: data, as: UTF8.self)
        else { throw .configurationFile(path: path) }
        return ConfigurationFile(
            name: path, folder: whole.deletingLastPathComponent().path(percentEncoded: false), text: text)
    }
}
