import ArgumentParser
import BucklerAssembly
import ServerConfiguration

/// `buckler serve`: runs the server until SIGTERM or SIGINT.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the server.",
        discussion: """
            Without a configuration file the server is in development mode: loopback only, mail to files, a certificate of
            its own. SIGTERM and SIGINT drain and stop; SIGHUP reads the certificates again. Exit codes are those of
            sysexits.h: 78 configuration or keys, 75 another server has the data, 77 no permission, 74 disk, 69 address taken.
            """)

    @OptionGroup var folders: FolderOptions
    @OptionGroup var options: ServeOptions

    func run() async throws {
        let started = ContinuousClock.now
        let settings = try folders.load(options.flags)
        do {
            ProcessHardening.apply()
            let server = try await ServerAssembly(settings: settings, environment: .system(settings: settings))
            try await server.run { address in
                let elapsed = started.duration(to: .now)
                for line in Banner(settings: settings, elapsed: elapsed).lines { Terminal.print(line) }
            }
        } catch let failure as StartFailure {
            throw Terminal.end(failure)
        }
    }
}
