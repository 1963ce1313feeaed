import ArgumentParser
import BucklerPrimitives
import ServerConfiguration

/// `buckler config`: looks at the configuration without starting anything.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows and checks the configuration.", subcommands: [Show.self, Check.self])

    /// `buckler config show`: every value with its source; secrets are files and only their names are known here.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints every value and where it comes from.")

        @OptionGroup var folders: FolderOptions
        @OptionGroup var options: ServeOptions
        @Flag(help: "One JSON object.") var json = false

        func run() throws {
            let settings = try folders.load(options.flags)
            if json {
                let values = settings.report.map { line -> JSONValue in
                    [
                        "key": .string(line.path), "value": .string(line.value),
                        "source": .string(line.source.description),
                    ]
                }
                return Terminal.print(
                    JSONValue.object(["mode": .string(settings.mode.rawValue), "values": .array(values)]).text)
            }
            Terminal.print(table: settings.report.map { [$0.path, $0.value, $0.source.description] })
        }
    }

    /// `buckler config check`: exit 0 or 78.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Says whether a server would start with it.")

        @OptionGroup var folders: FolderOptions
        @OptionGroup var options: ServeOptions

        func run() throws {
            let settings = try folders.load(options.flags)
            Terminal.print("the configuration is whole: \(settings.mode.rawValue), \(settings.publicURL)")
        }
    }
}
