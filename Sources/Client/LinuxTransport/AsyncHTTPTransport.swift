#if LinuxTransport
    import AsyncHTTPClient
    import Buckler
    import BucklerPrimitives
    import Foundation
    import NIOCore
    import NIOHTTP1
    import NIOSSL

    /// The way to the server over AsyncHTTPClient, for tools and tests: streaming both ways, HTTP/2 where offered, no
    /// redirects, no cookies.
    public final class AsyncHTTPTransport: HTTPTransport {
        private let client: HTTPClient
        private let allowsHost: @Sendable (String) -> Bool

        /// With the system's trust.
        public convenience init() {
            self.init(trust: .default) { _ in true }
        }

        /// Trusts the certificate authority in a PEM file, and nothing else, for loopback, `.local` and private
        /// addresses only (PD-20).
        ///
        /// Nil if the file holds no certificate.
        public static func development(trusting path: String) -> AsyncHTTPTransport? {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else { return nil }
            return AsyncHTTPTransport(trust: .certificates(certificates)) { DevelopmentHost.isAllowed($0) }
        }

        private init(trust: NIOSSLTrustRoots, allowsHost: @escaping @Sendable (String) -> Bool) {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = trust
            tls.minimumTLSVersion = .tlsv12
            var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
            configuration.redirectConfiguration = .disallow
            configuration.timeout.connect = .seconds(10)
            client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            self.allowsHost = allowsHost
        }

        /// Closes idle connections; call it before the process ends.
        public func shutdown() async { try? await client.shutdown() }

        /// Sends once.
        public func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
            guard let host = DevelopmentHost.host(ofURL: request.url), allowsHost(host) else { throw .invalidRequest }
            do {
                let prepared = try Self.prepare(request)
                let deadline = NIODeadline.now() + .milliseconds(request.deadline.wholeMilliseconds)
                let response = try await client.execute(prepared, deadline: deadline)
                return TransportResponse(
                    status: Int(response.status.code),
                    headers: response.headers.map { HeaderField($0.name, $0.value) }, body: Self.stream(response.body))
            } catch let error as TransportError {
                throw error
            } catch {
                throw Self.reason(error)
            }
        }

        private static func prepare(_ request: TransportRequest) throws -> HTTPClientRequest {
            var prepared = HTTPClientRequest(url: request.url)
            prepared.method = HTTPMethod(rawValue: request.method)
            for field in request.headers { prepared.headers.add(name: field.name, value: field.value) }
            switch request.body {
            case .none: break
            case .bytes(let bytes): prepared.body = .bytes(bytes)
            case .file(let path):
                guard let data = FileManager.default.contents(atPath: path) else { throw TransportError.invalidRequest }
                prepared.body = .bytes(Array(data))
            case .stream(let stream): prepared.body = .stream(stream.map { ByteBuffer(bytes: $0) }, length: .unknown)
            }
            return prepared
        }

        private static func stream(_ body: HTTPClientResponse.Body) -> AsyncThrowingStream<[UInt8], any Error> {
            let iterator = BodyIterator(body.makeAsyncIterator())
            return AsyncThrowingStream { () async throws -> [UInt8]? in
                do {
                    return try await iterator.next()
                } catch {
                    throw reason(error)
                }
            }
        }

        private static func reason(_ error: any Error) -> TransportError {
            switch error {
            case is CancellationError: .cancelled
            case let error as HTTPClientError where error == .cancelled: .cancelled
            case let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout: .timedOut
            case let error as HTTPClientError where error == .readTimeout: .timedOut
            case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: .untrusted
            default: .offline
            }
        }
    }

    /// The iterator of a response body, pulled by one consumer at a time.
    ///
    /// `@unchecked Sendable`: AsyncThrowingStream calls its unfolding closure from one task at a time.
    private final class BodyIterator: @unchecked Sendable {
        private var iterator: HTTPClientResponse.Body.AsyncIterator

        init(_ iterator: HTTPClientResponse.Body.AsyncIterator) { self.iterator = iterator }

        func next() async throws -> [UInt8]? {
            guard let buffer = try await iterator.next() else { return nil }
            return Array(buffer.readableBytesView)
        }
    }
#endif
