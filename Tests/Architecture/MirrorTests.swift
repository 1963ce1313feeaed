import Foundation
import Testing

@Suite("The tree and the README")
struct MirrorTests {
    @Test("every practice of the README's table has its folder and its page, or is marked as not here yet")
    func practices() throws {
        let repository = Repository.current
        let readme = try repository.text(of: "README.md")
        for practice in ImportRuleTests.practices.sorted() {
            let row = try #require(
                readme.split(separator: "\n").first {
                    $0.hasPrefix("|") && $0.contains("[\(practice)](Docs/\(practice).md)")
                },
                "README has no row for \(practice)")
            #expect(repository.exists("Docs/\(practice).md"), "Docs/\(practice).md is missing")
            if row.contains("not here yet") { continue }
            for mirror in ["Sources/Practices", "Tests/Practices"]
            where practice != "DeviceTrust" || mirror == "Sources/Practices" {
                #expect(repository.exists("\(mirror)/\(practice)"), "\(mirror)/\(practice) is missing")
            }
        }
    }

    @Test("every document that the README and the pages link to exists")
    func links() throws {
        let repository = Repository.current
        let pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md"] + (try repository.files(below: "Docs"))
        for page in pages where page.hasSuffix(".md") {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            for match in try repository.text(of: page).matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
                let target = folder.isEmpty ? String(match.1) : "\(folder)/\(match.1)"
                #expect(repository.exists(target), "\(page) links to \(match.1), which is not there")
            }
        }
    }
}
