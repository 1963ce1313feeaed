import Synchronization

/// Counters, gauges and histograms of one process, and their Prometheus text (exposition format 0.0.4).
///
/// Names and label sets come from the program text. A family keeps at most `maximumSeriesPerFamily` label sets; a further
/// one is counted under `other`, so that no input can grow the memory. Safe from any thread; one short lock per update.
package final class MetricsRecorder: Sendable {
    private struct Family {
        let kind: Kind
        let help: String
        let labels: [String]
        var series: [[String]: Series]
    }

    private enum Kind: Sendable {
        case counter
        case gauge
        case histogram([Double])

        var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    private struct Series {
        var value = 0.0
        var buckets: [UInt64] = []
        var count: UInt64 = 0
    }

    private let families = Mutex<[String: Family]>([:])
    private let maximumSeriesPerFamily: Int

    /// Makes an empty registry.
    package init(maximumSeriesPerFamily: Int = 64) { self.maximumSeriesPerFamily = maximumSeriesPerFamily }

    /// Adds to a counter.
    ///
    /// `labels` has the same names at every call.
    package func count(
        _ name: StaticString, help: StaticString, labels: [(StaticString, String)] = [], by amount: Double = 1
    ) {
        update(name, .counter, help, labels) { series, _ in series.value += amount }
    }

    /// Sets a counter that is kept elsewhere to what it has reached.
    package func total(
        _ name: StaticString, help: StaticString, labels: [(StaticString, String)] = [], to value: Double
    ) {
        update(name, .counter, help, labels) { series, _ in series.value = value }
    }

    /// Sets a gauge.
    package func gauge(
        _ name: StaticString, help: StaticString, labels: [(StaticString, String)] = [], to value: Double
    ) {
        update(name, .gauge, help, labels) { series, _ in series.value = value }
    }

    /// Adds to a gauge; a negative amount takes away.
    package func adjust(
        _ name: StaticString, help: StaticString, labels: [(StaticString, String)] = [], by amount: Double
    ) {
        update(name, .gauge, help, labels) { series, _ in series.value += amount }
    }

    /// Observes a value in a histogram, by default seconds.
    package func observe(
        _ name: StaticString, help: StaticString, labels: [(StaticString, String)] = [], _ value: Double,
        bounds: [Double] = MetricsRecorder.secondBounds
    ) {
        update(name, .histogram(bounds), help, labels) { series, bounds in
            if series.buckets.isEmpty { series.buckets = [UInt64](repeating: 0, count: bounds.count) }
            if let index = bounds.firstIndex(where: { value <= $0 }) { series.buckets[index] += 1 }
            series.count += 1
            series.value += value
        }
    }

    /// The text that a Prometheus server reads, families and series in sorted order.
    package var prometheusText: String {
        let snapshot = families.withLock { $0 }
        var text = ""
        for (name, family) in snapshot.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(family.help)\n# TYPE \(name) \(family.kind.word)\n"
            for (values, series) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                let labels = zip(family.labels, values).map { "\($0)=\"\(Self.escape($1))\"" }
                text += Self.lines(name, family.kind, labels, series)
            }
        }
        return text
    }

    /// From half a millisecond to ten seconds.
    package static let secondBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private func update(
        _ name: StaticString, _ kind: Kind, _ help: StaticString, _ labels: [(StaticString, String)],
        _ body: (inout Series, [Double]) -> Void
    ) {
        let values = labels.map(\.1)
        families.withLock { families in
            var family =
                families.removeValue(forKey: name.description)
                ?? Family(
                    kind: kind, help: help.description, labels: labels.map { $0.0.description }, series: [:])
            let isFull = family.series.count >= maximumSeriesPerFamily && family.series[values] == nil
            let key = isFull ? values.map { _ in "other" } : values
            let bounds: [Double] = if case .histogram(let bounds) = family.kind { bounds } else { [] }
            body(&family.series[key, default: Series()], bounds)
            families[name.description] = family
        }
    }

    private static func lines(_ name: String, _ kind: Kind, _ labels: [String], _ series: Series) -> String {
        func line(_ suffix: String, _ extra: [String], _ value: String) -> String {
            let all = labels + extra
            return "\(name)\(suffix)\(all.isEmpty ? "" : "{\(all.joined(separator: ","))}") \(value)\n"
        }
        guard case .histogram(let bounds) = kind else { return line("", [], number(series.value)) }
        var text = ""
        var total: UInt64 = 0
        for (bound, count) in zip(bounds, series.buckets) {
            total += count
            text += line("_bucket", ["le=\"\(number(bound))\""], String(total))
        }
        text += line("_bucket", ["le=\"+Inf\""], String(series.count))
        text += line("_sum", [], number(series.value))
        return text + line("_count", [], String(series.count))
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escape(_ text: String) -> String {
        var output = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": output += "\\\\"
            case "\"": output += "\\\""
            case "\n": output += "\\n"
            default: output.unicodeScalars.append(character)
            }
        }
        return output
    }
}
