import ArgumentParser
import Buckler
import BucklerPrimitives
import Foundation

/// `buckler demo`: plays the whole story against a running development server, a tick per step.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Plays sign-up, binding, sign-out and wipe as two devices against `make run`; exits non-zero if a step differs."
    )

    @Option(help: "The server.")
    var server = "https://localhost:8443"

    @Option(help: "The server's data folder: its development certificate authority and the mail it wrote.")
    var data = "./buckler-data"

    func run() async throws {
        let tool = try ToolTransport(server: server, data: data)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "buckler-demo-\(Hex.encode(Entropy.system.bytes(6)))")
        let story = DemoStory(server: server, data: data, folder: folder.path, transport: tool.transport)
        let begin = ContinuousClock.now
        do {
            try await story.play()
        } catch {
            try? FileManager.default.removeItem(at: folder)
            await tool.shutdown()
            throw Terminal.end("the demo differs from the story: \(error)", exitCode: 1)
        }
        try? FileManager.default.removeItem(at: folder)
        await tool.shutdown()
        let seconds = Double((ContinuousClock.now - begin).wholeMilliseconds) / 1000
        Terminal.print("\nEverything went as told, in \(String(format: "%.1f", seconds)) s.")
    }
}
