/// What a report says besides the findings.
package struct ReportContext: Sendable {
    /// The version of the analyser.
    package let version: String
    /// The scanned folder, as it was given.
    package let root: String
    /// The project's name, for people.
    package let name: String
    /// When the scan ended: RFC 3339 in UTC.
    package let time: String
    /// How long it took.
    package let duration: Duration
    /// Where the scanned folder lies in its repository, with a `/` at its end: what platforms put before paths.
    package let pathPrefix: String
    /// Whether the scan is the one that was asked for.
    package let isSuccessful: Bool

    package init(
        version: String, root: String, name: String? = nil, time: String, duration: Duration, pathPrefix: String = "",
        isSuccessful: Bool = true
    ) {
        self.version = version
        self.root = root
        self.name = name ?? root.split(separator: "/").last.map(String.init) ?? root
        self.time = time
        self.duration = duration
        self.pathPrefix = pathPrefix
        self.isSuccessful = isSuccessful
    }

    private var hundredths: Int64 {
        duration.components.seconds * 100 + duration.components.attoseconds / 10_000_000_000_000_000
    }

    /// The duration in seconds as a number, to hundredths.
    package var secondsNumber: Double { Double(hundredths) / 100 }

    /// The duration in seconds with two decimals.
    package var seconds: String {
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// Escapes for HTML and XML.
enum Markup {
    /// Escapes `&`, `<`, `>`, `"` and `'`, and leaves out control characters that XML 1.0 §2.2 forbids.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                if scalar.value < 0x20, scalar != "\n", scalar != "\t" { continue }
                if scalar.value == 0xFFFE || scalar.value == 0xFFFF { continue }
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
