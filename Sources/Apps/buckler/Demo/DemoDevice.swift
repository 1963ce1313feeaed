import Buckler
import BucklerPlatformKeys
import BucklerPrimitives
import Foundation
import Synchronization

/// One of the demo's devices: a folder with a vault and a key, and a client on it.
struct DemoDevice {
    let name: String
    let client: BucklerClient
    let secrets: any SecretStore
    let recorder: DemoRecorder

    init(_ name: String, _ folder: String, _ server: String, _ transport: any HTTPTransport) throws {
        self.name = name
        recorder = DemoRecorder(transport)
        var environment = try BucklerEnvironment.directoryEnvironment(path: folder, transport: recorder)
        environment.deviceName = name
        secrets = environment.secrets
        client = try BucklerClient(server: server, clientID: "notes-ios", environment: environment)
    }
}

/// A transport that remembers what a thief on the wire would see.
final class DemoRecorder: HTTPTransport {
    private struct Seen: Sendable {
        var lastCall: TransportRequest?
        var lastRefreshToken: SecretString?
    }

    private let base: any HTTPTransport
    private let seen = Mutex(Seen())

    init(_ base: any HTTPTransport) { self.base = base }

    /// The last signed call of the API.
    var lastCall: TransportRequest? { seen.withLock { $0.lastCall } }
    /// The refresh token of the last token answer.
    var lastRefreshToken: SecretString? { seen.withLock { $0.lastRefreshToken } }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let response = try await base.send(request)
        if request.url.hasSuffix("/oauth/token") { return try await remember(response) }
        if request.headers.contains(where: { $0.name == "Authorization" }) { seen.withLock { $0.lastCall = request } }
        return response
    }

    private func remember(_ response: TransportResponse) async throws(TransportError) -> TransportResponse {
        let bytes = try await DemoBody.read(response)
        if let token = (try? StrictJSON.parseObject(bytes))?["refresh_token"]?.string {
            seen.withLock { $0.lastRefreshToken = SecretString(token) }
        }
        return TransportResponse(status: response.status, headers: response.headers, bytes: bytes)
    }
}

/// Reads whole bodies.
enum DemoBody {
    /// At most 1 MiB.
    static func read(_ response: TransportResponse) async throws(TransportError) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await chunk in response.body where bytes.count < 1_048_576 { bytes += chunk }
        } catch {
            throw .offline
        }
        return bytes
    }
}
