#if Scanner
    import Testing

    @Suite("The command buckler-scan", .enabled(if: ScanProgram.path != nil, "buckler-scan is not built"))
    struct ScanCommandTests {
        private static let weak = "import CryptoKit\nlet h = Insecure.MD5.hash(data: d)\n"
        private static let rule = """
            rules:
              - id: danger
                languages: [swift]
                severity: error
                message: m
                pattern: danger(...)
                metadata: {title: T, why: W., fix: F., cwe: [CWE-1], confidence: high}

            """

        @Test("exit codes: nothing, findings, not as asked")
        func exitCodes() throws {
            let program = try ScanProgram()
            try program.write("a.swift", "let a = 1\n")
            #expect(try program.run(".").code == 0)
            try program.write("a.swift", Self.weak)
            #expect(try program.run(".", "--fail-on", "never").code == 0)
            #expect(try program.run(".", "--fail-on", "note").code == 1)
            #expect(try program.run("a.swift", "--fail-on", "note").code == 1)
            for wrong in [
                ["missing"], [".", "--fail-on", "loud"], [".", "--unknown"], [".", "--report", "word=x"],
                [".", "--config", "none"],
                [".", "--baseline", "none"], [".", "--changed-since", "main"], [".", "--history"],
                ["explain", "no-such-rule"],
            ] {
                let answer = try program.run(wrong)
                #expect(answer.code == 2, "\(wrong): \(answer.code) \(answer.errors)")
                #expect(!answer.errors.isEmpty)
            }
            #expect(try program.run("--version").code == 0)
            #expect(try program.run("--help").output.contains("buckler-scan"))
            #expect(try program.run("explain", "weak-hash").code == 0)
            #expect(try program.run("rules", "list").code == 0)
        }

        @Test("a wrong rule file: file, line and reason, the others count, and in CI the scan fails")
        func wrongRules() throws {
            let program = try ScanProgram()
            try program.write("app/a.swift", "danger(1)\n")
            try program.write("rules/right.yaml", Self.rule)
            try program.write("rules/wrong.yaml", "rules:\n  - id: x\n    colour: red\n")
            let answer = try program.run("app", "--rules", "rules", "--fail-on", "never", "--json")
            #expect(answer.code == 0)
            #expect(try answer.findings == ["danger a.swift:1"])
            #expect(try answer.notes == ["ruleLeftOut rules/wrong.yaml"])
            #expect(
                try program.run("app", "--rules", "rules", "--fail-on", "never").output.contains(
                    "rules/wrong.yaml:3: left out: unknown key colour"))
            #expect(try program.run("app", "--rules", "rules", "--fail-on", "never", "--ci").code == 2)
            #expect(try program.run("app", "--rules", "nowhere", "--ci", "--fail-on", "never").code == 2)
            let test = try program.run("rules", "test", "rules")
            #expect(test.code == 1 && test.output.contains("rules/wrong.yaml:3: unknown key colour"))
        }

        @Test("a wrong configuration stops the scan with its line")
        func wrongConfiguration() throws {
            let program = try ScanProgram()
            try program.write(".buckler-scan.yaml", "tests: true\ncolour: red\n")
            let answer = try program.run(".")
            #expect(answer.code == 2 && answer.errors.contains(".buckler-scan.yaml:2: unknown key colour"))
            try program.write(".buckler-scan.yaml", "disable: [no-such-rule]\n")
            #expect(try program.run(".", "--json").notes == ["configuration .buckler-scan.yaml"])
        }

        @Test("suppressions in the code do not count in CI")
        func suppressions() throws {
            let program = try ScanProgram()
            try program.write("rules/right.yaml", Self.rule)
            try program.write("app/a.swift", "danger(1) // buckler-scan:ignore danger -- a reason\n")
            #expect(try program.run("app", "--rules", "rules").code == 0)
            #expect(try program.run("app", "--rules", "rules").output.contains("1 suppressed"))
            #expect(try program.run("app", "--rules", "rules", "--ci").code == 1)
        }

        @Test("a baseline keeps old findings quiet and new ones loud")
        func baseline() throws {
            let program = try ScanProgram()
            try program.write("rules/right.yaml", Self.rule)
            try program.write("app/a.swift", "danger(1)\n")
            #expect(try program.run("app", "--rules", "rules", "--write-baseline", "base.json").code == 0)
            #expect(try program.run("app", "--rules", "rules", "--baseline", "base.json").code == 0)
            try program.write("app/a.swift", "danger(1)\ndanger(2)\n")
            let answer = try program.run("app", "--rules", "rules", "--baseline", "base.json", "--json")
            #expect(answer.code == 1)
            #expect(try answer.findings == ["danger a.swift:2"])
        }

        @Test("every report is written")
        func reports() throws {
            let program = try ScanProgram()
            try program.write("a.swift", Self.weak)
            let formats = ["sarif", "html", "json", "junit", "gitlab", "markdown", "text"]
            for format in formats {
                #expect(try program.run(".", "--report", "\(format)=out.\(format)", "--fail-on", "never").code == 0)
                #expect(try program.text("out.\(format)").contains("weak-hash") || format == "html")
            }
            #expect(try program.run(".", "--report", "json=/nowhere/at/all.json").code == 2)
        }

        @Test("init writes files that the command reads, and overwrites nothing")
        func start() throws {
            let program = try ScanProgram()
            #expect(try program.run("init", ".", "--ci", "github", "--ci", "gitlab", "--ci", "pre-commit").code == 0)
            #expect(try program.run(".").code == 0)
            try program.write(".buckler-scan.yaml", "tests: false\n")
            let second = try program.run("init", ".")
            #expect(second.code == 0 && second.errors.contains("is there already; left as it is"))
            #expect(try program.text(".buckler-scan.yaml") == "tests: false\n")
        }

        @Test("links are not followed: not in a circle, not out of the project, and nothing is read twice")
        func links() throws {
            let program = try ScanProgram()
            try program.write("rules/right.yaml", Self.rule)
            try program.write("outside/b.swift", "danger(1)\n")
            try program.write("app/in/a.swift", "danger(1)\n")
            let files = [
                ("app/in/circle", "../../app"), ("app/twice", "in"), ("app/out", "../outside"),
                ("app/out.swift", "../outside/b.swift"),
                ("app/a.swift", "in/a.swift"), ("app/nowhere.swift", "gone.swift"), ("app/self.swift", "self.swift"),
            ]
            for (link, target) in files { try program.link(link, to: target) }
            let answer = try program.run("app", "--rules", "rules", "--json")
            #expect(try answer.findings == ["danger in/a.swift:1"])
            #expect(
                try answer.notes.sorted() == [
                    "linkCycle in/circle", "unreadableFile nowhere.swift", "unreadableFile out",
                    "unreadableFile out.swift",
                    "unreadableFile self.swift",
                ])
        }

        @Test("pipes, sockets and folders that look like code are left alone")
        func specialFiles() throws {
            let program = try ScanProgram()
            try program.write("folder.swift/a.swift", "let a = 1\n")
            try program.pipe("pipe.swift")
            #expect(try program.run(".").code == 0)
        }

        @Test("a reader that goes away does not bring the command down")
        func closedOutput() throws {
            let program = try ScanProgram()
            try program.write("a.swift", String(repeating: Self.weak, count: 2_000))
            let answer = try program.shell(
                "\"$0\" . --json --fail-on never | head -c 10 >/dev/null; echo ${PIPESTATUS[0]}")
            #expect(answer.output == "0\n", "\(answer.errors)")
        }
    }
#endif
