import BucklerPrimitives
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The API behind the server, called with token and proof.
///
/// Refresh, nonce and safe repeat happen inside.
///
/// The shapes are URLSession's own. Requests go to the client's server only; redirects are not followed.
public struct AuthorizedAPI: Sendable {
    let core: ClientCore
    let session: String
    /// Time until an answer's head.
    public var deadline: Duration

    /// The same API with another deadline per call.
    public func with(deadline: Duration) -> AuthorizedAPI {
        var copy = self
        copy.deadline = deadline
        return copy
    }

    /// `GET path`, decoded from JSON.
    ///
    /// Throws ``BucklerError/refused(_:)`` for anything else than success.
    public func get<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) async throws(BucklerError)
        -> Value
    {
        try decode(try await call("GET", path, body: nil))
    }

    /// `POST path` with a JSON body, decoded from JSON.
    public func post<Value: Decodable>(
        _ path: String, _ body: some Encodable, as type: Value.Type = Value.self
    ) async throws(BucklerError) -> Value {
        try decode(try await call("POST", path, body: try encode(body)))
    }

    /// `PUT path` with a JSON body, decoded from JSON.
    public func put<Value: Decodable>(
        _ path: String, _ body: some Encodable, as type: Value.Type = Value.self
    ) async throws(BucklerError) -> Value {
        try decode(try await call("PUT", path, body: try encode(body)))
    }

    /// `DELETE path`; the answer's body is not read as JSON.
    public func delete(_ path: String) async throws(BucklerError) { _ = try await call("DELETE", path, body: nil) }

    /// As `URLSession.data(for:)`: any answer of the API, whatever its status.
    public func data(for request: URLRequest) async throws(BucklerError) -> (Data, HTTPURLResponse) {
        let (bytes, response) = try await bytes(for: request)
        return (Data(try await bytes.collect()), response)
    }

    /// As `URLSession.bytes(for:)`: the body as it arrives.
    public func bytes(for request: URLRequest) async throws(BucklerError) -> (BodyBytes, HTTPURLResponse) {
        let prepared = try transportRequest(request)
        return try finish(try await core.send(prepared, session: session), prepared.url)
    }

    /// As `URLSession.upload(for:from:)`.
    public func upload(for request: URLRequest, from data: Data) async throws(BucklerError) -> (Data, HTTPURLResponse) {
        try await upload(request, .bytes(Array(data)))
    }

    /// As `URLSession.upload(for:fromFile:)`: the file is read again if the request is repeated.
    public func upload(
        for request: URLRequest, fromFile file: URL
    ) async throws(BucklerError) -> (Data, HTTPURLResponse) {
        try await upload(request, .file(path: file.path))
    }

    /// Uploads a stream, which can be sent once: the SDK makes sure of a young nonce first.
    ///
    /// ``URLSessionTransport`` does not carry streams yet (``BucklerError/invalidRequest``); use a file there.
    public func upload(
        for request: URLRequest, from stream: AsyncThrowingStream<[UInt8], any Error>
    ) async throws(BucklerError) -> (Data, HTTPURLResponse) {
        try await upload(request, .stream(stream))
    }

    /// As `URLSession.download(for:)`: the body in a temporary file, the caller's to move or delete.
    public func download(for request: URLRequest) async throws(BucklerError) -> (URL, HTTPURLResponse) {
        let (bytes, response) = try await bytes(for: request)
        let name = "buckler-\(Hex.encode(core.environment.entropy.bytes(12)))"
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try await bytes.write(to: file)
        return (file, response)
    }

    /// Adds token and proof to a request for another HTTP stack (Alamofire, Apollo, AVFoundation).
    ///
    /// Good for one use, within five minutes and the token's life; refusals are then the caller's to understand.
    public func authorize(_ request: URLRequest) async throws(BucklerError) -> URLRequest {
        let prepared = try transportRequest(request)
        var authorized = request
        for field in try await core.authorization(for: prepared, session: session) {
            authorized.setValue(field.value, forHTTPHeaderField: field.name)
        }
        return authorized
    }

    private func call(_ method: String, _ path: String, body: [UInt8]?) async throws(BucklerError) -> [UInt8] {
        guard path.hasPrefix("/") else { throw .invalidRequest }
        var request = TransportRequest(
            method: method, url: core.server.origin + path, headers: [HeaderField("Accept", "application/json")],
            deadline: deadline)
        if let body {
            request.headers.append(HeaderField("Content-Type", "application/json"))
            request.body = .bytes(body)
        }
        let response = try await core.send(request, session: session)
        let bytes = try await BodyBytes(response.body).collect()
        guard (200..<300).contains(response.status) else {
            throw await core.refusal(IssuerAnswer(response, bytes))
        }
        return bytes
    }

    private func upload(_ request: URLRequest, _ body: TransportBody) async throws(BucklerError) -> (
        Data, HTTPURLResponse
    ) {
        var prepared = try transportRequest(request)
        prepared.body = body
        let (bytes, response) = try finish(try await core.send(prepared, session: session), prepared.url)
        return (Data(try await bytes.collect()), response)
    }

    private func transportRequest(_ request: URLRequest) throws(BucklerError) -> TransportRequest {
        guard let url = request.url?.absoluteString, core.server.covers(url), request.httpBodyStream == nil else {
            throw .invalidRequest
        }
        let reserved: Set = ["authorization", "dpop", "host", "content-length", "cookie"]
        let fields = request.allHTTPHeaderFields ?? [:]
        return TransportRequest(
            method: request.httpMethod ?? "GET", url: url,
            headers: fields.sorted { $0.key < $1.key }.filter { !reserved.contains($0.key.lowercased()) }
                .map { HeaderField($0.key, $0.value) },
            body: request.httpBody.map { .bytes(Array($0)) } ?? .none, deadline: deadline)
    }

    private func finish(
        _ response: TransportResponse, _ url: String
    ) throws(BucklerError) -> (BodyBytes, HTTPURLResponse) {
        let fields = Dictionary(response.headers.map { ($0.name, $0.value) }) { "\($0), \($1)" }
        guard let url = URL(string: url),
            let head = HTTPURLResponse(
                url: url, statusCode: response.status, httpVersion: nil, headerFields: fields)
        else { throw .unreadableAnswer }
        return (BodyBytes(response.body), head)
    }

    private func decode<Value: Decodable>(_ bytes: [UInt8]) throws(BucklerError) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: Data(bytes)) } catch { throw .unreadableAnswer }
    }

    private func encode(_ value: some Encodable) throws(BucklerError) -> [UInt8] {
        do { return Array(try JSONEncoder().encode(value)) } catch { throw .invalidRequest }
    }
}
