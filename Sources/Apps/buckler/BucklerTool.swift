import ArgumentParser
import BucklerAssembly

/// `buckler`: the server, its operator's verbs and the developer's helpers.
@main
struct BucklerTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "buckler",
        abstract: "Protects a mobile app and its API: sign-in, device-bound sessions, gateway, vault.",
        version: ProductVersion.text,
        subcommands: [
            ServeCommand.self, AdminCommand.self, ConfigCommand.self, DoctorCommand.self, DemoCommand.self,
            CurlCommand.self, PasswordFilterCommand.self, BackupCommand.self,
        ])
}
