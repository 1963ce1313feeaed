import Testing

@testable import Buckler

@Suite("Event streams")
struct EventStreamParserTests {
    private typealias Message = EventStreamParser.Message

    private func parse(_ text: String, step: Int = .max) throws -> [EventStreamParser.Message] {
        var parser = EventStreamParser()
        var messages: [Message] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            messages += try parser.take(Array(rest.prefix(step)))
            rest = rest.dropFirst(step)
        }
        return messages
    }

    @Test("events are taken apart however they were cut", arguments: [1, 2, 3, 7, Int.max])
    func pieces(step: Int) throws {
        let text = ":\n\nevent: a\ndata: {\"x\":1}\n\n: beat\n\nevent:b\r\ndata: 1\r\ndata: é\r\nid: 7\r\n\r\ndata\n\n"
        #expect(
            try parse(text, step: step) == [
                Message(name: "a", data: "{\"x\":1}"), Message(name: "b", data: "1\né"),
                Message(name: "message", data: ""),
            ])
    }

    @Test("an event that was not finished, or has no data, is none")
    func unfinished() throws {
        #expect(try parse("event: a\ndata: 1\n").isEmpty)
        #expect(try parse("event: a\n\n:\n\n\n\n").isEmpty)
    }

    @Test("an endless event and bytes that are no text are refused")
    func refused() {
        #expect(throws: EventStreamParser.Malformed.self) { try parse(String(repeating: "x", count: 65_537)) }
        #expect(throws: EventStreamParser.Malformed.self) {
            try parse(String(repeating: "data: 1234567890\n", count: 5000))
        }
        #expect(throws: EventStreamParser.Malformed.self) {
            var parser = EventStreamParser()
            _ = try parser.take([0xFF, 0x0A])
        }
    }
}
