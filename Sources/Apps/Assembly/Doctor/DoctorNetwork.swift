import BucklerSecurityEvents
import Foundation
import NIOCore
import NIOPosix
import ServerConfiguration

/// The doctor's questions to the network: does somebody accept, and under which addresses is this machine known.
struct DoctorNetwork: Sendable {
    /// True if a connection is accepted within two seconds; nothing is sent.
    func accepts(_ place: UpstreamURL.Place) async -> Bool {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(.seconds(2))
        let connection =
            switch place {
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        guard let channel = try? await connection.get() else { return false }
        channel.close(promise: nil)
        return true
    }

    /// This machine's addresses that others can reach.
    func outsideAddresses() -> [String] {
        let devices = (try? System.enumerateDevices()) ?? []
        let addresses = devices.compactMap { $0.address?.ipAddress }
        return Array(Set(addresses)).sorted().filter { text in
            guard let address = SourceAddress(parsing: text) else { return false }
            return !address.isLoopback && !text.hasPrefix("fe80")
        }
    }

    /// The addresses of a name; empty if there are none.
    func resolve(_ host: String) -> [String] {
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next {
            var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
                == 0
            {
                let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                let text = String(decoding: bytes, as: UTF8.self)
                if !addresses.contains(text) { addresses.append(text) }
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }
}
