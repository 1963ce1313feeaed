import Buckler
import BucklerPrimitives
import BucklerTesting
import Observation
import Testing

@Suite("BucklerModel")
struct ModelTests {
    let phone = Phone()

    /// Lets the model's own task run until its state is wanted; false at the time limit.
    @MainActor private func reaches(_ model: BucklerModel, _ isWanted: (BucklerState) -> Bool) async -> Bool {
        while !Task.isCancelled {
            if isWanted(model.state) { return true }
            await Task.yield()
        }
        return false
    }

    @Test("the model follows sign-in, lock and sign-out", .timeLimit(.minutes(5)))
    @MainActor func follows() async throws {
        let client = try phone.fake.client(on: phone.device)
        let model = BucklerModel(client: client)
        #expect(await reaches(model) { $0 == .signedOut(.notSignedIn) })
        let session = try await phone.signIn(client)
        #expect(await reaches(model) { $0 == .signedIn(session) })
        // Nobody touches the phone: the model's own service notices, without a call of the app.
        phone.fake.time.advance(by: .minutes(15))
        #expect(await reaches(model) { $0 == .locked })
        try await model.unlock(reason: "Notes")
        #expect(await reaches(model) { $0 == .signedIn(session) })
        try await session.signOut()
        #expect(await reaches(model) { $0 == .signedOut(.byPerson) })
    }

    @Test("observers are told when the state changes", .timeLimit(.minutes(5)))
    @MainActor func observed() async throws {
        let client = try phone.fake.client(on: phone.device)
        let model = BucklerModel(client: client)
        #expect(await reaches(model) { $0 == .signedOut(.notSignedIn) })
        await confirmation { changed in
            withObservationTracking {
                _ = model.state
            } onChange: {
                changed()
            }
            _ = try? await phone.signIn(client)
            _ = await reaches(model) { if case .signedIn = $0 { true } else { false } }
        }
    }

    @Test("previews show one state and talk to nobody")
    @MainActor func previews() async {
        #expect(BucklerModel.preview(.unknown).state == .unknown)
        #expect(BucklerModel.preview(.locked).state == .locked)
        #expect(BucklerModel.preview(.signedOut).state == .signedOut(.notSignedIn))
        guard case .signedIn(let session) = BucklerModel.preview(.signedIn).state else {
            Issue.record("no session to preview")
            return
        }
        #expect(await isRefused(session))
    }

    @Test("while a person is active the tokens are renewed once per life, and not afterwards", .timeLimit(.minutes(5)))
    func activeRefresh() async throws {
        let (client, _) = try await phone.signedIn()
        let service = Task { await client.run() }
        for _ in 0..<60 {  // ten minutes of touching
            await client.noteActivity()
            phone.fake.time.advance(by: .seconds(10))
            for _ in 0..<200 { await Task.yield() }
        }
        let whileActive = phone.fake.refreshes.rotations
        #expect((1...3).contains(whileActive))
        for _ in 0..<60 {
            phone.fake.time.advance(by: .seconds(10))
            for _ in 0..<200 { await Task.yield() }
        }
        #expect(phone.fake.refreshes.rotations <= whileActive + 1)
        service.cancel()
        await service.value
    }

    private func isRefused(_ session: BucklerSession) async -> Bool {
        await code { _ = try await session.api.get("/notes", as: [String].self) } != nil
    }
}
