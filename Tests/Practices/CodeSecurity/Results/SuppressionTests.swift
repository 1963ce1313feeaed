#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("Accepting findings")
    struct SuppressionTests {
        private func scan(_ text: String, today: String = "2027-06-15", ignored: Bool = false) throws -> ScanResult {
            var options = ScanOptions()
            options.suppression = ignored ? .ignored(today: today) : .applied(today: today)
            return ScanEngine(rules: try TestRules.danger()).scan(MemoryFiles(["a.swift": text]), options: options)
        }

        @Test("a comment with a reason accepts the finding on its line or the next one")
        func accepted() throws {
            let after = try scan("danger(1) // buckler-scan:ignore danger -- only a demo")
            #expect(after.active.isEmpty && after.findings.first?.suppression?.reason == "only a demo")
            let before = try scan("// buckler-scan:ignore danger -- only a demo\ndanger(1)\ndanger(2)")
            #expect(before.active.map(\.start.line) == [3])
            let several = try scan("/* buckler-scan:ignore other, danger -- both are known */ \ndanger(1)")
            #expect(several.active.isEmpty)
            #expect(several.findings.first?.suppression?.reason == "both are known")
        }

        @Test("a comment about another rule accepts nothing")
        func otherRule() throws {
            #expect(try scan("danger(1) // buckler-scan:ignore other -- a reason").active.count == 1)
        }

        @Test(
            "a comment without rules, without a reason or with a wrong day has no effect and is noted",
            arguments: [
                "ignore danger", "ignore danger --", "ignore danger --  ", "ignore -- a reason",
                "ignore danger until soon -- a reason",
                "ignore danger until 2027-13-01 -- a reason", "ignore danger until -- a reason",
                "ignore danger until 2027-6-1 -- why",
            ])
        func invalid(comment: String) throws {
            let result = try scan("danger(1) // buckler-scan:" + comment)
            #expect(result.active.count == 1)
            #expect(result.notes.map(\.kind) == [.suppressionInvalid])
            #expect(result.notes.first?.line == 1)
        }

        @Test("the day of its end counts, the day after does not and says so")
        func expiry() throws {
            let text = "danger(1) // buckler-scan:ignore danger until 2027-06-15 -- until the migration"
            #expect(try scan(text, today: "2027-06-15").active.isEmpty)
            #expect(try scan(text).findings.first?.suppression?.expires == "2027-06-15")
            let late = try scan(text, today: "2027-06-16")
            #expect(late.active.count == 1)
            #expect(late.notes.first?.text.contains("ended on 2027-06-15") == true)
        }

        @Test("when comments are ignored, wrong ones are still noted")
        func ignored() throws {
            let result = try scan(
                "danger(1) // buckler-scan:ignore danger -- why\n// buckler-scan:ignore x", ignored: true)
            #expect(result.active.count == 1)
            #expect(result.notes.count == 1)
        }

        @Test("a comment before code on the same line is about that line, not about the next")
        func beforeCode() throws {
            let text = "/* buckler-scan:ignore danger -- this one */ danger(1)\ndanger(2)"
            #expect(try scan(text).active.map(\.start.line) == [2])
            #expect(try scan(text).findings.first?.suppression?.reason == "this one")
        }

        @Test(
            "words in the text of a literal accept nothing",
            arguments: [
                "danger(\"// buckler-scan:ignore danger -- why\")",
                "danger(\"\\\"x // buckler-scan:ignore danger -- why\")",
                "let a = \"\"\"\n// buckler-scan:ignore danger -- why\n\"\"\"; danger(1)",
                "/// as in `// buckler-scan:ignore danger -- why`\ndanger(1)",
            ])
        func literals(text: String) throws {
            let result = try scan(text)
            #expect(result.active.count == 1 && result.notes.isEmpty, "\(result.notes)")
        }

        @Test(
            "a comment that does nothing is noted",
            arguments: [
                ("danger(1) // buckler-scan:ignore dangr -- why", "there is no rule dangr"),
                ("danger(1) // buckler-scan: ignore danger -- why", "is written `buckler-scan:ignore`"),
                ("danger(1) // buckler-scan:disable danger -- why", "is written `buckler-scan:ignore`"),
                ("let a = 1 // buckler-scan:ignore danger -- why", "the suppression of danger accepts nothing"),
                ("let a = 1 // buckler-scan:ignore all -- why", "the suppression of all accepts nothing"),
            ])
        func idle(text: String, note: String) throws {
            let notes = try scan(text).notes
            #expect(notes.count == 1 && notes.first?.text.contains(note) == true, "\(notes)")
            #expect(notes.first?.line == 1)
        }

        @Test("a comment about a rule that is switched off is not noted, and prose about the analyser is none")
        func quiet() throws {
            var options = ScanOptions()
            options.otherRules = ["other"]
            let files = MemoryFiles([
                "a.swift": "let a = 1 // buckler-scan:ignore other -- why\n// buckler-scan: reads this file\n"
            ])
            #expect(ScanEngine(rules: try TestRules.danger()).scan(files, options: options).notes.isEmpty)
        }

        @Test("a page's samples accept nothing and are not noted; its own comments are")
        func pages() throws {
            let yaml = TestRules.yaml("pattern-regex: secret[0-9]+").replacing("[swift, objc]", with: "[generic]")
            let engine = ScanEngine(rules: try TestRules.rules(yaml: yaml))
            var options = ScanOptions()
            options.suppression = .applied(today: "2027-06-15")
            let text = """
                let a = 1 // buckler-scan:ignore x -- a reason
                secret1
                <!-- buckler-scan:ignore x -- a reason -->
                secret2
                """
            let result = engine.scan(MemoryFiles(["a.md": text]), options: options)
            #expect(result.active.map(\.start.line) == [2])
            #expect(result.notes.isEmpty)
        }

        @Test("a finding about several files is accepted by the comment where it is reported")
        func acrossFiles() {
            let facts = ["usage-description-missing", "privacy-manifest-missing"].map { name in
                Rule(
                    id: name, languages: [.propertyList], severity: .note, message: "m", search: .analyser(name),
                    metadata: RuleMetadata(
                        title: "", why: "", fix: "", cwe: [], masvs: [], maswe: [], masweBeta: [], mastg: [],
                        confidence: .high, references: [], area: "privacy"),
                    requiredWords: [], excludedPaths: [], coversTests: false)
            }
            let plist = "<plist><dict><key>CFBundlePackageType</key><string>APPL</string></dict></plist>"
            func result(_ comment: String) -> ScanResult {
                ScanEngine.complete(rules: facts).scan(
                    MemoryFiles([
                        "App/Info.plist": plist, "App/a.swift": "let s = CNContactStore() \(comment)",
                    ]))
            }
            #expect(result("").active.map(\.ruleID) == ["usage-description-missing"])
            #expect(result("// buckler-scan:ignore usage-description-missing -- asked elsewhere").active.isEmpty)
        }
    }

    @Suite("Baselines")
    struct BaselineTests {
        private func scan(_ text: String) throws -> ScanResult {
            ScanEngine(rules: try TestRules.danger()).scan(MemoryFiles(["a.swift": text]))
        }

        @Test("what was there is known, what is new is not, wherever the lines moved")
        func known() throws {
            let baseline = try #require(Baseline(Baseline.bytes(of: try scan("danger(1)\ndanger(2)"))))
            #expect(baseline.count == 2)
            let later = baseline.applied(to: try scan("import A\n\ndanger(2)\ndanger(3)\ndanger(1)"))
            #expect(later.active.map(\.start.line) == [4])
            #expect(later.findings.count == 3)
            #expect(later.findings.allSatisfy { $0.suppression == nil || $0.suppression?.kind == .baseline })
        }

        @Test("a second equal place is new")
        func copies() throws {
            let baseline = try #require(Baseline(Baseline.bytes(of: try scan("danger(1)"))))
            #expect(baseline.applied(to: try scan("danger(1)\ndanger(1)")).active.count == 1)
        }

        @Test("findings accepted in the code do not go into a baseline")
        func accepted() throws {
            let result = try scan("danger(1) // buckler-scan:ignore danger -- a reason")
            #expect(Baseline(Baseline.bytes(of: result))?.count == 0)
        }

        @Test(
            "anything else is no baseline",
            arguments: [
                "", "{}", "[]", "{\"format\":\"other\",\"findings\":[]}", "{\"format\":\"buckler-scan-baseline-1\"}",
                "{",
            ])
        func refused(text: String) {
            #expect(Baseline(Array(text.utf8)) == nil)
        }
    }
#endif
