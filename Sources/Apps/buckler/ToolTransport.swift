import Buckler
import BucklerLinuxTransport
import BucklerPrimitives
import Foundation

/// How the developer's commands reach a server: with its development certificate where there is one.
struct ToolTransport: Sendable {
    let transport: any HTTPTransport
    private let close: @Sendable () async -> Void

    /// For a loopback, `.local` or private address the certificate authority of the data folder is trusted, and nothing
    /// else; any other server must have a certificate that the system trusts.
    init(server: String, data: String) throws {
        #if LinuxTransport
            let isLocal = DevelopmentHost.host(ofURL: server).map(DevelopmentHost.isAllowed) ?? false
            let authority = data + "/dev-ca.pem"
            let transport: AsyncHTTPTransport
            if isLocal {
                guard let development = AsyncHTTPTransport.development(trusting: authority) else {
                    throw Terminal.end(
                        "no certificate authority at \(authority); start the server with `make run`", exitCode: 69)
                }
                transport = development
            } else {
                transport = AsyncHTTPTransport()
            }
            self.transport = transport
            close = { await transport.shutdown() }
        #else
            throw Terminal.end("this build has no client transport; build with the trait LinuxTransport", exitCode: 70)
        #endif
    }

    /// Closes connections.
    func shutdown() async { await close() }
}
