#if Scanner
    import Testing

    @testable import CodeSecurity

    /// A rule of one line, for tests.
    enum TestRules {
        /// The metadata that every rule needs.
        static func yaml(_ search: String, id: String = "x", severity: String = "warning", area: String = "test")
            -> String
        {
            """
            rules:
              - id: \(id)
                languages: [swift, objc]
                severity: \(severity)
                message: m
                \(search)
                metadata: {title: T, why: W., fix: F., cwe: [CWE-1], masvs: [MASVS-CODE-1], confidence: high, area: \(area)}

            """
        }

        static func rules(_ search: String, id: String = "x", severity: String = "warning", area: String = "test")
            throws -> [Rule]
        {
            try rules(yaml: yaml(search, id: id, severity: severity, area: area))
        }

        static func rules(yaml: String, path: String = "x.yaml") throws(RuleError) -> [Rule] {
            try RuleDecoder(path: path).rules(in: RuleValue(yaml: yaml, path: path))
        }

        /// A rule about `danger(…)`.
        static func danger(severity: String = "warning") throws -> [Rule] {
            try rules("pattern: danger(...)", id: "danger", severity: severity)
        }
    }
#endif
