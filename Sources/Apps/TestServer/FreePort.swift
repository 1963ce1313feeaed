import BucklerAssembly
import Foundation
import Synchronization

/// A loopback port that nobody has at this moment.
///
/// The public URL is part of every token and proof, so a test's server must know its port before it listens. The ports lie below
/// those that Linux gives to outgoing connections, and a process asks for each once: nobody takes it in between.
package enum FreePort {
    private static let range = 12_000..<32_000
    private static let following = Atomic<Int>(Int(getpid()) &* 137 % range.count)

    /// The next free one.
    package static func next() throws -> Int {
        for _ in 0..<range.count {
            let port = range.lowerBound + following.wrappingAdd(1, ordering: .relaxed).oldValue % range.count
            if isFree(port) { return port }
        }
        throw StartFailure.unexpected("no free port")
    }

    /// Whether nobody has it on any address.
    ///
    /// On Linux a child that another thread is just starting keeps a copy of the descriptor a moment longer: with `SO_REUSEADDR`,
    /// as servers set it too, that copy is in nobody's way, while a port that somebody listens on is told apart all the same.
    private static func isFree(_ port: Int) -> Bool {
        #if os(Linux)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var isOn: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = INADDR_ANY
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { socket in
                bind(descriptor, socket, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
