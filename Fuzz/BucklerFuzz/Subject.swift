#if Scanner
    import CodeSecurity

    /// What is fed.
    ///
    /// Of every input the reader must make something, and that must keep the rules that the rest of the analyser relies on.
    enum Subject: String, CaseIterable, Sendable {
        case objectiveC = "objc"
        case json
        case xml
        case propertyList = "plist"
        case buildSettings = "xcconfig"
        case swift
        case expressions
        case rules

        /// The end of the names of its files.
        var fileExtension: String {
            switch self {
            case .objectiveC: "m"
            case .expressions: "expressions"
            case .rules: "yaml"
            default: rawValue
            }
        }

        /// What ends the names of files that inputs are made from.
        var sampleExtensions: [String] {
            switch self {
            case .objectiveC: ["m", "mm", "h"]
            case .xml: ["xml", "storyboard", "xib"]
            case .propertyList: ["plist", "entitlements", "xcprivacy", "pbxproj"]
            case .expressions: ["yaml"]
            default: [fileExtension]
            }
        }

        /// Inputs are made from these too.
        var seeds: [String] {
            switch self {
            case .json: [#"{"a": [1, -2.5e3, true, null, {"b\u00e9\\": "c\ud83d\ude00"}], "d": {}} // c"#]
            case .xml:
                [#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a b="c&amp;"><![CDATA[d]]><e/>&#x41;</a>"#]
            case .propertyList:
                [
                    #"<plist version="1.0"><dict><key>a</key><array><true/><integer>1</integer></array></dict></plist>"#,
                    #"// !$*UTF8*$!\#n{ a = (b, "c\"d", <0a 1b>); /* e */ f = { g = h; }; }"#,
                ]
            case .buildSettings: ["A[sdk=iphoneos*] = $(inherited) b // c\n#include \"d\"\nE = F=G\n"]
            default: ["a\n"]
            }
        }

        /// A piece that makes trouble where the language has it.
        func word(_ random: inout SplitMix) -> [UInt8] {
            let words =
                switch self {
                case .swift: Self.swiftWords
                case .objectiveC: Self.objectiveCWords
                case .rules: Self.ruleWords
                default: Self.dataWords
                }
            return Array(words[random.below(words.count)].utf8)
        }

        private static let swiftWords = [
            "(", "[", "{", "<", "\"\\(", "/*", "\"\"\"\n", "#\"", "a ? ", "!", "try ", "await ", "if a {",
            "else if a {}",
            ".b()", "[0]", "()", "{}", "-> A ", "case a:", "@a(", "#if a\n", "A<", "some ", "inout ", "\\.a", " as A",
            " + a", "switch a {", "func a() {", "do {", "/a", "#/", "`", "'", "\\", "&", "each ", "repeat ", "is ", "~",
            "where A == ", "let a = ", "class A {", "in ", "}", ")", "]", ">", ";", ":", ",", "_ = ", "#a(", "//", "\n",
        ]
        private static let objectiveCWords = [
            "(", "[", "{", "<", "@[", "@{", "@(", "@", "^{", "^", "@\"", "\"", "'", "/*", "//", "\\\n", "#define A ",
            "#if a\n",
            "#else\n", "#endif\n", "@interface A", "@protocol A ", "@implementation A\n", "@end\n", "- (a)", "if (",
            "for (",
            "else ", "do ", "case a:", "new ", "a.b", "->b", "a ? ", ":", "= a ", "+ a ", "! ", "sizeof(", "typeof(a) ",
            "__attribute__((", "@selector(", "a<", "::", "++", "*", "&", "}", ")", "]", ";", ",", "@try {", "return ",
            "\n",
        ]
        private static let dataWords = [
            "{", "}", "[", "]", "(", ")", "<", ">", "\"", "'", "\\", "\\u", "/*", "*/", "//", "<!--", "-->",
            "<![CDATA[", "]]>",
            "<?", "?>", "<!", "</", "/>", "&", ";", "&#x", "=", ",", ":", "<dict>", "</dict>", "<array>", "<key>",
            "</key>",
            "<string>", "<true/>", "<data>", "{\"a\":", "<a>", "<a b=\"", "\0", "\u{FEFF}", "\r\n", "1e", "-", "\n",
        ]
        private static let ruleWords = [
            "$X", "...", "$...A", "<...", "...>", "\"...\"", "pattern: ", "patterns:\n", "- ", "pattern-regex: ",
            "(?i)", "{1,9}",
            "[", "]", "{", "}", "&a ", "*a", "!!binary ", "|\n", ">\n", "\"", "'", "#", ": ", "? ", "---\n", "<<: ",
            "\t", "\n",
            "mode: taint\n", "metavariable-regex:\n", "focus-metavariable: ", "$_", "languages: [swift, objc]\n",
            "plist-key: ",
        ]

        /// What is wrong; nil when nothing is.
        ///
        /// A thorough look also runs every rule.
        func check(_ input: [UInt8], isThorough: Bool) -> String? {
            switch self {
            case .expressions: return RandomExpression.check(String(decoding: input, as: UTF8.self))
            case .rules: return checkRules(input)
            default:
                let path = "a." + fileExtension
                guard let language = Language(path: path) else { return "no language" }
                let source = SourceText(path: path, bytes: input)
                if let complaint = TreeCheck.complaint(about: FrontEnds.tree(of: source, language: language)) {
                    return complaint
                }
                return isThorough ? checkScan(ScanEngine.complete(rules: Self.builtIn), path, input) : nil
            }
        }

        private func checkRules(_ input: [UInt8]) -> String? {
            do throws(RuleError) {
                let value = try RuleValue(yaml: String(decoding: input, as: UTF8.self), path: "crypto/a.yaml")
                let rules = try RuleDecoder(path: "crypto/a.yaml").rules(in: value)
                let engine = ScanEngine(rules: rules)
                return checkScan(engine, "a.swift", Self.code) ?? checkScan(engine, "a.m", Self.code)
            } catch {
                return error.reason.isEmpty ? "an error without a reason" : nil
            }
        }

        private func checkScan(_ engine: ScanEngine, _ path: String, _ input: [UInt8]) -> String? {
            var options = ScanOptions()
            options.threadCount = 1
            let result = engine.scan(OneFile(path: path, content: input), options: options)
            for finding in result.findings {
                guard finding.start.offset <= finding.end.offset, finding.end.offset <= input.count else {
                    return "\(finding.ruleID) is found outside of the file"
                }
            }
            return nil
        }

        private static let builtIn = (try? RulePack.builtIn()) ?? []
        private static let code = Array(
            "class A { func f(_ a: B) { let k = g(a, \"b\", [1, 2]); h(k); if a { return } } }\n[a b:c d:@\"e\"];".utf8)
    }

    /// A project of one file.
    private struct OneFile: ProjectFiles {
        let path: String
        let content: [UInt8]

        func list() -> (files: [ProjectFile], notes: [ScanNote]) {
            ([ProjectFile(path: path, byteCount: content.count)], [])
        }
        func bytes(of file: ProjectFile) -> [UInt8]? { content }
    }
#endif
