#if Scanner
    import Testing

    @Suite("buckler-scan and git", .enabled(if: ScanProgram.path != nil, "buckler-scan is not built"))
    struct ScanGitTests {
        private func repository() throws -> ScanProgram {
            let program = try ScanProgram()
            try program.git("init", "-q", "-b", "main")
            try program.write("Rules/danger.yaml", rule("danger", "danger(...)"))
            try program.write(".buckler-scan.yaml", "rules: [Rules]\ndisable: []\n")
            try program.write("a.swift", "danger(1)\n")
            try program.write("b.swift", "danger(1)\n")
            try program.commit("first")
            return program
        }

        private func rule(_ id: String, _ pattern: String) -> String {
            """
            rules:
              - id: \(id)
                languages: [swift]
                severity: error
                message: m
                pattern: \(pattern)
                metadata: {title: T, why: W., fix: F., cwe: [CWE-1], confidence: high}

            """
        }

        private func found(_ program: ScanProgram, _ arguments: String...) throws -> [String] {
            try program.run(["scan", "."] + arguments + ["--json"]).findings.filter { $0.hasPrefix("danger") }
        }

        @Test("only what the branch adds is reported, in changed, new and staged files")
        func changedSince() throws {
            let program = try repository()
            try program.git("checkout", "-q", "-b", "work")
            try program.write("a.swift", "\ndanger(1)\ndanger(2)\n")
            try program.commit("second")
            try program.write("new file.swift", "danger(3)\n")
            #expect(try found(program, "--changed-since", "main") == ["danger a.swift:3", "danger new file.swift:1"])
            #expect(try found(program).count == 4)
            #expect(try program.run(".", "--changed-since", "main").code == 1)
        }

        @Test("what the base branch got meanwhile is not this branch's")
        func mergeBase() throws {
            let program = try repository()
            try program.git("checkout", "-q", "-b", "work")
            try program.write("c.swift", "danger(9)\n")
            try program.commit("mine")
            try program.git("checkout", "-q", "main")
            try program.write("b.swift", "let a = 1\n")
            try program.commit("theirs")
            try program.git("checkout", "-q", "work")
            #expect(try found(program, "--changed-since", "main") == ["danger c.swift:1"])
        }

        @Test("in a folder of the repository paths are relative to that folder")
        func subfolder() throws {
            let program = try repository()
            try program.write("App/a.swift", "danger(1)\n")
            try program.commit("second")
            try program.write("App/a.swift", "danger(1)\ndanger(2)\n")
            let answer = try program.run("App", "--rules", "Rules", "--changed-since", "HEAD", "--json")
            #expect(try answer.findings == ["danger a.swift:2"])
        }

        @Test("platforms get paths from the repository's root, and a baseline of the root knows a folder's findings")
        func prefix() throws {
            let program = try repository()
            try program.write("ios/App/a.swift", "danger(1)\n")
            try program.commit("second")
            let root = try program.run(".", "--json", "--write-baseline", "base.json")
            #expect(root.code == 0)
            let reports = ["sarif", "gitlab", "junit", "markdown"].flatMap { ["--report", "\($0)=\($0).out"] }
            let answer = try program.run(["ios", "--fail-on", "never"] + reports)
            #expect(answer.code == 0, "\(answer.errors)")
            for file in ["sarif.out", "gitlab.out", "junit.out", "markdown.out"] {
                #expect(try program.text(file).contains("ios/App/a.swift"), "\(file)")
            }
            #expect(try program.run("ios", "--baseline", "base.json").code == 0)
            #expect(try program.run("ios/App/a.swift", "--baseline", "base.json").code == 0)
        }

        @Test("the configuration above a folder counts, and its globs are relative to where it lies")
        func configurationAbove() throws {
            let program = try repository()
            try program.write("ios/old/a.swift", "danger(1)\n")
            try program.write("ios/new/a.swift", "danger(1)\n")
            try program.write(".buckler-scan.yaml", "rules: [Rules]\nexclude: ['ios/old/**']\n")
            #expect(try program.run("ios", "--json").findings == ["danger new/a.swift:1"])
            try program.commit("second")
            try program.write("ios/new/a.swift", "danger(1)\ndanger(2)\n")
            #expect(try program.run("ios", "--changed-since", "HEAD", "--json").findings == ["danger new/a.swift:2"])
        }

        @Test("a renamed file keeps its old findings, unless it was test code before")
        func renames() throws {
            let program = try repository()
            try program.write("AppTests/t.swift", "danger(7)\n// a line of its own that makes the file known again\n")
            try program.commit("second")
            try program.shell("mkdir -p sub && git mv a.swift sub/z.swift && git mv AppTests/t.swift sub/t.swift")
            try program.commit("third")
            #expect(try found(program, "--changed-since", "HEAD~1") == ["danger sub/t.swift:1"])
        }

        @Test("configuration, rules and baseline of the base branch count, not those of the branch")
        func configurationFromBase() throws {
            let program = try repository()
            try program.git("checkout", "-q", "-b", "work")
            try program.write("a.swift", "danger(1)\ndanger(2)\n")
            try program.write(".buckler-scan.yaml", "rules: [Rules]\ndisable: [danger]\nfail_on: never\n")
            try program.write("Rules/danger.yaml", rule("other", "other(...)"))
            #expect(try found(program, "--changed-since", "main") == ["danger a.swift:2"])
            #expect(try program.run(".", "--changed-since", "main").code == 1)
            #expect(try found(program).isEmpty)
        }

        @Test("a baseline that the base branch does not have is refused")
        func baselineFromBase() throws {
            let program = try repository()
            try program.write(".buckler-scan.yaml", "rules: [Rules]\nbaseline: base.json\n")
            try program.commit("second")
            try program.git("checkout", "-q", "-b", "work")
            try program.write("a.swift", "danger(1)\ndanger(2)\n")
            try program.run(".", "--config", "none", "--write-baseline", "base.json")
            try program.write("base.json", "{\"format\":\"buckler-scan-baseline-1\",\"findings\":[]}\n")
            let answer = try program.run(".", "--changed-since", "main")
            #expect(answer.code == 2 && answer.errors.contains("base.json of"), "\(answer.errors)")
        }

        @Test("a revision that is none, or is an option, is refused", arguments: ["nowhere", "--output=x", "-h", ""])
        func wrongRevision(name: String) throws {
            #expect(try repository().run(".", "--changed-since=" + name).code == 2)
        }

        @Test("programs that the repository's configuration names are not started")
        func hostileConfiguration() throws {
            let program = try repository()
            try program.write("evil.sh", "#!/bin/sh\ntouch \"\(program.folder)/started\"\n")
            try program.shell("chmod +x evil.sh")
            for key in ["core.fsmonitor", "diff.external", "core.pager", "core.sshCommand", "gpg.program"] {
                try program.git("config", key, program.folder + "/evil.sh")
            }
            try program.git("config", "log.showSignature", "true")
            try program.write("a.swift", "danger(2)\n")
            _ = try program.run(".", "--changed-since", "HEAD", "--history")
            #expect(throws: (any Error).self) { try program.text("started") }
        }

        @Test("a secret that was removed is found in the history, with the first commit that had it")
        func history() throws {
            let program = try ScanProgram()
            try program.git("init", "-q", "-b", "main")
            let yaml = rule("leak", "'\"token-9f8a7c6d5e4b3a2910\"'")
                .replacing("confidence: high", with: "confidence: high, area: secrets")
            try program.write("rules/leak.yaml", yaml)
            try program.write("App/a.swift", "\nlet a = \"token-9f8a7c6d5e4b3a2910\"\n")
            let first = try program.commit("first")
            try program.write("App/a.swift", "let b = 1\n\n\nlet a = \"token-9f8a7c6d5e4b3a2910\"\n")
            try program.commit("second")
            try program.write("App/a.swift", "let b = 1\n")
            try program.commit("third")
            #expect(try program.run("App", "--rules", "rules", "--json").findings.isEmpty)
            let answer = try program.run("App", "--rules", "rules", "--history", "--json")
            #expect(try answer.findings == ["leak a.swift:2"])
            #expect(answer.output.contains("\"commit\":\"\(first)\""))
            #expect(answer.code == 1)
            let since = try program.run("App", "--rules", "rules", "--history", "--changed-since", "HEAD~1", "--json")
            #expect(try since.findings.isEmpty)
        }
    }
#endif
