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

        @Test("a folder of rules that gives none is not what was asked for, however quiet")
        func noRules() throws {
            let program = try ScanProgram()
            try program.write("app/a.swift", "let a = 1\n")
            try program.write("empty/readme.txt", "nothing\n")
            for folder in ["Ruels", "empty"] {
                let answer = try program.run("app", "--rules", folder, "-q")
                #expect(answer.code == 2 && answer.errors.contains("\(folder) has no rule"), "\(answer.errors)")
            }
            try program.write("app/.buckler-scan.yaml", "rules: [gone]\n")
            #expect(try program.run("app").code == 2)
            #expect(try program.run("rules", "list", "--rules", "empty").code == 2)
        }

        @Test("a summary alone still says that rules or configuration are not as asked")
        func quiet() throws {
            let program = try ScanProgram()
            try program.write("app/a.swift", "danger(1)\n")
            try program.write("app/.buckler-scan.yaml", "disable: [no-such-rule]\n")
            try program.write("rules/right.yaml", Self.rule)
            try program.write("rules/wrong.yaml", "rules:\n  - id: x\n    colour: red\n")
            let answer = try program.run("app", "--rules", "rules", "-q")
            #expect(answer.output.contains("rules/wrong.yaml:3: left out: unknown key colour"))
            #expect(answer.output.contains("there is no rule no-such-rule"))
            #expect(answer.output.contains("1 error, 0 warnings, 0 notes, 2 remarks in "))
            #expect(answer.output.split(separator: "\n").count == 3)
        }

        @Test("the configuration beside a file counts when the file alone is scanned")
        func configurationOfFile() throws {
            let program = try ScanProgram()
            try program.write("rules/right.yaml", Self.rule)
            try program.write("app/a.swift", "danger(1)\n")
            try program.write("app/.buckler-scan.yaml", "disable: [danger]\n")
            #expect(try program.run("app/a.swift", "--rules", "rules").code == 0)
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

        @Test("a report goes where it is told: through a link, into a pipe or a device, to standard output")
        func targets() throws {
            let program = try ScanProgram()
            try program.write("a.swift", "let a = 1\n")
            try program.write("real.json", "old")
            try program.link("link.json", to: "real.json")
            #expect(try program.run(".", "--report", "json=link.json").code == 0)
            #expect(try program.text("real.json").contains("\"findings\""))
            #expect(try program.shell("test -L link.json").code == 0)
            try program.pipe("pipe")
            let piped = try program.shell("cat pipe > got & \"$0\" . -q --report json=pipe && wait && test -p pipe")
            #expect(piped.code == 0, "\(piped.errors)")
            #expect(try program.text("got").contains("\"findings\""))
            let direct = try program.run(".", "--report", "json=-")
            #expect(direct.code == 0 && direct.output.hasPrefix("{") && !direct.output.contains("remark"))
            #expect(try program.run(".", "--json", "--report", "json=-").code == 2)
            #expect(try program.shell("\"$0\" . -q --report json=/dev/null && test -c /dev/null").code == 0)
        }

        @Test("a full disk below standard output is told", .enabled(if: ScanProgram.hasFullDevice))
        func fullOutput() throws {
            let program = try ScanProgram()
            try program.write("a.swift", "let a = 1\n")
            let answer = try program.shell("\"$0\" . > /dev/full")
            #expect(answer.code == 2 && answer.errors.contains("standard output cannot be written"))
        }

        @Test("a baseline and reports can be written by one scan")
        func baselineAndReport() throws {
            let program = try ScanProgram()
            try program.write("a.swift", Self.weak)
            #expect(try program.run(".", "--write-baseline", "b.json", "--report", "sarif=o.sarif").code == 0)
            #expect(try program.text("o.sarif").contains("weak-hash"))
        }

        @Test("init makes no folder, and no file when it refuses")
        func startRefused() throws {
            let program = try ScanProgram()
            #expect(try program.run("init", "nope").code == 2)
            #expect(try program.run("init", ".", "--ci", "jenkins").code == 2)
            #expect(try program.run("init", ".", "--ci", "github", "--source", "https://x.org/$(id)").code == 2)
            #expect(try program.shell("ls -A").output.isEmpty)
        }

        @Test("templates build the program from its source at a revision, and hold merge requests against their base")
        func templates() throws {
            let program = try ScanProgram()
            let answer = try program.run(
                "init", ".", "--ci", "github", "--ci", "gitlab", "--ci", "pre-commit", "--source",
                "https://git.example.org/them/buckler.git", "--revision", "v1.2.3")
            #expect(answer.code == 0 && answer.errors.isEmpty, "\(answer.errors)")
            let github = try program.text(".github/workflows/buckler-scan.yml")
            let gitlab = try program.text(".gitlab/buckler-scan.yml")
            for text in [github, gitlab] {
                #expect(text.contains("BUCKLER_SOURCE: https://git.example.org/them/buckler.git"))
                #expect(text.contains("BUCKLER_REVISION: v1.2.3"))
                #expect(text.contains("swift build --package-path /tmp/buckler -c release --traits Scanner --product"))
                #expect(text.contains("--changed-since \"origin/$"))
            }
            #expect(github.contains("fetch-depth: 0") && github.contains("container: swift:"))
            #expect(gitlab.contains("GIT_DEPTH: \"0\"") && gitlab.contains("image: swift:"))
            #expect(!(try program.text(".pre-commit-config.yaml")).contains("--quiet"))
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
