/// One header field.
public struct HeaderField: Sendable, Hashable {
    /// The name as sent.
    public let name: String
    /// The value.
    public let value: String

    /// Makes a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What a request carries.
public enum TransportBody: Sendable {
    /// Nothing.
    case none
    /// Bytes in memory.
    case bytes([UInt8])
    /// A file, read anew at each attempt.
    case file(path: String)
    /// A stream that can be read once. It is never repeated.
    case stream(AsyncThrowingStream<[UInt8], any Error>)

    /// True if the body can be sent again.
    public var isReplayable: Bool { if case .stream = self { false } else { true } }
}

/// A request as the transport sends it.
public struct TransportRequest: Sendable {
    /// Such as `GET`.
    public var method: String
    /// Absolute `https` URL.
    public var url: String
    /// Fields in order.
    public var headers: [HeaderField]
    /// The body.
    public var body: TransportBody
    /// Time until the answer's head; the body may take longer as long as bytes arrive.
    public var deadline: Duration

    /// Makes a request.
    public init(
        method: String, url: String, headers: [HeaderField] = [], body: TransportBody = .none,
        deadline: Duration = .seconds(30)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
    }
}

/// An answer: its head, and its body as it arrives.
public struct TransportResponse: Sendable {
    /// HTTP status.
    public let status: Int
    /// Fields in order.
    public let headers: [HeaderField]
    /// Chunks of the body; ends with the body, throws ``TransportError`` when the connection breaks.
    public let body: AsyncThrowingStream<[UInt8], any Error>

    /// Makes an answer with a streaming body.
    public init(status: Int, headers: [HeaderField], body: AsyncThrowingStream<[UInt8], any Error>) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Makes an answer whose body is known.
    public init(status: Int, headers: [HeaderField] = [], bytes: [UInt8]) {
        let stream = AsyncThrowingStream<[UInt8], any Error> { continuation in
            if !bytes.isEmpty { continuation.yield(bytes) }
            continuation.finish()
        }
        self.init(status: status, headers: headers, body: stream)
    }

    /// The first value of a field, whatever the case of its name.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The whole body; throws ``TransportError/tooLarge`` beyond `maximumByteCount`.
    func collect(maximumByteCount: Int) async throws(TransportError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body {
                guard bytes.count + chunk.count <= maximumByteCount else { throw TransportError.tooLarge }
                bytes += chunk
            }
        } catch let error as TransportError {
            throw error
        } catch {
            throw Task.isCancelled ? .cancelled : .offline
        }
        if Task.isCancelled { throw .cancelled }
        return bytes
    }
}

/// Why there is no answer.
public enum TransportError: Error, Equatable, Sendable {
    /// No connection, or it broke. The request may have been carried out.
    case offline
    /// The deadline passed. The request may have been carried out.
    case timedOut
    /// The caller was cancelled.
    case cancelled
    /// The server's certificate is not trusted.
    case untrusted
    /// The answer is larger than the caller reads.
    case tooLarge
    /// The request cannot be sent in this form.
    case invalidRequest
}

/// The way to the server.
///
/// Adapters follow no redirects, keep no cookies and cache nothing.
public protocol HTTPTransport: Sendable {
    /// Sends once and returns when the answer's head is there. Cancelling the caller cancels the exchange.
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse
}
