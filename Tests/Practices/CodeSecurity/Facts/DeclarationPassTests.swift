import Testing

@testable import CodeSecurity

@Suite("Declarations held against code")
struct DeclarationPassTests {
    private struct Files: ProjectFiles {
        let texts: [String: String]

        func list() -> (files: [ProjectFile], notes: [ScanNote]) {
            (texts.keys.sorted().map { ProjectFile(path: $0, byteCount: texts[$0]?.utf8.count ?? 0) }, [])
        }

        func bytes(of file: ProjectFile) -> [UInt8]? { texts[file.path].map { Array($0.utf8) } }
    }

    private static let analysers = [
        "usage-description-missing", "usage-description-unused", "required-reason-missing",
        "required-reason-missing-in-target",
        "required-reason-unused", "privacy-manifest-missing", "capability-unused",
    ]

    private func found(_ texts: [String: String]) -> [String] {
        let rules = Self.analysers.map { name in
            Rule(
                id: name, languages: [.propertyList], severity: .note, message: "$KEY $API", search: .analyser(name),
                metadata: RuleMetadata(
                    title: "", why: "", fix: "", cwe: [], masvs: [], maswe: [], masweBeta: [], mastg: [],
                    confidence: .high,
                    references: [], area: "privacy"),
                requiredWords: [], excludedPaths: [], coversTests: false)
        }
        return ScanEngine.complete(rules: rules).scan(Files(texts: texts)).active.map {
            "\($0.ruleID) \($0.path):\($0.start.line)"
        }
    }

    private func plist(_ body: String) -> String {
        "<plist><dict>\n<key>CFBundlePackageType</key><string>APPL</string>\n\(body)</dict></plist>"
    }
    private func key(_ name: String) -> String { "<key>\(name)</key><string>Why.</string>\n" }
    private func manifest(_ category: String) -> String {
        "<plist><dict><key>NSPrivacyAccessedAPITypes</key><array><dict>\n<key>NSPrivacyAccessedAPIType</key><string>\(category)</string>\n</dict></array></dict></plist>"
    }

    @Test("an access without a usage description is reported where it stands")
    func missing() {
        let code = "import Contacts\nlet store = CNContactStore()\n"
        #expect(
            found(["App/Info.plist": plist(""), "App/a.swift": code]) == ["usage-description-missing App/a.swift:2"])
        #expect(found(["App/Info.plist": plist(key("NSContactsUsageDescription")), "App/a.swift": code]).isEmpty)
        #expect(
            found(["App/Info.plist": plist(""), "project.yml": "NSContactsUsageDescription: why", "App/a.swift": code])
                .isEmpty)
        #expect(found(["Sources/a.swift": code]).isEmpty)
        #expect(found(["App/Info.plist": plist(""), "AppTests/a.swift": code]).isEmpty)
    }

    @Test("names in comments and strings use nothing")
    func comments() {
        let code =
            "// CNContactStore\n/* /* */ CNContactStore */\nlet a = \"CNContactStore\"\nlet b = #\"\"\"\nCNContactStore\n\"\"\"#\n"
        #expect(found(["App/Info.plist": plist(""), "App/a.swift": code]).isEmpty)
    }

    @Test("the description of another app does not speak for this one")
    func twoApps() {
        let files = [
            "iOS/Info.plist": plist(""), "Mac/Resources/Info.plist": plist(key("NSContactsUsageDescription")),
            "iOS/a.swift": "let store = CNContactStore()\n",
        ]
        #expect(found(files) == ["usage-description-missing iOS/a.swift:1"])
    }

    @Test("a usage description that no code explains is reported at its key")
    func unused() {
        let files = [
            "App/Info.plist": plist(key("NSContactsUsageDescription")),
            "App/a.swift": "let a = UserDefaults.standard\n",
        ]
        #expect(found(files).contains("usage-description-unused App/Info.plist:3"))
    }

    @Test("required reasons are declared for what is used, and no more")
    func reasons() {
        let info = plist("")
        let defaults = "NSPrivacyAccessedAPICategoryUserDefaults"
        let code = "let a = UserDefaults.standard\n"
        #expect(found(["App/Info.plist": info, "App/a.swift": code]) == ["privacy-manifest-missing App/a.swift:1"])
        #expect(found(["App/Info.plist": info, "App/a.swift": code, "App/P.xcprivacy": manifest(defaults)]).isEmpty)
        #expect(
            found([
                "App/Info.plist": info, "App/a.swift": code,
                "App/P.xcprivacy": manifest("NSPrivacyAccessedAPICategoryDiskSpace"),
            ])
                == ["required-reason-unused App/P.xcprivacy:2", "required-reason-missing App/a.swift:1"])
    }

    @Test("a call is neither a member nor a declaration nor a type")
    func calls() {
        let info = ["App/Info.plist": plist(""), "App/P.xcprivacy": manifest("")]
        func with(_ code: String) -> [String] { found(info.merging(["App/a.swift": code]) { $1 }) }
        #expect(with("var s = stat()\nlet r = stat(path, &s)\n") == ["required-reason-missing App/a.swift:2"])
        #expect(with("file.stat(path)\n").isEmpty)
        #expect(with("func stat(_ a: Int) {}\n").isEmpty)
        #expect(with("let t = attributes[.creationDate]\n") == ["required-reason-missing App/a.swift:1"])
        #expect(with("let t = photo.creationDate\n").isEmpty)
    }

    @Test("an extension with a manifest of its own declares for itself")
    func targets() {
        let files = [
            "App/Info.plist": plist(""), "App/P.xcprivacy": manifest("NSPrivacyAccessedAPICategoryUserDefaults"),
            "Share/Info.plist": "<plist><dict><key>NSExtension</key><dict/></dict></plist>",
            "Share/P.xcprivacy": manifest(""),
            "Share/a.swift": "let a = UserDefaults.standard\n",
        ]
        #expect(found(files) == ["required-reason-missing-in-target Share/a.swift:1"])
    }

    @Test("background modes and entitlements need code")
    func capabilities() {
        let files = [
            "App/Info.plist": plist(
                "<key>UIBackgroundModes</key>\n<array><string>location</string>\n<string>audio</string></array>"),
            "App/App.entitlements": "<plist><dict><key>com.apple.developer.homekit</key><true/></dict></plist>",
            "App/a.swift": "let player = AVPlayer()\n",
        ]
        #expect(found(files) == ["capability-unused App/App.entitlements:1", "capability-unused App/Info.plist:4"])
    }

    @Test("a comment accepts a finding that follows from several files")
    func suppression() {
        let code =
            "let s = CNContactStore() // buckler-scan:ignore usage-description-missing -- the widget never asks\n"
        #expect(found(["App/Info.plist": plist(""), "App/a.swift": code]).isEmpty)
    }
}
