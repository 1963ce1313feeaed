#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("The configuration of a project")
    struct ScanConfigurationTests {
        private func failure(_ yaml: String) -> RuleError? {
            do throws(RuleError) {
                _ = try ScanConfiguration(yaml: yaml)
                return nil
            } catch { return error }
        }

        @Test("every key is read")
        func read() throws {
            let configuration = try ScanConfiguration(
                yaml: """
                    exclude: [Generated/**]
                    disable: [weak-hash]
                    rules: [Security/Rules]
                    severity: {random: note}
                    fail_on: warning
                    baseline: base.json
                    vendored: true
                    tests: false
                    """)
            #expect(configuration.excluded == ["Generated/**"])
            #expect(configuration.disabledRules == ["weak-hash"])
            #expect(configuration.ruleFolders == ["Security/Rules"])
            #expect(configuration.severities == ["random": .note])
            #expect(configuration.failsOn == .warning)
            #expect(configuration.baseline == "base.json")
            #expect(configuration.includesVendored && !configuration.includesTests)
            #expect(configuration.namedRules == ["weak-hash", "random"])
        }

        @Test("an empty file, or one of comments, changes nothing", arguments: ["", " \n", "# nothing\n  # here\n"])
        func empty(yaml: String) throws {
            let configuration = try ScanConfiguration(yaml: yaml)
            #expect(configuration.failsOn == .error && configuration.excluded.isEmpty)
        }

        @Test("never is no severity")
        func never() throws { #expect(try ScanConfiguration(yaml: "fail_on: never").failsOn == nil) }

        @Test(
            "whatever is wrong is refused with its line",
            arguments: [
                ("a: 1", 1, "unknown key a"), ("tests: true\nvendored: maybe", 2, "true or false"),
                ("fail_on: fatal", 1, "fail_on is"), ("severity:\n  x: loud", 2, "severity.x"),
                ("exclude: x", 1, "is a list"),
                ("- a", 1, "map of keys"), ("tests: true\ntests: true", 1, "twice"), ("a: [", 0, "not YAML"),
                ("baseline: ''", 1, "is a text"), ("exclude: [a, [b]]", 1, "list of texts"),
                ("severity: loud", 1, "severity is a map"),
            ])
        func refused(yaml: String, line: Int, reason: String) {
            let error = failure(yaml)
            #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
            #expect((error?.line ?? -1) >= line)
        }

        @Test("aliases that stand for more than the file can hold are refused, in time")
        func bomb() {
            var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            for level in 1...12 {
                yaml +=
                    "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                    + "]\n"
            }
            #expect(failure(yaml)?.reason.contains("100,000 values") == true)
        }

        @Test("a rule can be left out and weighed anew")
        func applied() throws {
            var configuration = ScanConfiguration()
            configuration.severities = ["danger": .error]
            #expect(configuration.applied(to: try TestRules.danger()).map(\.severity) == [.error])
            configuration.disabledRules = ["danger"]
            #expect(configuration.applied(to: try TestRules.danger()).isEmpty)
        }
    }
#endif
