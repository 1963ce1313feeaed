import ArgumentParser
import BucklerAssembly
import Foundation
import ServerConfiguration

/// Where the configuration and the data are; for every verb that needs them.
struct FolderOptions: ParsableArguments {
    @Option(help: "The configuration file; without one (and without BUCKLER_CONFIG) the server is in development mode.")
    var config: String?

    @Option(help: "The data folder (data).")
    var data: String?

    @Option(help: "The keys folder, outside the data folder (keys).")
    var keys: String?

    /// The flags that were given, as overrides of keys.
    var flags: [ConfigurationFlag] { Self.flags([("--data", "data", data), ("--keys", "keys", keys)]) }

    /// The flags with a value.
    static func flags(_ pairs: [(String, String, String?)]) -> [ConfigurationFlag] {
        pairs.compactMap { name, path, text in text.map { ConfigurationFlag(name, path: path, text: $0) } }
    }

    /// The settings, or the end of the process with the reason and its exit code.
    func load(_ more: [ConfigurationFlag] = []) throws -> ServerSettings {
        do throws(StartFailure) {
            return try SettingsFile.load(path: config, flags: flags + more)
        } catch {
            throw Terminal.end(error)
        }
    }
}

/// The flags of `serve` beyond the folders.
struct ServeOptions: ParsableArguments {
    @Option(help: "Where the protected API listens, such as http://127.0.0.1:3000 (upstream.url).")
    var upstream: String?

    @Option(help: "The public listener, such as 127.0.0.1:8443 (listen).")
    var listen: String?

    @Option(help: "The operations listener, such as 127.0.0.1:8444 (operations.listen).")
    var operations: String?

    @Option(help: "Under which apps reach the server, such as https://api.example.com (public_url).")
    var publicURL: String?

    @Option(help: "Development: one more name for the certificate, for a phone in this network (lan).")
    var lan: String?

    @Flag(help: "Development: writes mail to files although a mail server is configured (mail.to_files).")
    var mailToFiles = false

    @Option(help: "debug, info, notice, warning or error (log.level).")
    var logLevel: String?

    var flags: [ConfigurationFlag] {
        FolderOptions.flags([
            ("--upstream", "upstream.url", upstream), ("--listen", "listen", listen),
            ("--operations", "operations.listen", operations), ("--public-url", "public_url", publicURL),
            ("--lan", "lan", lan), ("--mail-to-files", "mail.to_files", mailToFiles ? "true" : nil),
            ("--log-level", "log.level", logLevel),
        ])
    }
}
