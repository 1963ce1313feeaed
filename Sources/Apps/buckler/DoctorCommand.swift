import ArgumentParser
import BucklerAssembly
import BucklerPrimitives
import Foundation
import ServerConfiguration

/// `buckler doctor`: checks what a configuration file cannot know.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks what a file cannot know: reachability, clock, certificate, backup.",
        discussion: "Exit 0 when nothing is wrong, 1 when something must be done. Warnings do not change the exit code."
    )

    @OptionGroup var folders: FolderOptions
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let settings = try folders.load()
        let findings = await Doctor(settings: settings, clock: .system).examine()
        if json {
            let list = findings.map { finding -> JSONValue in
                [
                    "check": .string(finding.check), "state": .string(finding.state.rawValue),
                    "text": .string(finding.text),
                ]
            }
            Terminal.print(JSONValue.object(["findings": .array(list)]).text)
        } else {
            Terminal.print(table: findings.map { [$0.state.rawValue, $0.check, $0.text] })
        }
        if findings.contains(where: { $0.state == .wrong }) { throw ExitCode(1) }
    }
}
