#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("Reports about secrets")
    struct SecretReportTests {
        private static let code = #"""
            import CryptoKit
            let key = SymmetricKey(data: Data("Sup3rS3cretKey!!".utf8))
            func e(_ d: Data) throws -> Data { try RNCryptor.encrypt(data: d, withPassword: "correct horse battery") }
            func a() { UserDefaults.standard.set("hunter2-4711-xyz", forKey: "password") }
            func b(_ p: String) -> Bool { password == "hunter2-4712-xyz" }
            func c() { sqlite3_key(db, "sqlcipherSecret1", 16) }
            let cred = URLCredential(user: "admin", password: "adminPassw0rd", persistence: .none)
            func s() { CCKeyDerivationPBKDF(CCPBKDFAlgorithm(kCCPBKDF2), p, 4, "saltAndPepper", 8, prf, 1000, &k, 32) }
            struct Login { static let password = "dv1aP4x" }
            let phrase = "letMeIn-Please-42"
            let other = try RNCryptor.encrypt(data: d, withPassword: phrase)
            """#
        private static let secrets = [
            "Sup3rS3cretKey!!", "correct horse battery", "hunter2-4711-xyz", "hunter2-4712-xyz", "sqlcipherSecret1",
            "adminPassw0rd", "saltAndPepper", "dv1aP4x", "letMeIn-Please-42",
        ]

        @Test("no report holds a secret in full, not in its lines and not in its messages")
        func masked() throws {
            let result = ScanEngine.complete(rules: try RulePack.builtIn()).scan(MemoryFiles(["a.swift": Self.code]))
            let found = Set(result.findings.map(\.ruleID))
            for rule in [
                "hardcoded-key", "hardcoded-encryption-password", "hardcoded-credential-check", "sqlcipher-key-in-code",
                "hardcoded-basic-credentials", "secret-in-user-defaults", "hardcoded-password",
            ] { #expect(found.contains(rule), "\(rule) found nothing") }
            let context = ReportContext(version: "1", root: ".", time: "2027-01-02T03:04:05Z", duration: .zero)
            let reports = [
                "sarif": String(decoding: SARIFReport.bytes(result, context), as: UTF8.self),
                "json": String(decoding: JSONReport.bytes(result, context), as: UTF8.self),
                "gitlab": String(decoding: GitLabReport.bytes(result, context), as: UTF8.self),
                "html": HTMLReport.text(result, context), "junit": JUnitReport.text(result, context),
                "markdown": MarkdownReport.text(result, context),
                "text": TerminalReport(hasColour: false).text(result, context),
            ]
            for (name, report) in reports {
                for secret in Self.secrets { #expect(!report.contains(secret), "\(name) holds \(secret)") }
            }
        }

        @Test("what names a secret stays readable")
        func names() throws {
            let result = ScanEngine.complete(rules: try RulePack.builtIn()).scan(
                MemoryFiles(["a.swift": "UserDefaults.standard.set(typed, forKey: \"password\")\n"]))
            let finding = try #require(result.findings.first { $0.ruleID == "secret-in-user-defaults" })
            #expect(finding.message.contains("password"))
            #expect(finding.snippet == ["UserDefaults.standard.set(typed, forKey: \"password\")"])
        }

        @Test("a line that holds a secret hides it in every finding")
        func sameLine() throws {
            let rules =
                try TestRules.rules("pattern: danger(...)", id: "danger")
                + RulePack.builtIn().filter { $0.id == "hardcoded-encryption-password" }
            let result = ScanEngine(rules: rules).scan(
                MemoryFiles([
                    "a.swift":
                        "danger(RNCryptor.encrypt(data: d, withPassword: \"letMeIn-Please\"))\ndanger(\"plain text\")"
                ]))
            let found = result.findings.filter { $0.ruleID == "danger" }
            #expect(found.first?.snippet.first?.contains("\"letM") == true)
            #expect(found.first?.snippet.first?.contains("letMe") == false)
            #expect(found.last?.snippet == ["danger(\"plain text\")"])
        }
    }
#endif
