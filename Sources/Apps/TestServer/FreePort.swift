import BucklerAssembly
import Foundation

/// A loopback port that nobody has at this moment.
///
/// The public URL is part of every token and proof, so a test's server must know its port before it listens.
package enum FreePort {
    /// Asks the kernel for one.
    package static func next() throws -> Int {
        #if os(Linux)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw StartFailure.unexpected("socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socket in
                bind(descriptor, socket, length) == 0 && getsockname(descriptor, socket, &length) == 0
            }
        }
        guard status else { throw StartFailure.unexpected("bind") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
