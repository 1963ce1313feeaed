#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("The language of a file")
    struct LanguageTests {
        @Test(
            "files of settings, keys, scripts and pages are read as text, with or without an extension",
            arguments: [
                ".npmrc", "web/.netrc", ".env", ".env.production", ".envrc", ".pypirc", "fastlane/Fastfile",
                "fastlane/fastfile",
                "Podfile", "fastlane/Matchfile", "Dockerfile", "Dockerfile.release", "ci.dockerfile", "Gemfile",
                "ssh/id_rsa",
                "server.pem", "server.key", "AuthKey_1.p8", "release.asc", "bridge.js", "page.ts", "page.html", "ci.sh",
                "ci.py",
                "ci.rb", "app.gradle", "app.properties", "app.toml", "app.ini", "app.conf", "main.tf", "README.md",
                "Fastfile.local",
            ])
        func text(path: String) {
            #expect(Language(path: path) == .text)
        }

        @Test("the extension comes before the name")
        func extensions() {
            #expect(Language(path: "fastlane/Fastfile.swift") == .swift)
            #expect(Language(path: ".env.json") == .json)
            #expect(Language(path: "A.M") == .objectiveC)
        }

        @Test(
            "other files are not read",
            arguments: [
                "LICENSE", "a.png", "Fastfiles", "myDockerfile", "id_rsa.pub", "a.", "", "/", ".", "image.JPG",
                ".DS_Store",
            ])
        func others(path: String) {
            #expect(Language(path: path) == nil)
        }

        @Test("a rule over text speaks about such files, and one that is too large is named")
        func scanned() throws {
            let yaml = TestRules.yaml("pattern-regex: 'tok_[a-z]{6}'").replacing("[swift, objc]", with: "[generic]")
            var options = ScanOptions()
            options.maximumFileByteCount = 64
            let files = MemoryFiles([
                "fastlane/Fastfile": "token = 'tok_abcdef'", ".npmrc": "//registry/:_authToken=tok_abcdef",
                "web/bundle.js": "let a = 'tok_abcdef'" + String(repeating: ";", count: 64), "NOTICE": "tok_abcdef",
            ])
            let result = ScanEngine(rules: try TestRules.rules(yaml: yaml)).scan(files, options: options)
            #expect(result.findings.map(\.path) == [".npmrc", "fastlane/Fastfile"])
            #expect(result.notes.map(\.path) == ["web/bundle.js"])
        }
    }
#endif
