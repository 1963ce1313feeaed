#if Scanner
    import BucklerPrimitives
    import Foundation
    import Testing

    @testable import CodeSecurity

    #if canImport(FoundationXML)
        import FoundationXML
    #endif

    @Suite("Reports")
    struct ReportTests {
        /// What a hostile file could bring: markup, quotes, tables, escapes of a terminal, a path that is no URI.
        private static let evil = "<script>alert('x')</script>\"&|`\u{1B}[2J\u{202E}"
        private static let path = "A pp/<b>ü%|`x`\".swift"
        private static let context = ReportContext(
            version: "1.2.3", root: "/tmp/<i>root</i>", name: "<i>root</i>", time: "2027-01-02T03:04:05Z",
            duration: .milliseconds(1_234))

        private static func position(_ line: Int, _ column: Int) -> SourcePosition {
            SourcePosition(line: line, column: column, offset: line * 10 + column)
        }

        private static func rule(_ id: String, _ severity: Severity) -> Rule {
            Rule(
                id: id, languages: [.swift], severity: severity, message: evil, search: .analyser("none"),
                metadata: RuleMetadata(
                    title: "Title " + evil, why: "Why " + evil, fix: "Fix " + evil, cwe: ["CWE-79"],
                    masvs: ["MASVS-CODE-4"],
                    maswe: ["MASWE-0041"], masweBeta: ["MASWE-0077"], mastg: ["MASTG-TEST-0001"], confidence: .high,
                    references: ["https://example.org/?a=<b>"], area: "code"),
                requiredWords: [], excludedPaths: [], coversTests: false)
        }

        private static func finding(_ rule: String, _ severity: Severity, line: Int, _ print: String) -> Finding {
            Finding(
                ruleID: rule, severity: severity, message: "Message " + evil, path: path, start: position(line, 5),
                end: position(line, 9), snippet: ["let a = \(evil)"], context: .production, fingerprint: print,
                related: [RelatedPlace(path: path, start: position(1, 1), end: position(1, 2), message: evil)])
        }

        private static let result: ScanResult = {
            var accepted = finding("one", .error, line: 9, "ccc")
            accepted.suppression = Suppression(kind: .inSource, reason: "Because " + evil, expires: "2030-01-01")
            var past = finding("two", .note, line: 4, "ddd")
            past.commit = "0123456789abcdef0123456789abcdef01234567"
            return ScanResult(
                findings: [
                    finding("one", .error, line: 2, "aaa"), finding("two", .note, line: 3, "bbb"), accepted, past,
                ],
                notes: [ScanNote(kind: .ruleLeftOut, path: evil, line: 7, text: "left out: " + evil)], fileCount: 3,
                byteCount: 2_000_000, parsedFileCount: 1, rules: [rule("one", .error), rule("two", .note)])
        }()

        private static let nothing = ScanResult(
            findings: [], notes: [], fileCount: 0, byteCount: 0, parsedFileCount: 0, rules: [])

        private func object(_ bytes: [UInt8]) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        }

        @Test("SARIF: one result a place, with rule, level, region, fingerprint and suppression")
        func sarif() throws {
            let log = try object(SARIFReport.bytes(Self.result, Self.context))
            #expect(log["version"] as? String == "2.1.0")
            let run = try #require((log["runs"] as? [[String: Any]])?.first)
            let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
            let rules = try #require(driver["rules"] as? [[String: Any]])
            let results = try #require(run["results"] as? [[String: Any]])
            #expect(rules.compactMap { $0["id"] as? String } == ["one", "two"])
            #expect(results.count == 4)
            for result in results {
                let index = try #require(result["ruleIndex"] as? Int)
                #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
                #expect(["error", "warning", "note", "none"].contains(result["level"] as? String))
                #expect((result["message"] as? [String: Any])?["text"] is String)
                let locations = try #require(result["locations"] as? [[String: Any]])
                #expect(locations.count == 1)
                let physical = try #require(locations[0]["physicalLocation"] as? [String: Any])
                let artifact = try #require(physical["artifactLocation"] as? [String: Any])
                #expect(artifact["uri"] as? String == "A%20pp/%3Cb%3E%C3%BC%25%7C%60x%60%22.swift")
                #expect(URL(string: try #require(artifact["uri"] as? String)) != nil)
                let region = try #require(physical["region"] as? [String: Any])
                #expect((region["startLine"] as? Int ?? 0) > 0 && (region["startColumn"] as? Int ?? 0) > 0)
                #expect((result["partialFingerprints"] as? [String: String])?.count == 1)
            }
            #expect((results[2]["suppressions"] as? [[String: Any]])?.first?["kind"] as? String == "inSource")
            #expect(
                (results[3]["properties"] as? [String: Any])?["commit"] as? String == Self.result.findings[3].commit)
            let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
            #expect(
                (invocation["toolExecutionNotifications"] as? [[String: Any]])?.first?["level"] as? String == "error")
        }

        @Test("every report names a file that was read only in part, and from which line")
        func notes() {
            let note = ScanNote(kind: .readInPart, path: "Deep.swift", line: 4711, text: "read in part from here on")
            for report in [
                SARIFReport.bytes(Self.nothing.with(notes: [note]), Self.context),
                JSONReport.bytes(Self.nothing.with(notes: [note]), Self.context),
                GitLabReport.bytes(Self.nothing.with(notes: [note]), Self.context),
                Array(JUnitReport.text(Self.nothing.with(notes: [note]), Self.context).utf8),
                Array(MarkdownReport.text(Self.nothing.with(notes: [note]), Self.context).utf8),
                Array(MarkdownReport.text(Self.result.with(notes: [note]), Self.context).utf8),
                Array(HTMLReport.text(Self.nothing.with(notes: [note]), Self.context).utf8),
            ] {
                let text = String(decoding: report, as: UTF8.self)
                for part in ["Deep.swift", "4711", "read in part from here on"] { #expect(text.contains(part)) }
            }
        }

        @Test("platforms get paths from the root of the repository, and whether the scan is the one asked for")
        func place() throws {
            let context = ReportContext(
                version: "1", root: "ios", time: "2027-01-02T03:04:05Z", duration: .milliseconds(1_234),
                pathPrefix: "apps/ios/", isSuccessful: false)
            let sarif = String(decoding: SARIFReport.bytes(Self.result, context), as: UTF8.self)
            #expect(sarif.components(separatedBy: "\"uri\":\"apps/ios/A%20pp/").count == 9)
            let run = try #require((try object(Array(sarif.utf8))["runs"] as? [[String: Any]])?.first)
            #expect((run["invocations"] as? [[String: Any]])?.first?["executionSuccessful"] as? Bool == false)
            let gitlab = String(decoding: GitLabReport.bytes(Self.result, context), as: UTF8.self)
            #expect(gitlab.components(separatedBy: "\"file\":\"apps/ios/A pp/").count == 4)
            #expect(gitlab.contains("\"status\":\"failure\""))
            #expect(JUnitReport.text(Self.result, context).contains("file=\"apps/ios/A pp/"))
            #expect(MarkdownReport.text(Self.result, context).contains("`apps/ios/A pp/"))
            #expect(JSONReport.bytes(Self.result, context).firstRange(of: Array("apps/ios/A".utf8)) == nil)
            let json = try object(JSONReport.bytes(Self.result, context))
            #expect(json["seconds"] as? Double == 1.23)
        }

        @Test("SARIF declares what its notifications refer to, and gives a rule's confidence as its precision")
        func notifications() throws {
            let log = try object(SARIFReport.bytes(Self.result, Self.context))
            let run = try #require((log["runs"] as? [[String: Any]])?.first)
            let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
            let declared = try #require(driver["notifications"] as? [[String: Any]])
            let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
            for note in try #require(invocation["toolExecutionNotifications"] as? [[String: Any]]) {
                let reference = try #require(note["descriptor"] as? [String: Any])
                let index = try #require(reference["index"] as? Int)
                #expect(declared[index]["id"] as? String == reference["id"] as? String)
            }
            let rules = try #require(driver["rules"] as? [[String: Any]])
            #expect(rules.allSatisfy { ($0["properties"] as? [String: Any])?["precision"] as? String == "high" })
        }

        @Test("what was not read is told in every report")
        func leftOut() throws {
            let files = MemoryFiles([
                "a.swift": "let a = 1", "Pods/a.swift": "let a = 1", "Pods/b.swift": "let a = 1", "Pods/b.png": "",
                "AppTests/a.swift": "let a = 1", "old/a.swift": "let a = 1",
            ])
            var options = ScanOptions()
            options.includesTests = false
            options.excludedFromAbove = ("ios/", [PathGlob("ios/old/**")])
            let result = ScanEngine(rules: try TestRules.danger()).scan(files, options: options)
            let told = [
                "2 files in vendored folders left out; --vendored reads them", "1 file of tests left out, as asked",
                "1 file left out by `exclude`",
            ]
            #expect(result.notes.map(\.text) == told)
            #expect(result.notes.allSatisfy { $0.kind == .filesLeftOut })
            let reports = [
                String(decoding: SARIFReport.bytes(result, Self.context), as: UTF8.self),
                String(decoding: JSONReport.bytes(result, Self.context), as: UTF8.self),
                String(decoding: GitLabReport.bytes(result, Self.context), as: UTF8.self),
                HTMLReport.text(result, Self.context), JUnitReport.text(result, Self.context),
                MarkdownReport.text(result, Self.context),
                TerminalReport(hasColour: false).text(result, Self.context),
            ]
            for report in reports { #expect(report.contains("2 files in vendored folders left out")) }
            #expect(TerminalReport(hasColour: false).summary(result, Self.context).contains(", 3 remarks in 1 file,"))
        }

        @Test(
            "numbers and words",
            arguments: [(0, "0 files"), (1, "1 file"), (999, "999 files"), (1_234_567, "1,234,567 files")])
        func plural(count: Int, text: String) { #expect(Plural.of(count, "file") == text) }

        @Test("the list of rules for tools names every rule once")
        func ruleList() throws {
            let list = try object(Array(RuleList.json(try RulePack.builtIn()).utf8))
            let rules = try #require(list["rules"] as? [[String: Any]])
            #expect(rules.count == (try RulePack.builtIn().count))
            #expect(rules.allSatisfy { $0["id"] is String && $0["fix"] is String && $0["cwe"] is [String] })
        }

        @Test("our own JSON says everything, and counts what is suppressed")
        func json() throws {
            let report = try object(JSONReport.bytes(Self.result, Self.context))
            let summary = try #require(report["summary"] as? [String: Int])
            #expect(summary == ["error": 1, "warning": 0, "note": 2, "suppressed": 1])
            let findings = try #require(report["findings"] as? [[String: Any]])
            #expect(findings.count == 4)
            #expect(findings[0]["path"] as? String == Self.path)
            #expect(findings[0]["maswe_beta"] as? [String] == ["MASWE-0077"])
            #expect((findings[0]["related"] as? [[String: Any]])?.count == 1)
            #expect((findings[2]["suppression"] as? [String: String])?["expires"] == "2030-01-01")
            #expect(findings[3]["commit"] as? String == Self.result.findings[3].commit)
            #expect((report["notes"] as? [[String: Any]])?.first?["line"] as? Int == 7)
        }

        private final class Elements: NSObject, XMLParserDelegate {
            var seen: [(name: String, attributes: [String: String])] = []

            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String] = [:]
            ) { seen.append((name, attributes)) }
        }

        @Test("JUnit is well-formed XML with a failing case for each finding and a skipped one for each suppressed")
        func junit() throws {
            for (result, expected) in [(Self.result, [3, 1]), (Self.nothing, [0, 0])] {
                let text = JUnitReport.text(result, Self.context)
                let elements = Elements()
                let parser = XMLParser(data: Data(text.utf8))
                parser.delegate = elements
                #expect(parser.parse(), "\(String(describing: parser.parserError))")
                #expect(elements.seen.count { $0.name == "failure" } == expected[0])
                #expect(elements.seen.count { $0.name == "skipped" } == expected[1])
                let head = try #require(elements.seen.first { $0.name == "testsuites" }?.attributes)
                #expect(head["failures"] == "\(expected[0])")
                #expect(head["tests"] == "\(elements.seen.count { $0.name == "testcase" })")
                for suite in elements.seen where suite.name == "testsuite" { #expect(suite.attributes["tests"] != nil) }
            }
        }

        @Test("GitLab: what schema 15 demands, and how many are suppressed")
        func gitlab() throws {
            let report = try object(GitLabReport.bytes(Self.result, Self.context))
            #expect((report["version"] as? String)?.hasPrefix("15.") == true)
            let scan = try #require(report["scan"] as? [String: Any])
            #expect(scan["start_time"] as? String == "2027-01-02T03:04:05")
            #expect(scan["type"] as? String == "sast")
            for part in ["analyzer", "scanner"] {
                let tool = try #require(scan[part] as? [String: Any])
                #expect(["id", "name", "version", "vendor"].allSatisfy { tool[$0] != nil })
            }
            let found = try #require(report["vulnerabilities"] as? [[String: Any]])
            #expect(found.count == 3)
            for one in found {
                #expect(["Critical", "High", "Medium", "Low", "Info", "Unknown"].contains(one["severity"] as? String))
                #expect((one["identifiers"] as? [[String: Any]])?.isEmpty == false)
                #expect((one["location"] as? [String: Any])?["file"] as? String == Self.path)
            }
            let messages = try #require(scan["messages"] as? [[String: String]])
            #expect(messages.map { $0["level"] } == ["info", "warn"])
            #expect(messages[0]["value"] == "1 finding suppressed")
        }

        @Test("HTML holds nothing of a file, a path or a rule unescaped, and asks for nothing from outside")
        func html() {
            let text = HTMLReport.text(Self.result, Self.context)
            #expect(!text.contains("<script>alert"))
            #expect(!text.contains("<b>ü"))
            #expect(!text.contains("<i>root"))
            #expect(!text.contains("'x')</script>\""))
            #expect(text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;|`"))
            #expect(!text.contains("\u{1B}"))
            #expect(
                !text.contains(" src=") && !text.contains("@import") && !text.contains("url(")
                    && !text.contains("<link"))
            #expect(text.contains("default-src 'none'"))
            #expect(text.components(separatedBy: "<script>").count == 2)
            #expect(text.contains("1 accepted") && text.contains("Because &lt;script"))
            #expect(text.contains("in commit 0123456789ab"))
        }

        @Test("Markdown keeps its table whatever a message says")
        func markdown() {
            let text = MarkdownReport.text(Self.result, Self.context)
            let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(rows.count == 5)
            for row in rows { #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 5, "\(row)") }
            #expect(!text.contains("<script>"))
            #expect(text.contains("1 suppressed"))
            #expect(MarkdownReport.text(Self.nothing, Self.context).contains("nothing found"))
        }

        @Test("a terminal gets no character that it obeys", arguments: [false, true])
        func terminal(hasColour: Bool) {
            let text = TerminalReport(hasColour: hasColour).text(Self.result, Self.context)
            #expect(!text.contains("\u{1B}[2J") && !text.contains("\u{202E}"))
            #expect(text.contains("\u{1B}[") == hasColour)
            #expect(text.contains("1 suppressed") && text.contains("[in commit 0123456789ab]"))
            #expect(text.contains("1 error, 0 warnings, 2 notes"))
        }
    }
#endif
