/// The bytes of one file, with the starts of its lines.
///
/// Offsets are bytes from 0; lines and columns count from 1. Bytes that are not UTF-8 stay as they are: an offset always
/// names a byte of the file on disk.
package final class SourceText: Sendable {
    /// The path as it is reported: relative to the scanned root, with `/` between names.
    package let path: String
    /// The file's bytes.
    package let bytes: [UInt8]
    private let lineStarts: [UInt32]
    /// UTF-16 code units before every block of ``blockByteCount`` bytes; empty unless some line is long.
    private let unitsBeforeBlock: [UInt32]
    private static let blockByteCount = 1_024
    private static let longLineByteCount = 4_096

    /// Takes the bytes of a file of at most 4 GiB and finds its lines.
    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        lineStarts = Self.lineStarts(of: bytes)
        unitsBeforeBlock = Self.hasLongLine(lineStarts, bytes.count) ? Self.unitsBeforeBlock(of: bytes) : []
    }

    /// Takes a text, as patterns and tests have it.
    package convenience init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    /// The number of lines; a last line without an end counts.
    package var lineCount: Int { lineStarts.count }

    /// The place of a byte.
    ///
    /// Offsets past the end give the place after the last byte.
    package func position(at offset: Int) -> SourcePosition {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle - 1 }
        }
        return SourcePosition(
            line: low + 1, column: units(before: offset, from: Int(lineStarts[low])) + 1, offset: offset)
    }

    /// The byte range of a line without its end, or an empty range when there is no such line.
    package func lineRange(_ line: Int) -> Range<Int> {
        guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
        let start = Int(lineStarts[line - 1])
        var end = line < lineStarts.count ? Int(lineStarts[line]) : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    /// The text of a byte range; wrong UTF-8 is replaced by U+FFFD.
    package func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    /// The text of a line without its end.
    package func line(_ line: Int) -> String { text(lineRange(line)) }

    /// The text of a line without its end, cut after some bytes: a line can be as long as the file.
    package func shortLine(_ line: Int, maximumByteCount: Int = 400) -> String {
        let range = lineRange(line)
        guard range.count > maximumByteCount else { return text(range) }
        var end = range.lowerBound + maximumByteCount
        while end > range.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return text(range.lowerBound..<end) + "…"
    }

    /// UTF-16 code units from one byte to another (SARIF 2.1.0 §3.14.17 counts columns in them).
    private func units(before offset: Int, from start: Int) -> Int {
        let size = Self.blockByteCount
        guard !unitsBeforeBlock.isEmpty, offset - start > size else { return Self.utf16Count(bytes, start..<offset) }
        func total(_ offset: Int) -> Int {
            Int(unitsBeforeBlock[offset / size]) + Self.utf16Count(bytes, (offset / size * size)..<offset)
        }
        return total(offset) - total(start)
    }

    private static func utf16Count(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var count = 0
        for offset in range {
            let byte = bytes[offset]
            if byte & 0xC0 != 0x80 { count += byte >= 0xF0 ? 2 : 1 }
        }
        return count
    }

    private static func hasLongLine(_ starts: [UInt32], _ byteCount: Int) -> Bool {
        guard byteCount > longLineByteCount else { return false }
        for index in starts.indices {
            let end = index + 1 < starts.count ? Int(starts[index + 1]) : byteCount
            if end - Int(starts[index]) > longLineByteCount { return true }
        }
        return false
    }

    private static func unitsBeforeBlock(of bytes: [UInt8]) -> [UInt32] {
        var result: [UInt32] = [0]
        var total = 0
        for start in stride(from: 0, to: bytes.count, by: blockByteCount) {
            total += utf16Count(bytes, start..<min(start + blockByteCount, bytes.count))
            result.append(UInt32(clamping: total))
        }
        return result
    }

    private static func lineStarts(of bytes: [UInt8]) -> [UInt32] {
        var starts: [UInt32] = [0]
        bytes.withUnsafeBufferPointer { buffer in
            for index in buffer.indices where buffer[index] == 0x0A && index + 1 <= buffer.count {
                starts.append(UInt32(index + 1))
            }
        }
        return starts
    }
}

/// A place in a file: line and column count from 1, the column in UTF-16 code units; the offset counts bytes from 0.
package struct SourcePosition: Hashable, Sendable {
    package let line: Int
    package let column: Int
    package let offset: Int

    package init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }
}
