import BucklerPrimitives
import SecureChannel
import TestSupport
import Testing

/// RFC 6455 §5, without holding a frame.
@Suite("WebSocket frames")
struct WebSocketFramesTests {
    /// One frame as `sender` writes it.
    static func frame(
        _ operation: UInt8, _ count: Int, from sender: WebSocketFrames.Sender, isFinal: Bool = true
    ) -> [UInt8] {
        let mask: UInt8 = sender == .client ? 0x80 : 0
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | operation]
        switch count {
        case ..<126: bytes.append(mask | UInt8(count))
        case ..<65_536: bytes += [mask | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        default: bytes += [mask | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        }
        if sender == .client { bytes += [1, 2, 3, 4] }
        return bytes + [UInt8](repeating: 0xFF, count: count)
    }

    @Test("whatever pieces the bytes come in, boundaries are found where frames end", arguments: 1...40)
    func pieces(seed: Int) throws {
        let random = Entropy.seeded(UInt64(seed))
        let sender: WebSocketFrames.Sender = seed % 2 == 0 ? .client : .server
        var frames = WebSocketFrames(from: sender, maximumByteCount: 100_000)
        var stream: [UInt8] = []
        var ends: Set<Int> = [0]
        for _ in 0..<20 {
            let count = [0, 1, 125, 126, 127, 300, 65_535, 65_536][Int(random.integer(below: 8))]
            let isControl = count <= 125 && random.integer(below: 3) == 0
            stream += Self.frame(isControl ? 0x9 : 0x2, count, from: sender)
            ends.insert(stream.count)
        }
        var position = 0
        while position < stream.count {
            let next = min(
                stream.count, position + 1 + Int(random.integer(below: random.integer(below: 2) == 0 ? 3 : 5000)))
            try frames.follow(stream[position..<next])
            position = next
            #expect(frames.isAtBoundary == ends.contains(position))
        }
        #expect(frames.isAtBoundary && !frames.isClosed)
    }

    @Test("a message in parts may have control frames between them, nothing else")
    func fragments() throws {
        var frames = WebSocketFrames(from: .server, maximumByteCount: 1000)
        try frames.follow(Self.frame(0x1, 3, from: .server, isFinal: false))
        try frames.follow(Self.frame(0x9, 3, from: .server))
        try frames.follow(Self.frame(0x0, 3, from: .server, isFinal: false))
        var other = frames
        #expect(throws: WebSocketViolation.sequence) { try other.follow(Self.frame(0x2, 3, from: .server)) }
        try frames.follow(Self.frame(0x0, 3, from: .server))
        #expect(throws: WebSocketViolation.sequence) { try frames.follow(Self.frame(0x0, 3, from: .server)) }
    }

    @Test("what is no frame is refused for its own reason")
    func violations() {
        func violation(_ bytes: [UInt8], from sender: WebSocketFrames.Sender = .server) -> WebSocketViolation? {
            var frames = WebSocketFrames(from: sender, maximumByteCount: 70_000)
            do throws(WebSocketViolation) { try frames.follow(bytes) } catch { return error }
            return nil
        }
        #expect(violation(Self.frame(0x1, 3, from: .server), from: .client) == .mask)
        #expect(violation(Self.frame(0x1, 3, from: .client), from: .server) == .mask)
        for operation: UInt8 in [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF] {
            #expect(violation(Self.frame(operation, 0, from: .server)) == .operation)
        }
        #expect(violation(Self.frame(0x9, 126, from: .server)) == .control)
        #expect(violation(Self.frame(0x8, 2, from: .server, isFinal: false)) == .control)
        #expect(violation(Self.frame(0x0, 1, from: .server)) == .sequence)
        #expect(violation(Self.frame(0x8, 2, from: .server) + Self.frame(0x1, 1, from: .server)) == .sequence)
        #expect(violation(Self.frame(0x2, 70_001, from: .server)) == .length)
        #expect(violation([0x82, 126, 0, 125]) == .length, "not the shortest form")
        #expect(violation([0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) == .length, "not the shortest form")
        #expect(violation([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]) == .length, "the top bit is set")
        #expect(WebSocketViolation.length.status == 1009 && WebSocketViolation.mask.status == 1002)
    }

    @Test("a close frame of ours is one that the other side accepts")
    func close() throws {
        for sender in [WebSocketFrames.Sender.client, .server] {
            let bytes = WebSocketFrames.close(
                from: sender, status: 1008, reason: String(repeating: "r", count: 200), mask: [1, 2, 3, 4])
            var frames = WebSocketFrames(from: sender, maximumByteCount: 1000)
            try frames.follow(bytes)
            #expect(frames.isAtBoundary && frames.isClosed)
        }
        let bytes = WebSocketFrames.close(from: .client, status: 1008, reason: "ab", mask: [1, 2, 3, 4])
        #expect(bytes == [0x88, 0x84, 1, 2, 3, 4, 0x03 ^ 1, 0xF0 ^ 2, UInt8(ascii: "a") ^ 3, UInt8(ascii: "b") ^ 4])
    }

    @Test("no bytes make it trap", arguments: 1...200)
    func noise(seed: Int) {
        let random = Entropy.seeded(UInt64(seed) &* 7919)
        var frames = WebSocketFrames(from: seed % 2 == 0 ? .client : .server, maximumByteCount: 1 << 20)
        for _ in 0..<50 {
            let bytes = (0..<Int(random.integer(below: 40))).map { _ in UInt8(random.integer(below: 256)) }
            do { try frames.follow(bytes) } catch { return }
        }
    }
}
