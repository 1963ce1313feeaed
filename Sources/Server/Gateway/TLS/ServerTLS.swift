import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import ServiceLifecycle

/// Where the listener's certificate comes from.
package enum CertificateSource: Sendable, Hashable {
    /// PEM files: the chain, leaf first, and its private key.
    case files(chain: String, key: String)
    /// PEM texts, made by the development authority.
    case texts(chain: String, key: String)
}

/// Why a certificate cannot be used.
package enum CertificateError: Error, Equatable, Sendable {
    /// The chain's file is missing or holds no certificate.
    case chain
    /// The key's file is missing or holds no key.
    case key
    /// Key and certificate do not belong together, or the library refuses them.
    case pair
}

/// The listener's certificate.
///
/// A new connection takes the pair that is current; a broken file leaves the old pair in use.
///
/// TLS 1.2 and 1.3, with forward secrecy and authenticated ciphers only; `h2` and `http/1.1` by ALPN.
package final class ServerTLS: Sendable {
    private struct State {
        var context: NIOSSLContext
        var stamp: FileStamp?
    }

    private let source: CertificateSource
    private let state: NIOLockedValueBox<State>

    /// Reads and pairs the certificate, or says what is wrong.
    package init(_ source: CertificateSource) throws(CertificateError) {
        self.source = source
        let stamp = FileStamp(source)
        state = NIOLockedValueBox(State(context: try Self.load(source), stamp: stamp))
    }

    /// The pair for a new connection.
    package var context: NIOSSLContext { state.withLockedValue { $0.context } }

    /// Reads the files again, on SIGHUP.
    ///
    /// Throws and keeps the old pair if they are broken.
    package func reload() throws(CertificateError) {
        let stamp = FileStamp(source)
        let context = try Self.load(source)
        state.withLockedValue { $0 = State(context: context, stamp: stamp) }
    }

    /// Reads the files again if they changed since they were last read.
    ///
    /// - Returns: True if a new pair is in use.
    /// - Throws: What is wrong with the changed files; the old pair stays in use.
    package func reloadIfChanged() throws(CertificateError) -> Bool {
        let stamp = FileStamp(source)
        guard stamp != state.withLockedValue({ $0.stamp }) else { return false }
        // A broken state is tried once, not at every look.
        state.withLockedValue { $0.stamp = stamp }
        try reload()
        return true
    }

    private static func load(_ source: CertificateSource) throws(CertificateError) -> NIOSSLContext {
        let (chain, key) = try pair(source)
        guard !chain.isEmpty else { throw .chain }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        // A client that does not answer the closing alert must not hold a stopping server.
        configuration.shutdownTimeout = .seconds(1)
        do { return try NIOSSLContext(configuration: configuration) } catch { throw .pair }
    }

    private static func pair(
        _ source: CertificateSource
    ) throws(CertificateError) -> ([NIOSSLCertificate], NIOSSLPrivateKey) {
        let certificates: [NIOSSLCertificate]
        do {
            switch source {
            case .files(let chain, _): certificates = try NIOSSLCertificate.fromPEMFile(chain)
            case .texts(let chain, _): certificates = try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8))
            }
        } catch {
            throw .chain
        }
        do {
            switch source {
            case .files(_, let key): return (certificates, try NIOSSLPrivateKey(file: key, format: .pem))
            case .texts(_, let key): return (certificates, try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))
            }
        } catch {
            throw .key
        }
    }
}

/// When and how large the two files were.
private struct FileStamp: Equatable {
    private let parts: [String]

    init?(_ source: CertificateSource) {
        guard case .files(let chain, let key) = source else { return nil }
        parts = [chain, key].map { path in
            guard let values = try? FileManager.default.attributesOfItem(atPath: path) else { return "none" }
            let date = (values[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return "\(date) \(values[.size] ?? 0) \(values[.systemFileNumber] ?? 0)"
        }
    }
}

/// Looks at the certificate's files once a minute.
package struct CertificateWatch: Service {
    private let tls: ServerTLS
    private let interval: Duration
    private let outcome: @Sendable (Result<Bool, CertificateError>) -> Void

    /// Takes the certificate, the time between two looks, and who is told of each.
    package init(
        _ tls: ServerTLS, every interval: Duration = .seconds(60),
        outcome: @escaping @Sendable (Result<Bool, CertificateError>) -> Void
    ) {
        self.tls = tls
        self.interval = interval
        self.outcome = outcome
    }

    /// Looks until the service group stops.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: interval) } catch { return }
                do throws(CertificateError) {
                    outcome(.success(try tls.reloadIfChanged()))
                } catch {
                    outcome(.failure(error))
                }
            }
        }
    }
}
