import Foundation

/// A started program that is ended when the run ends.
final class StartedProcess {
    let process = Process()
    let name: String

    init(_ name: String, _ executable: URL, _ arguments: [String], log: URL) throws {
        self.name = name
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.executableURL = executable
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    var identifier: Int32 { process.processIdentifier }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}

/// The product under test, in development mode on free ports.
struct ServerUnderTest {
    let folder: URL
    let executable: URL
    let port: Int
    let operationsPort: Int
    let upstreamPort: Int

    var url: String { "https://localhost:\(port)" }
    var certificateAuthority: String { folder.appending(path: "data/dev-ca.pem").path(percentEncoded: false) }
    var mailFolder: URL { folder.appending(path: "data/mail") }

    /// Writes the configuration: sources are told by a trusted proxy, so that a thousand people can come from one machine.
    func prepare() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path(percentEncoded: false)
        let text = """
            mode: development
            public_url: \(url)
            listen: "127.0.0.1:\(port)"
            operations: { listen: "127.0.0.1:\(operationsPort)" }
            data: \(path)/data
            keys: \(path)/keys
            trusted_proxies: ["127.0.0.1/32"]
            upstream: { url: "http://127.0.0.1:\(upstreamPort)", audience: bench }
            clients:
              notes-app: { kind: native, preset: aal1 }
            routes:
              - { path: "/status", auth: none }
              - { path: "/**", auth: required }

            """
        try text.write(to: folder.appending(path: "buckler.yaml"), atomically: true, encoding: .utf8)
    }

    func start() throws -> StartedProcess {
        try StartedProcess(
            "buckler", executable,
            ["serve", "--config", folder.appending(path: "buckler.yaml").path(percentEncoded: false)],
            log: folder.appending(path: "server.log"))
    }
}

/// nginx twice: as the upstream of both, and as the peer that proxies over TLS.
struct NginxPeer {
    let folder: URL
    let tlsPort: Int
    let upstreamPort: Int

    static var executable: URL? {
        ["/usr/sbin/nginx", "/usr/local/bin/nginx", "/opt/homebrew/bin/nginx"].map { URL(filePath: $0) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false)) }
    }

    var certificate: String { folder.appending(path: "peer.pem").path(percentEncoded: false) }

    func start() throws -> (upstream: StartedProcess, proxy: StartedProcess)? {
        guard let nginx = Self.executable else { return nil }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try makeCertificate()
        let body = String(repeating: "x", count: 1024)
        let upstream = try launch(
            nginx, "upstream",
            "server { listen 127.0.0.1:\(upstreamPort); location / { default_type application/json; return 200 \"\(body)\"; } }"
        )
        let proxy = try launch(
            nginx, "proxy",
            """
            upstream api { server 127.0.0.1:\(upstreamPort); keepalive 64; }
            server {
                listen 127.0.0.1:\(tlsPort) ssl http2;
                server_name localhost;
                ssl_certificate \(certificate);
                ssl_certificate_key \(folder.path(percentEncoded: false))/peer-key.pem;
                ssl_protocols TLSv1.2 TLSv1.3;
                keepalive_requests 1000000;
                location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; }
            }
            """)
        return (upstream, proxy)
    }

    private func launch(_ nginx: URL, _ name: String, _ server: String) throws -> StartedProcess {
        let path = folder.path(percentEncoded: false)
        let text = """
            daemon off; worker_processes 1; pid \(path)/\(name).pid; error_log \(path)/\(name).log;
            events { worker_connections 1024; }
            http {
                access_log off; keepalive_requests 1000000;
                client_body_temp_path \(path)/\(name)-body; proxy_temp_path \(path)/\(name)-proxy;
                fastcgi_temp_path \(path)/\(name)-f; uwsgi_temp_path \(path)/\(name)-u; scgi_temp_path \(path)/\(name)-s;
                \(server)
            }
            """
        let file = folder.appending(path: "\(name).conf")
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try StartedProcess(
            "nginx", nginx, ["-c", file.path(percentEncoded: false), "-p", path],
            log: folder.appending(path: "\(name).out"))
    }

    private func makeCertificate() throws {
        let path = folder.path(percentEncoded: false)
        let openssl = try StartedProcess(
            "openssl", URL(filePath: "/usr/bin/env"),
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2",
                "-keyout", "\(path)/peer-key.pem", "-out", "\(path)/peer.pem", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            ],
            log: folder.appending(path: "openssl.log"))
        openssl.process.waitUntilExit()
        guard openssl.process.terminationStatus == 0 else { throw BenchError("openssl could not make a certificate") }
    }
}

/// A port that was free a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
    }
    guard bound else { throw BenchError("no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
}
