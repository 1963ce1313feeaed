import BucklerAPI
import Foundation
import ServerConfiguration
import Testing

@Suite("Generated documents")
struct GeneratedDocumentTests {
    @Test("Docs/Problems.md is what the program text says; `make docs` writes it anew")
    func problems() throws {
        try expectGenerated("Docs/Problems.md", Self.problemsMarkdown)
    }

    @Test("Docs/Defaults.md is what the table of configuration keys says")
    func defaults() throws {
        try expectGenerated("Docs/Defaults.md", ConfigurationKeys.markdown)
    }

    @Test("every problem code stands once, in dotted lower case, with a status of its own kind")
    func codes() {
        var seen = Set<String>()
        for code in ProblemCode.all {
            #expect(seen.insert(code.text).inserted, "\(code.text) stands twice")
            #expect(
                code.text.wholeMatch(of: /[a-z0-9_]+(\.[a-z0-9_]+)+/) != nil, "\(code.text) is not dotted lower case")
            #expect((400..<600).contains(code.status))
            #expect(!code.explanation.isEmpty)
        }
    }

    static var problemsMarkdown: String {
        var text = """
            # Problems

            Every refusal carries one of these codes: as `code` of a problem document (RFC 9457) and in the header
            `Buckler-Problem`, or as the member `code` beside OAuth's own `error` (RFC 6749 §5.2). Codes are never renamed and
            never reused. This page is generated from the program text (`make docs`); a test fails when it drifts.

            | code | status | title | what happened, what to do |
            | --- | --- | --- | --- |

            """
        for code in ProblemCode.all {
            text +=
                "| <a id=\"\(code.text)\"></a>`\(code.text)` | \(code.status) | \(code.title) | \(code.explanation) |\n"
        }
        return text
    }
}

/// Compares a document with its generated text, or writes it where `BUCKLER_WRITE_DOCS` is set.
func expectGenerated(_ path: String, _ expected: String) throws {
    let repository = Repository.current
    if ProcessInfo.processInfo.environment["BUCKLER_WRITE_DOCS"] != nil {
        try expected.write(to: repository.root.appending(path: path), atomically: true, encoding: .utf8)
    }
    let actual = repository.exists(path) ? try repository.text(of: path) : ""
    #expect(actual == expected, "\(path) drifted; run `make docs`")
}
