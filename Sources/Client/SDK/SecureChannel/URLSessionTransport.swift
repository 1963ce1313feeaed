import BucklerPlatformKeys
import BucklerPrimitives
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The way to the server over URLSession: ephemeral, no cache, no cookies, no redirects.
///
/// On Apple's platforms bodies stream both ways. On Linux Foundation's URLSession reads answers whole and cannot take
/// further certificates; tools there use the transport of `BucklerLinuxTransport`.
public final class URLSessionTransport: HTTPTransport {
    private let session: URLSession

    /// With the system's trust.
    public convenience init() { self.init(delegate: SessionDelegate()) }

    #if DEBUG && canImport(Security)
        /// Trusts one more certificate (DER), for loopback, `.local` and private addresses only (PD-20).
        ///
        /// Exists in debug builds alone. App Transport Security makes its own checks beside this one: a phone needs an
        /// exception, too.
        public static func development(trusting certificate: Data) -> URLSessionTransport {
            URLSessionTransport(delegate: SessionDelegate(anchor: DevelopmentAnchor(certificate: certificate)))
        }
    #endif

    init(delegate: any URLSessionDelegate) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        configuration.httpShouldSetCookies = false
        configuration.httpCookieAcceptPolicy = .never
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: nil)
    }

    /// Sends once.
    public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let prepared = try Self.prepare(request)
        do {
            #if canImport(FoundationNetworking)
                let (data, response) = try await session.data(for: prepared)
                guard let head = response as? HTTPURLResponse else { throw TransportError.offline }
                return TransportResponse(status: head.statusCode, headers: Self.fields(head), bytes: Array(data))
            #else
                let (bytes, response) = try await session.bytes(for: prepared)
                guard let head = response as? HTTPURLResponse else { throw TransportError.offline }
                return TransportResponse(status: head.statusCode, headers: Self.fields(head), body: Self.stream(bytes))
            #endif
        } catch let error as TransportError {
            throw error
        } catch {
            throw Self.reason(error)
        }
    }

    private static func prepare(_ request: TransportRequest) throws(TransportError) -> URLRequest {
        guard let url = URL(string: request.url) else { throw .invalidRequest }
        var prepared = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData)
        prepared.httpMethod = request.method
        prepared.timeoutInterval = max(1, Double(request.deadline.wholeMilliseconds) / 1000)
        prepared.httpShouldHandleCookies = false
        for field in request.headers { prepared.addValue(field.value, forHTTPHeaderField: field.name) }
        switch request.body {
        case .none: break
        case .bytes(let bytes): prepared.httpBody = Data(bytes)
        case .file(let path):
            guard let stream = InputStream(fileAtPath: path) else { throw .invalidRequest }
            prepared.httpBodyStream = stream
        // URLSession pulls from an InputStream; a pushing stream would need a bound pair of them.
        case .stream: throw .invalidRequest
        }
        return prepared
    }

    private static func fields(_ head: HTTPURLResponse) -> [HeaderField] {
        head.allHeaderFields.compactMap { name, value in
            guard let name = name as? String, let value = value as? String else { return nil }
            return HeaderField(name, value)
        }
    }

    #if !canImport(FoundationNetworking)
        private static func stream(_ bytes: URLSession.AsyncBytes) -> AsyncThrowingStream<[UInt8], any Error> {
            AsyncThrowingStream { continuation in
                // The pump lives as long as the body; ending the stream's use cancels it.
                let pump = Task {
                    var chunk: [UInt8] = []
                    do {
                        for try await byte in bytes {
                            chunk.append(byte)
                            if chunk.count == 16_384 || byte == UInt8(ascii: "\n") {
                                continuation.yield(chunk)
                                chunk.removeAll(keepingCapacity: true)
                            }
                        }
                        if !chunk.isEmpty { continuation.yield(chunk) }
                        continuation.finish()
                    } catch {
                        continuation.finish(throwing: reason(error))
                    }
                }
                continuation.onTermination = { _ in pump.cancel() }
            }
        }
    #endif

    private static func reason(_ error: any Error) -> TransportError {
        if error is CancellationError { return .cancelled }
        guard let error = error as? URLError else { return .offline }
        switch error.code {
        case .cancelled: return .cancelled
        case .timedOut: return .timedOut
        case .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
            .serverCertificateNotYetValid, .secureConnectionFailed:
            return .untrusted
        case .badURL, .unsupportedURL: return .invalidRequest
        default: return .offline
        }
    }
}

/// Follows no redirect: a token and a proof are for one URL.
///
/// Every property is immutable.
private final class SessionDelegate: NSObject, URLSessionTaskDelegate, Sendable {
    #if DEBUG && canImport(Security)
        private let anchor: DevelopmentAnchor?

        init(anchor: DevelopmentAnchor? = nil) { self.anchor = anchor }
    #endif

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    #if DEBUG && canImport(Security)
        func urlSession(
            _ session: URLSession, didReceive challenge: URLAuthenticationChallenge,
            completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
        ) {
            let space = challenge.protectionSpace
            guard space.authenticationMethod == NSURLAuthenticationMethodServerTrust, let trust = space.serverTrust,
                let anchor, DevelopmentHost.isAllowed(space.host)
            else { return completionHandler(.performDefaultHandling, nil) }
            guard anchor.evaluate(trust) else { return completionHandler(.cancelAuthenticationChallenge, nil) }
            completionHandler(.useCredential, URLCredential(trust: trust))
        }
    #endif
}
