import ArgumentParser
import Foundation
import HTTPTypes
import Hummingbird
import Synchronization

/// An ordinary JSON API that knows nothing of security: Buckler stands in front of it.
///
/// It reads who is asking from the `sub` of `Buckler-Identity`. A real API verifies that header's signature
/// (Docs/SecureChannel.md); this one listens on loopback and only shows the idea. Without the header nobody is asking.
@main
struct NotesAPI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notes-api", abstract: "The example upstream: notes, kept in memory, per person.")

    @Option(help: "The loopback port to listen on.")
    var port = 3000

    func run() async throws {
        let notes = NoteBook()
        let router = Router()
        router.get("status") { _, _ in StatusAnswer(status: "ok") }
        router.get("notes") { request, _ in
            NotesAnswer(person: request.person, notes: notes.all(of: request.person))
        }
        router.post("notes") { request, context in
            let note = try await request.decode(as: NewNote.self, context: context)
            guard (1...2000).contains(note.text.utf8.count) else {
                throw HTTPError(.badRequest, message: "1 to 2000 bytes")
            }
            notes.add(note.text, of: request.person)
            return EditedResponse(
                status: .created, response: NotesAnswer(person: request.person, notes: notes.all(of: request.person)))
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: nil),
            onServerRunning: { channel in
                print("notes-api: http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
            })
        try await application.runService()
    }
}

struct StatusAnswer: ResponseCodable {
    let status: String
}

struct NewNote: Decodable {
    let text: String
}

struct NotesAnswer: ResponseCodable {
    let person: String
    let notes: [String]
}

/// Everybody's notes; the newest hundred of each person.
final class NoteBook: Sendable {
    private let notes = Mutex<[String: [String]]>([:])

    func all(of person: String) -> [String] { notes.withLock { $0[person] ?? [] } }

    func add(_ text: String, of person: String) {
        notes.withLock { $0[person] = Array(($0[person] ?? []).suffix(99)) + [text] }
    }
}

extension Request {
    /// The `sub` of `Buckler-Identity`; `anonymous` without the header.
    var person: String {
        guard let name = HTTPField.Name("Buckler-Identity"), let header = headers[name] else { return "anonymous" }
        let parts = header.split(separator: ".")
        guard parts.count == 3 else { return "anonymous" }
        var text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let json = Data(base64Encoded: String(text)),
            let claims = try? JSONDecoder().decode([String: JSONClaim].self, from: json), let sub = claims["sub"]?.text
        else { return "anonymous" }
        return sub
    }
}

/// A claim of any type; only text matters here.
struct JSONClaim: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
    }
}
