import Foundation
import Testing

/// Docs/ThreatModel.md names the tests that hold each attacker and each invariant; they are there.
@Suite("The threat model and its tests")
struct ThreatModelTests {
    private static let page = "Docs/ThreatModel.md"

    /// The rows of the table "What holds it": the first cell, and the test files of the last one.
    private static func rows() throws -> [(name: String, tests: [String], text: String)] {
        let text = try Repository.current.text(of: page)
        let table = try #require(text.components(separatedBy: "## What holds it").dropFirst().first)
        return table.split(separator: "\n").filter { $0.hasPrefix("| ") }.compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 2, let last = cells.last, cells[0].first == "I" || cells[0].first == "T" else {
                return nil
            }
            return (cells[0], last.matches(of: /`(Tests\/[^`]+)`/).map { String($0.1) }, last)
        }
    }

    @Test("each of I1 to I10 and T1 to T10 stands in the table once")
    func complete() throws {
        let names = try Self.rows().map(\.name)
        #expect(names == (1...10).map { "I\($0)" } + (1...10).map { "T\($0)" })
    }

    @Test("each invariant names a test, and each attacker names one or says that it cannot be met yet")
    func named() throws {
        for row in try Self.rows() {
            let isLater = row.name.hasPrefix("T") && row.text.hasPrefix("not yet: ")
            #expect(!row.tests.isEmpty || isLater, "\(row.name) has no test")
        }
    }

    @Test("every named file exists and holds tests")
    func exist() throws {
        let repository = Repository.current
        for row in try Self.rows() {
            for path in row.tests {
                #expect(repository.exists(path), "\(row.name): \(path) is not there")
                guard repository.exists(path) else { continue }
                #expect(try repository.text(of: path).contains("@Test"), "\(row.name): \(path) tests nothing")
            }
        }
    }

    @Test("every file below Tests/Adversarial that holds tests is named in the page")
    func nothingUnnamed() throws {
        let repository = Repository.current
        let page = try repository.text(of: Self.page)
        for (path, text) in try repository.swiftFiles(below: "Tests/Adversarial") where text.contains("@Test") {
            #expect(page.contains(path), "\(path) is not named in \(Self.page)")
        }
    }
}
