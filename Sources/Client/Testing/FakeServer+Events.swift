import Buckler
import BucklerPrimitives

extension FakeServer {
    /// An open event stream.
    struct Listener: Sendable {
        let session: String
        let account: String
        let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
    }

    /// Opens the event stream of a session; of more than two the oldest closes, as at the server.
    func listen(_ session: Session) -> FakeAnswer {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        let (number, oldest) = state.update { state -> (Int, Listener?) in
            let number = state.nextNumber()
            let own = state.listeners.filter { $0.value.session == session.id }.keys.sorted()
            let oldest = own.count < 2 ? nil : own.first.flatMap { state.listeners.removeValue(forKey: $0) }
            state.listeners[number] = Listener(
                session: session.id, account: session.account, continuation: continuation)
            return (number, oldest)
        }
        // Outside the lock, as every word to a stream: its end takes the lock again.
        continuation.onTermination = { [state] _ in state.update { $0.listeners[number] = nil } }
        oldest?.continuation.finish()
        continuation.yield(Array(":\n\n".utf8))
        var answer = FakeAnswer(status: 200, headers: [HeaderField("Content-Type", "text/event-stream")])
        answer.stream = stream
        return answer
    }

    /// Tells the other sessions of the account what happened in `session`.
    func announce(_ name: String, _ session: Session) {
        let data: JSONObject = [
            "time": .integer(time.now.seconds), "session": .string(session.id), "device": .string(session.device),
        ]
        tell(name, data) { $0.account == session.account && $0.session != session.id }
    }

    /// Writes one event to the streams that `isMeant` chooses.
    func tell(_ name: String, _ data: JSONObject, to isMeant: (Listener) -> Bool) {
        let bytes = Self.event(name, data)
        for listener in state.value.listeners.values where isMeant(listener) { listener.continuation.yield(bytes) }
    }

    /// Ends the streams of sessions that have ended, with the signed notice where there is one.
    func endStreams() {
        let ended = state.update { state -> [(Listener, Session)] in
            var ended: [(Listener, Session)] = []
            for (number, listener) in state.listeners {
                guard let session = state.sessions[listener.session], session.end != nil else { continue }
                ended.append((listener, session))
                state.listeners[number] = nil
            }
            return ended
        }
        for (listener, session) in ended {
            if let notice = notice(session) {
                listener.continuation.yield(Self.event("session_end", ["session_end": .string(notice)]))
            }
            listener.continuation.finish()
        }
    }

    /// The connections of all streams break.
    func breakStreams() {
        let open = state.update { state in
            defer { state.listeners.removeAll() }
            return Array(state.listeners.values)
        }
        for listener in open { listener.continuation.finish(throwing: TransportError.offline) }
    }

    private static func event(_ name: String, _ data: JSONObject) -> [UInt8] {
        Array("event: \(name)\ndata: \(JSONValue.object(data).text)\n\n".utf8)
    }
}
