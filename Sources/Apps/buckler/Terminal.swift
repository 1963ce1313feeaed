import ArgumentParser
import BucklerAssembly
import BucklerPrimitives
import Foundation

/// What the commands say, and to whom: results to standard output, everything else to standard error.
enum Terminal {
    /// Prints a reason to standard error; the caller throws the exit code.
    static func end(_ failure: StartFailure) -> ExitCode { end(failure.description, exitCode: failure.exitCode) }

    /// Prints a reason to standard error; the caller throws the exit code.
    static func end(_ message: String, exitCode: Int32) -> ExitCode {
        say("buckler: \(message)")
        return ExitCode(exitCode)
    }

    /// Prints a line to standard error.
    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// Prints a line to standard output, at once.
    static func print(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// Prints a table whose columns are as wide as they must be; rows may have fewer cells than the first one.
    static func print(table rows: [[String]]) {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        for row in rows {
            let cells = zip(row, widths).map { text, width in text + String(repeating: " ", count: width - text.count) }
            print(cells.joined(separator: "  ").trimmingTrailingSpaces)
        }
    }

    /// A value for a table's cell.
    static func cell(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): flag ? "yes" : "no"
        case nil, .null: "–"
        case let other?: other.text
        }
    }
}

extension String {
    /// Without spaces at the end.
    var trimmingTrailingSpaces: String {
        String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
    }
}
