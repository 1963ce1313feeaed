/// Why the bytes of a WebSocket are no frames (RFC 6455 §5.2, §5.5).
package enum WebSocketViolation: Error, Equatable, Sendable {
    /// A client's frame without a mask, or a server's with one.
    case mask
    /// An operation code that nobody has defined.
    case operation
    /// A control frame in parts, or of more than 125 bytes.
    case control
    /// A continuation of nothing, or a new message within a message.
    case sequence
    /// A length that is not the shortest form, or above the bound.
    case length

    /// The status for the close frames: 1009 for a frame that is too long, else 1002.
    package var status: UInt16 { self == .length ? 1009 : 1002 }
}

/// Follows the frames of one direction of a WebSocket without holding any of them.
///
/// A gateway needs to know where frames end, to put a close frame of its own between two of them, and must not pass on
/// what either end would read differently. Payloads are not looked at: extensions may have changed them.
package struct WebSocketFrames: Sendable {
    /// Who sends in this direction.
    package enum Sender: Sendable {
        case client
        case server
    }

    private let sender: Sender
    private let maximumByteCount: UInt64
    private var header: [UInt8] = []
    private var payload: UInt64 = 0
    private var isInMessage = false

    /// True after a close frame was seen; nothing may follow.
    package private(set) var isClosed = false

    /// Takes the direction and the most that one frame may carry.
    package init(from sender: Sender, maximumByteCount: Int) {
        self.sender = sender
        self.maximumByteCount = UInt64(max(0, maximumByteCount))
        header.reserveCapacity(14)
    }

    /// True between two frames.
    package var isAtBoundary: Bool { header.isEmpty && payload == 0 }

    /// Looks at the next bytes of this direction.
    ///
    /// - Throws: The first violation; nothing of `bytes` may be passed on then.
    package mutating func follow(_ bytes: some Collection<UInt8>) throws(WebSocketViolation) {
        var rest = bytes[...]
        while !rest.isEmpty {
            if payload > 0 {
                let count = Int(min(payload, UInt64(rest.count)))
                payload -= UInt64(count)
                rest = rest.dropFirst(count)
                continue
            }
            guard let byte = rest.popFirst() else { return }
            header.append(byte)
            if header.count >= 2, header.count == headerByteCount {
                try begin()
                header.removeAll(keepingCapacity: true)
            }
        }
    }

    /// The length of the header whose first two bytes are here.
    private var headerByteCount: Int {
        let mask = header[1] & 0x80 != 0 ? 4 : 0
        switch header[1] & 0x7F {
        case 126: return 4 + mask
        case 127: return 10 + mask
        default: return 2 + mask
        }
    }

    private mutating func begin() throws(WebSocketViolation) {
        guard !isClosed else { throw .sequence }
        guard (header[1] & 0x80 != 0) == (sender == .client) else { throw .mask }
        let isFinal = header[0] & 0x80 != 0
        let length = try announcedLength()
        switch header[0] & 0x0F {
        case 0x0:
            guard isInMessage else { throw .sequence }
            isInMessage = !isFinal
        case 0x1, 0x2:
            guard !isInMessage else { throw .sequence }
            isInMessage = !isFinal
        case 0x8, 0x9, 0xA:
            guard isFinal, length <= 125 else { throw .control }
            isClosed = header[0] & 0x0F == 0x8
        default: throw .operation
        }
        payload = length
    }

    private func announcedLength() throws(WebSocketViolation) -> UInt64 {
        let short = UInt64(header[1] & 0x7F)
        let long = header[2...].prefix(short == 126 ? 2 : short == 127 ? 8 : 0).reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        let length = short < 126 ? short : long
        guard short < 126 || long > (short == 126 ? 125 : 65_535), length <= maximumByteCount else { throw .length }
        return length
    }

    /// A close frame (RFC 6455 §5.5.1) as this direction's sender writes it.
    ///
    /// - Parameters:
    ///   - sender: Whose frame it is; only a client's is masked.
    ///   - status: For instance 1001 (going away) or 1008 (policy).
    ///   - reason: ASCII, at most 123 bytes are sent.
    ///   - mask: Four unpredictable bytes, used by a client's frames only.
    /// - Returns: The frame's bytes, at most 131.
    package static func close(
        from sender: Sender, status: UInt16, reason: String, mask: [UInt8]
    ) -> [UInt8] {
        let body = [UInt8(status >> 8), UInt8(status & 0xFF)] + reason.utf8.prefix(123)
        switch sender {
        case .server: return [0x88, UInt8(body.count)] + body
        case .client:
            precondition(mask.count == 4, "a mask has four bytes")
            return [0x88, 0x80 | UInt8(body.count)] + mask + body.enumerated().map { $1 ^ mask[$0 & 3] }
        }
    }
}
