import Buckler

/// What an adopter writes first; it only has to compile and to refuse a server without TLS.
@main
struct Consumer {
    static func main() async {
        do {
            _ = try BucklerClient(server: "http://api.example.com", clientID: "notes-ios")
            print("a server without TLS was accepted")
        } catch {
            print("refused: \(error.code)")
        }
    }

    static func signIn(
        _ buckler: BucklerClient, _ email: String, _ password: String, ask: (Challenge) async -> String
    ) async throws {
        var step = try await buckler.signIn(email: email, password: password)
        while case .challenge(let challenge) = step { step = try await challenge.answer(await ask(challenge)) }
    }

    static func notes(_ session: BucklerSession) async throws -> [String] {
        try await session.api.get("/notes")
    }
}
