import BucklerPrimitives
import Foundation

/// Reads the mail that the development server writes to files.
struct DemoMailbox {
    let folder: String

    /// The names that are there already, so that only younger mail counts.
    var now: Set<String> { Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []) }

    /// The code of the first mail to `address` that is not in `known`; waits up to fifteen seconds.
    func code(to address: String, since known: Set<String>) async throws -> String {
        for _ in 0..<150 {
            for file in now.subtracting(known).sorted() where file.hasSuffix(".eml") {
                guard let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8),
                    text.contains("To: <\(address)>"), let code = Self.code(in: text)
                else { continue }
                return code
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DemoDifference("no mail to \(address) came within 15 s; is \(folder) the server's mail folder?")
    }

    /// The one line of the text part that is indented by four spaces.
    static func code(in mail: String) -> String? {
        mail.split(whereSeparator: \.isNewline).first { $0.hasPrefix("    ") }
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
