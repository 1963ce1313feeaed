import Foundation
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel knows it.
enum PeerCredentials {
    /// True for the server's own user and for root.
    static func mayAdminister(_ channel: any Channel) async throws -> Bool {
        let user = try await userID(of: channel)
        return user == getuid() || user == 0
    }

    private static func userID(of channel: any Channel) async throws -> uid_t {
        guard let socket = channel as? any SocketOptionProvider else { throw ChannelError.operationUnsupported }
        #if os(Linux)
            let credentials: Credentials = try await socket.unsafeGetSocketOption(
                level: NIOBSDSocket.OptionLevel(rawValue: SOL_SOCKET), name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
            ).get()
            return credentials.user
        #else
            let credentials: xucred = try await socket.unsafeGetSocketOption(
                level: NIOBSDSocket.OptionLevel(rawValue: 0), name: NIOBSDSocket.Option(rawValue: LOCAL_PEERCRED)
            ).get()
            return credentials.cr_uid
        #endif
    }

    /// `struct ucred` of Linux (unix(7)).
    private struct Credentials: Sendable {
        var process: Int32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
    }
}
