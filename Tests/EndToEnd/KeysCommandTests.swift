import BucklerAssembly
import BucklerPrimitives
import DataProtection
import Foundation
import ServerTestSupport
import TestSupport
import Testing

@Suite("The root key from a key manager's command", .timeLimit(.minutes(5)))
struct KeysCommandTests {
    private static let root = RootKey(random: .seeded(5))

    private static var line: String { root.fileForm.withExposedText { $0.replacing("\n", with: "") } }

    /// Scripts, data and keys of one test.
    private let own: TemporaryFolder
    private var folder: String { own.path }

    init() throws { own = try TemporaryFolder(.disk) }

    /// A shell script.
    private func script(_ text: String, _ name: String = "root-key") throws -> String {
        let path = folder + "/" + name
        try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o700)
        return path
    }

    private static func problem(_ words: [String], timeLimit: Duration = .seconds(30)) async -> String? {
        do {
            _ = try await KeysCommand(words, timeLimit: timeLimit)?.rootKey()
            return nil
        } catch {
            #expect(error.exitCode == 78)
            #expect(!"\(error)".contains(line), "a refusal shows no output")
            return "\(error)"
        }
    }

    @Test("what the program prints is the root key; arguments arrive as they are, without a shell between")
    func key() async throws {
        let path = try script(#"[ "$1" = 'a b;$HOME' ] && [ -z "$HOME" ] && echo "\#(Self.line)""#)
        let command = try #require(KeysCommand([path, "a b;$HOME"]))
        let root = try await command.rootKey()
        #expect(root.id == Self.root.id && root.bytes == Self.root.bytes)
        #expect(KeysCommand([]) == nil)
    }

    @Test(
        "a program that fails, prints something else, too much or nothing is refused by name",
        arguments: [
            ("exit 3", "ended with status 3, not 0"),
            (#"echo "\#(line)"; exit 1"#, "ended with status 1, not 0"),
            ("kill -9 $$", "was ended by signal 9"),
            ("true", "did not print one line"),
            ("echo nonsense", "did not print one line"),
            (#"echo "\#(line)"; echo "\#(line)""#, "did not print one line"),
            (#"printf '\377\376'"#, "did not print one line"),
            ("while :; do echo 0123456789012345678901234567890123456789; done", "printed more than 4096 bytes"),
        ])
    func refused(body: String, expected: String) async throws {
        let path = try script(body)
        let text = try #require(await Self.problem([path]))
        #expect(text.hasPrefix("keys_command: \(path) ") && text.contains(expected), "\(text)")
    }

    @Test(
        "a program that hangs is ended at the time limit, with or without its output closed",
        arguments: ["sleep 60", "exec 1>&-; sleep 60"])
    func hangs(body: String) async throws {
        let text = try #require(await Self.problem([try script(body)], timeLimit: .milliseconds(300)))
        #expect(text.contains("did not end within"))
    }

    @Test("a program that is not there cannot be started")
    func missing() async throws {
        let text = try #require(await Self.problem(["/nonexistent/root-key"]))
        #expect(text == "keys_command: /nonexistent/root-key cannot be started; is it there and executable?")
    }

    @Test("the next root key takes over at the command's word, from keys_command_next; without it nothing is changed")
    func next() async throws {
        let other = RootKey(random: .seeded(6))
        let otherLine = other.fileForm.withExposedText { $0.replacing("\n", with: "") }
        let first = try script("echo '\(Self.line)'")
        let second = try script("echo '\(otherLine)'", "next-root-key")
        let head = "mode: development\nkeys_command: [\(first)]\n"
        let before = try RealServer(folder: folder, configuration: head)
        try await before.start()
        let refused = try await before.command(["admin", "keys", "rotate", "--purpose", "root"])
        #expect(refused.exitCode != 0 && refused.output.contains("keys_command_next"), "\(refused.output)")
        try await before.stop()

        let both = try RealServer(folder: folder, configuration: head + "keys_command_next: [\(second)]\n")
        try await both.start()
        let rotated = try await both.command(["admin", "keys", "rotate", "--purpose", "root", "--json"])
        let json = try StrictJSON.parseObject(Array(rotated.output.utf8))
        #expect(json["root_key"]?.string == other.id.text && json["former_root_key"]?.string == Self.root.id.text)
        #expect(json["root_key_epoch"]?.integer == 2 && json["root_rows_behind"]?.integer == 0)
        try await both.stop()
        try await both.start()
        let list = try await both.command(["admin", "keys", "list"])
        #expect(list.output.contains(other.id.text) && list.output.contains("0 behind"), "\(list.output)")
        try await both.stop()
        let late = try RealServer(folder: folder, configuration: head)
        let failed = try await late.startAndFail()
        #expect(failed.exitCode == 78 && failed.output.contains("was replaced by \(other.id)"))
        let after = try RealServer(folder: folder, configuration: "mode: development\nkeys_command: [\(second)]\n")
        try await after.start()
        try await after.stop()
    }

    @Test("a server starts with the command's key, writes none, and stops with 78 when the command fails or changes")
    func server() async throws {
        let key = folder + "/printed"
        try Self.line.write(toFile: key, atomically: true, encoding: .utf8)
        let path = try script(#"read line < "\#(key)"; echo "$line""#)
        let server = try RealServer(folder: folder, configuration: "mode: development\nkeys_command: [\(path)]\n")
        try await server.start()
        let shown = try await server.command(["admin", "status"])
        #expect(shown.output.contains(Self.root.id.text))
        try await server.stop()
        #expect(!FileManager.default.fileExists(atPath: folder + "/keys/root.key"))

        let other = RootKey(random: .seeded(6))
        try other.fileForm.withExposedText { try $0.write(toFile: key, atomically: true, encoding: .utf8) }
        let changed = try await server.startAndFail()
        #expect(changed.exitCode == 78)
        #expect(changed.output.contains("keys_command holds the root key \(other.id)"))

        try "nonsense\n".write(toFile: key, atomically: true, encoding: .utf8)
        let failed = try await server.startAndFail()
        #expect(failed.exitCode == 78 && failed.output.contains("keys_command: \(path) did not print"))
    }
}
