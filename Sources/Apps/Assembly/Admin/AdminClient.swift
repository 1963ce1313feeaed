import BucklerPrimitives
import Foundation

/// The command line's end of the admin socket.
///
/// Blocks; for short-lived processes only.
package struct AdminClient {
    private let path: String

    /// Takes the socket's path.
    package init(path: String) { self.path = path }

    /// Why there was no answer.
    package enum Failure: Error, Equatable {
        /// No server listens there.
        case noServer
        /// The server closed the connection without an answer: another user's process, or it is stopping.
        case refused
        /// The answer is none.
        case unreadable
    }

    /// What the server said in the end.
    package enum Outcome: Sendable, Hashable {
        /// Done.
        case result(JSONObject)
        /// Not done, and with which exit code.
        case refusal(message: String, exitCode: Int32)
    }

    /// Sends an order and reads lines until the last; `each` gets the lines before it.
    package func send(_ request: AdminRequest, each: (JSONObject) -> Void) throws(Failure) -> Outcome {
        let descriptor = try connect()
        defer { close(descriptor) }
        try write(request.line + [0x0A], to: descriptor)
        var buffer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            while let end = buffer.firstIndex(of: 0x0A) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                if let outcome = try outcome(of: line, each: each) { return outcome }
            }
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .refused }
            buffer += chunk[..<count]
        }
    }

    private func outcome(of line: [UInt8], each: (JSONObject) -> Void) throws(Failure) -> Outcome? {
        let limits = StrictJSON.Limits(maximumByteCount: 16 << 20, maximumDepth: 16, maximumValueCount: 1_000_000)
        guard let object = try? StrictJSON.parseObject(line, limits: limits) else { throw .unreadable }
        if let item = object["item"]?.object {
            each(item)
            return nil
        }
        if let result = object["result"]?.object { return .result(result) }
        guard let message = object["error"]?.string, let exit = object["exit"]?.integer else { throw .unreadable }
        return .refusal(message: message, exitCode: Int32(clamping: exit))
    }

    private func connect() throws(Failure) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .noServer }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        #if os(Linux)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw .noServer }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(descriptor, $0, length) }
        }
        guard status == 0 else {
            close(descriptor)
            throw .noServer
        }
        return descriptor
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .refused }
            rest = rest.dropFirst(count)
        }
    }
}
