import BucklerPrimitives

/// A statement as literal text with bound values.
///
/// Written as a string literal; every interpolation becomes a bound parameter, never text. There is no way to make one
/// from a run-time string: an injected string does not type-check.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The literal pieces; one more than there are values.
    package private(set) var segments: [String]
    /// The bound values, in order.
    package private(set) var values: [SQLValue]

    /// A statement without values.
    package init(stringLiteral value: String) {
        segments = [value]
        values = []
    }

    /// A statement with bound values.
    package init(stringInterpolation: Interpolation) {
        segments = stringInterpolation.segments + [stringInterpolation.tail]
        values = stringInterpolation.values
    }

    /// The text with `?` for each value (SQLite).
    package var questionMarkText: String { segments.joined(separator: "?") }

    /// The text with `$1`, `$2`, … (PostgreSQL).
    package var numberedText: String {
        var text = segments[0]
        for (index, segment) in segments.dropFirst().enumerated() { text += "$\(index + 1)\(segment)" }
        return text
    }

    /// Collects literal pieces and values.
    package struct Interpolation: StringInterpolationProtocol {
        var segments: [String] = []
        var tail = ""
        var values: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { tail += literal }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some SQLBindable) {
            segments.append(tail)
            tail = ""
            values.append(value.sqlValue)
        }

        /// Binds a value or NULL.
        package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            segments.append(tail)
            tail = ""
            values.append(value?.sqlValue ?? .null)
        }
    }
}

/// A value that both engines store.
package enum SQLValue: Sendable, Hashable {
    /// NULL
    case null
    /// BIGINT
    case integer(Int64)
    /// TEXT
    case text(String)
    /// BLOB / BYTEA
    case blob([UInt8])
}

/// Something that can be bound to a statement.
package protocol SQLBindable {
    /// The stored form.
    var sqlValue: SQLValue { get }
}

extension Int64: SQLBindable { package var sqlValue: SQLValue { .integer(self) } }
extension Int: SQLBindable { package var sqlValue: SQLValue { .integer(Int64(self)) } }
extension UInt32: SQLBindable { package var sqlValue: SQLValue { .integer(Int64(self)) } }
extension Bool: SQLBindable { package var sqlValue: SQLValue { .integer(self ? 1 : 0) } }
extension String: SQLBindable { package var sqlValue: SQLValue { .text(self) } }
extension Array: SQLBindable where Element == UInt8 { package var sqlValue: SQLValue { .blob(self) } }
extension Timestamp: SQLBindable { package var sqlValue: SQLValue { .integer(milliseconds) } }
extension Identifier: SQLBindable { package var sqlValue: SQLValue { .blob(bytes) } }
extension ClientID: SQLBindable { package var sqlValue: SQLValue { .text(text) } }
