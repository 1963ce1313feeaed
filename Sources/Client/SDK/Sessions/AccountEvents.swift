import BucklerPrimitives

/// Something that happened to the account, on whatever device.
public struct AccountEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: Sendable, Hashable {
        /// A sign-in finished.
        case signedIn
        /// Another session of the account ended.
        case signedOut
        /// The password was changed or reset.
        case passwordChanged
        /// A second factor was added.
        case factorAdded
        /// A second factor was removed.
        case factorRemoved
        /// Something else was changed.
        case accountChanged
        /// A newer server's word.
        case other(String)

        init(_ word: String) {
            switch word {
            case "signed_in": self = .signedIn
            case "signed_out": self = .signedOut
            case "password_changed": self = .passwordChanged
            case "factor_added": self = .factorAdded
            case "factor_removed": self = .factorRemoved
            case "account_changed": self = .accountChanged
            default: self = .other(word)
            }
        }
    }

    /// What happened.
    public let kind: Kind
    /// When, in the server's time.
    public let time: Timestamp?
    /// The session's public id, where there is one.
    public let session: String?
    /// The device's public id.
    public let device: String?
    /// The app's client id.
    public let clientID: String?

    init(_ name: String, _ json: JSONObject) {
        kind = Kind(name)
        time = json["time"]?.integer.map { Timestamp(seconds: $0) }
        session = json["session"]?.string
        device = json["device"]?.string
        clientID = json["client"]?.string
    }
}

/// The account's events as they happen; gone through once.
///
/// It ends when the session does: the signed notice is then obeyed, and ``BucklerClient/states`` says why. It also ends
/// when the server stops, and throws ``BucklerError`` when the connection breaks: listen again, and look at what may
/// have changed meanwhile, since nothing is told twice.
public struct AccountEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = AccountEvent

    let core: ClientCore
    let session: String
    let chunks: AsyncThrowingStream<[UInt8], any Error>

    /// Goes through the events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let core: ClientCore
        private let session: String
        private var chunks: AsyncThrowingStream<[UInt8], any Error>.Iterator
        private var parser = EventStreamParser()
        private var waiting: ArraySlice<EventStreamParser.Message> = []

        init(_ events: AccountEvents) {
            core = events.core
            session = events.session
            chunks = events.chunks.makeAsyncIterator()
        }

        /// The next event; nil at the end.
        ///
        /// Throws ``BucklerError``.
        public mutating func next() async throws -> AccountEvent? {
            while true {
                while let message = waiting.popFirst() {
                    let json = (try? StrictJSON.parseObject(Array(message.data.utf8))) ?? JSONObject()
                    guard message.name == "session_end" else { return AccountEvent(message.name, json) }
                    await core.obey(streamed: json["session_end"]?.string, session: session)
                    return nil
                }
                guard let chunk = try await nextChunk() else { return nil }
                do { waiting += try parser.take(chunk) } catch { throw BucklerError.unreadableAnswer }
            }
        }

        private mutating func nextChunk() async throws -> [UInt8]? {
            do {
                return try await chunks.next()
            } catch {
                let lastContact = await core.lastContact
                if let error = error as? TransportError { throw BucklerError(error, lastContact: lastContact) }
                throw Task.isCancelled ? BucklerError.cancelled : .offline(lastContact: lastContact)
            }
        }
    }

    /// Begins; can be gone through once.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}

extension BucklerClient {
    /// Listens to the account while the app is open: sign-ins on other devices, changed factors, the session's own end.
    ///
    /// Optional: without it the app learns of its session's end at its next call. Costs one open connection (HTTP/2: one
    /// stream) and a few bytes every 20 seconds; the server keeps two of these per session and closes the oldest beyond.
    /// Listening never counts as activity.
    public func listen() async throws(BucklerError) -> AccountEvents { try await core.listen() }
}

extension ClientCore {
    func listen() async throws(BucklerError) -> AccountEvents {
        let session = try requireLive(unlocked: true).current.record.session
        var request = jsonRequest("GET", "/account/events", nil)
        request.headers = [HeaderField("Accept", "text/event-stream, application/problem+json")]
        let response = try await send(request, session: session)
        guard response.status == 200 else {
            throw refusal(IssuerAnswer(response, try await BodyBytes(response.body).collect()))
        }
        return AccountEvents(core: self, session: session, chunks: response.body)
    }

    /// Obeys the notice of a stream if it is signed and for the session that listened; ignores anything else.
    func obey(streamed notice: String?, session: String) {
        guard let live = try? requireLive(session: session, unlocked: false) else { return }
        _ = obey(notice, live.current)
    }
}
