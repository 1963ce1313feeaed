/// Takes a `text/event-stream` apart (WHATWG HTML §9.2.6), as far as our server writes one: `event`, `data`, comments.
///
/// Lines end with LF or CR LF. A stream whose event is longer than 64 KiB is refused.
struct EventStreamParser: Sendable {
    /// A dispatched event.
    struct Message: Sendable, Hashable {
        let name: String
        let data: String
    }

    /// The stream is not one that our server writes.
    struct Malformed: Error {}

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var size = 0

    private static let maximumByteCount = 65_536

    /// Takes the next bytes; answers what they finished.
    mutating func take(_ bytes: [UInt8]) throws(Malformed) -> [Message] {
        var messages: [Message] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                size += 1
                guard size <= Self.maximumByteCount else { throw Malformed() }
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            guard let text = String(validating: line, as: UTF8.self) else { throw Malformed() }
            line.removeAll(keepingCapacity: true)
            if let message = end(of: text) { messages.append(message) }
        }
        return messages
    }

    private mutating func end(of line: String) -> Message? {
        guard line.isEmpty else {
            note(line)
            return nil
        }
        defer {
            name = ""
            data = []
            size = 0
        }
        // An event without data is none (§9.2.6); a comment alone is a sign of life.
        return data.isEmpty ? nil : Message(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"))
    }

    private mutating func note(_ line: String) {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let field = parts.first, !field.isEmpty else { return }
        var value = parts.count > 1 ? parts[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch field {
        case "event": name = String(value)
        case "data": data.append(String(value))
        default: break
        }
    }
}
