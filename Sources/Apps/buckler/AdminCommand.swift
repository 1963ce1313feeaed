import ArgumentParser
import BucklerAssembly
import BucklerPrimitives
import Foundation
import ServerConfiguration

/// `buckler admin`: the operator's verbs, over the running server's socket or, without one, on the data itself.
struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Operates a server: accounts, sessions, keys, events.",
        discussion: """
            Speaks with the running server over data/admin.sock. With no server running it takes the data folder's lock and
            does the verb itself. Every change is recorded as an event.
            """,
        subcommands: [
            AdminStatus.self, AdminAccounts.self, AdminSessions.self, AdminKeys.self, AdminEvents.self,
        ])
}

/// Options of every verb.
struct AdminOptions: ParsableArguments {
    @OptionGroup var folders: FolderOptions

    @Flag(help: "One JSON object (or one per line) instead of text.")
    var json = false

    /// Sends the order and prints the answer; `text` makes the lines for people.
    func send(
        _ verb: String, _ arguments: JSONObject = [:],
        item: @escaping @Sendable (JSONObject) -> String = { JSONValue.object($0).text },
        text: (JSONObject) -> [[String]]
    ) async throws {
        let settings = try folders.load()
        let request = AdminRequest(verb, arguments)
        let json = json
        let each: @Sendable (JSONObject) -> Void = { Terminal.print(json ? JSONValue.object($0).text : item($0)) }
        switch try await carryOut(request, socket: settings.data + "/" + AdminSocket.fileName, each: each) {
        case .result(let result):
            if json { Terminal.print(JSONValue.object(result).text) } else { Terminal.print(table: text(result)) }
        case .refusal(let message, let exitCode): throw Terminal.end(message, exitCode: exitCode)
        }

        func carryOut(
            _ request: AdminRequest, socket: String, each: @escaping @Sendable (JSONObject) -> Void
        ) async throws -> AdminClient.Outcome {
            do throws(AdminClient.Failure) {
                return try AdminClient(path: socket).send(request, each: each)
            } catch .noServer {
                do throws(StartFailure) {
                    return try await OfflineDesk.carryOut(request, settings: settings, each: each)
                } catch {
                    throw Terminal.end(error)
                }
            } catch {
                throw Terminal.end("the server on \(socket) did not answer; are you its user, or root?", exitCode: 77)
            }
        }
    }
}

/// The verbs of `buckler admin status`.
struct AdminStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "How the server is.")
    @OptionGroup var options: AdminOptions

    func run() async throws {
        try await options.send("status") { $0.members.map { [$0.name, Terminal.cell($0.value)] } }
    }
}

/// The verbs of `buckler admin accounts`.
struct AdminAccounts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts", abstract: "Looks at accounts.", subcommands: [Show.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows one account, its factors and sessions; no secret.")
        @OptionGroup var options: AdminOptions
        @Argument(help: "An e-mail address or an account's id.") var account: String

        func run() async throws {
            try await options.send("accounts.show", ["account": .string(account)]) {
                $0.members.map { [$0.name, Terminal.cell($0.value)] }
            }
        }
    }
}

/// The verbs of `buckler admin sessions`.
struct AdminSessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "Lists and ends sessions.", subcommands: [List.self, End.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the running sessions of an account.")
        @OptionGroup var options: AdminOptions
        @Option(help: "An e-mail address or an account's id.") var account: String

        func run() async throws {
            try await options.send("sessions.list", ["account": .string(account)]) { result in
                let head = ["id", "device_name", "client_id", "created_at", "last_seen_at", "acr"]
                return [head]
                    + (result["sessions"]?.array ?? []).map { row in head.map { Terminal.cell(row.object?[$0]) } }
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends one session, those of an account, or all.",
            discussion: "Effective when the command returns.")
        @OptionGroup var options: AdminOptions
        @Argument(help: "A session's id.") var session: String?
        @Option(help: "Ends all sessions of this e-mail address or account's id.") var account: String?
        @Flag(help: "Ends everybody's sessions.") var all = false

        func validate() throws {
            let given = [session != nil, account != nil, all].count { $0 }
            guard given == 1 else { throw ValidationError("give one of: a session's id, --account, --all") }
        }

        func run() async throws {
            var arguments: JSONObject = [:]
            if let session { arguments["session"] = .string(session) }
            if let account { arguments["account"] = .string(account) }
            if all { arguments["all"] = true }
            try await options.send("sessions.end", arguments) { [["ended", Terminal.cell($0["ended"])]] }
        }
    }
}

/// The verbs of `buckler admin keys`.
struct AdminKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Looks at and rotates keys.", subcommands: [List.self, Rotate.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the signing keys and their states, and what is behind the present data and root keys.")
        @OptionGroup var options: AdminOptions

        func run() async throws {
            try await options.send("keys.list") { result in
                let head = ["purpose", "kid", "state", "published_at"]
                let rows = (result["keys"]?.array ?? []).map { row in head.map { Terminal.cell(row.object?[$0]) } }
                let data = ["data", "epoch \(Terminal.cell(result["data_key_epoch"]))"]
                let root = ["root", "epoch \(Terminal.cell(result["root_key_epoch"]))"]
                return [head] + rows + [
                    data + ["\(Terminal.cell(result["data_keys_behind"])) behind"],
                    root + ["\(Terminal.cell(result["root_rows_behind"])) behind", Terminal.cell(result["root_key"])],
                ]
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Brings new signing keys into use.",
            discussion: """
                signing: keys of tokens and headers; --compromised drops the old ones at once: access tokens die, refreshes go on.
                refresh: keys of refresh tokens; --compromised refuses every older token: everybody signs in again.
                data: the key that wraps accounts' data keys; all of them are wrapped anew, online.
                root: the root key; everything under it moves to the new one, online. Copy the keys directory afterwards.
                """)
        @OptionGroup var options: AdminOptions
        @Option(help: "signing, refresh, data or root.") var purpose = "signing"
        @Flag(help: "Somebody else may have the old keys.") var compromised = false

        func run() async throws {
            try await options.send("keys.rotate", ["purpose": .string(purpose), "compromised": .bool(compromised)]) {
                $0.members.map { [$0.name, Terminal.cell($0.value)] }
            }
        }
    }
}

/// The verbs of `buckler admin events`.
struct AdminEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Reads the record of security events.", subcommands: [Tail.self])

    struct Tail: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the newest events, and with --follow what comes.")
        @OptionGroup var options: AdminOptions
        @Option(name: .shortAndLong, help: "How many events to begin with, at most 1000.") var number = 20
        @Flag(name: .shortAndLong, help: "Stay and print what comes, until Ctrl-C.") var follow = false

        func run() async throws {
            let arguments: JSONObject = ["count": .integer(Int64(number)), "follow": .bool(follow)]
            try await options.send("events.tail", arguments, item: Self.line) { _ in [] }
        }

        static func line(_ event: JSONObject) -> String {
            let first = ["time", "event", "reason"].map { Terminal.cell(event[$0]) }.joined(separator: "  ")
            let rest = event.members.filter { !["time", "event", "reason", "id", "seq"].contains($0.name) }
                .map { "\($0.name)=\(Terminal.cell($0.value))" }
            return ([first] + rest).joined(separator: "  ")
        }
    }
}
