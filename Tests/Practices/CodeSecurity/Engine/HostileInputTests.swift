#if Scanner
    import Testing

    @testable import CodeSecurity

    /// Whatever a file holds: the scan ends, and what was not read is named.
    @Suite("Hostile input", .timeLimit(.minutes(5)))
    struct HostileInputTests {
        private static let rules: [Rule] = (try? RulePack.builtIn()) ?? []
        private static let engine = ScanEngine.complete(rules: rules)

        private func scan(_ files: MemoryFiles) -> ScanResult { Self.engine.scan(files) }
        private func scan(_ path: String, _ text: String) -> ScanResult { scan(MemoryFiles([path: text])) }

        /// Words of many rules, so that the file is parsed and searched.
        private static let bait =
            "let key = SymmetricKey(data: k); CC_MD5(a, b, c); Insecure.MD5.hash(data: d); kSecAttrAccessibleAlways\n"

        @Test(
            "one string and one line of 300 kB",
            arguments: ["a.swift", "a.m", "a.json", "a.plist", "a.strings", "a.yml"])
        func longLine(path: String) {
            let filler = String(repeating: "x", count: 300_000)
            #expect(scan(path, Self.bait + "let a = \"\(filler)\"").fileCount == 1)
            let calls = String(repeating: "f(a, \"b\");", count: 30_000)
            #expect(scan(path, calls + Self.bait).fileCount == 1)
        }

        @Test(
            "brackets nested 200,000 bytes deep",
            arguments: ["a.swift", "a.m"],
            [
                "(", "[", "{", "<", "@[", "{ [", "^{", "<a>", "[a ", "\"\\(", "/*", "{\"a\":", "a ? ", "!", "a.b(",
                "if a {",
                "@", "@(", "A<", "if (", "else ", "@protocol a ", "try ", "switch a {", "case .a(", "#if a\n",
                "func a() {",
            ])
        func nested(path: String, unit: String) {
            let bomb = String(repeating: unit, count: 200_000 / unit.utf8.count)
            let result = scan(path, Self.bait + bomb)
            #expect(result.fileCount == 1)
            #expect(result.findings.contains { $0.start.line == 1 })
        }

        @Test(
            "chains of 30,000 links",
            arguments: ["a.swift", "a.m"],
            [
                "a + ", "\"a\" + ", "a.b", ".c()", " ?? a", " else if a { b() }", ", a", "; a", "\n@x ", " as A",
                "-> A ",
                "case a:", "&", "()", "[0]", "{}", "->b", " && a", "= a ", ".0",
            ])
        func chained(path: String, unit: String) {
            let chain = "func f() { let x = if a {} \n let y = a" + String(repeating: unit, count: 30_000)
            let result = scan(path, Self.bait + chain)
            #expect(result.fileCount == 1)
            #expect(result.findings.contains { $0.start.line == 1 })
        }

        @Test(
            "whatever the parser of Swift follows by calling itself, 30,000 times",
            arguments: ["let a: ", "func f() ", "func f(a: ", "let a: A ", "let r = #/\"\"\"/#; ", ""],
            [
                "-> A ", "-> () ", "-> A\n", "some ", "some\n", "inout ", "~", "A.", "A?", "?", "& A ", "if a, ",
                "= if a, ",
                "repeat each ", "is A ", "A<B, ", "return ", "case let ", "for a in ", "[", "x: ", "- ", "\\.a", "@a(",
                "a, try ",
            ])
        func followed(start: String, unit: String) {
            let result = scan("a.swift", Self.bait + start + String(repeating: unit, count: 30_000))
            #expect(result.fileCount == 1)
            #expect(result.findings.contains { $0.start.line == 1 })
        }

        @Test(
            "data nested 200,000 bytes deep",
            arguments: ["a.json", "a.plist", "a.pbxproj", "a.xml", "a.storyboard"],
            [
                "{", "[", "(", "{\"a\":", "<a>", "<dict>", "<array>", "<dict><key>a</key>", "<a b='", "<![CDATA[", "/*",
                "<!DOCTYPE a [", "{a = (",
            ])
        func nestedData(path: String, unit: String) {
            let bomb = String(repeating: unit, count: 200_000 / unit.utf8.count)
            #expect(scan(path, bomb).fileCount == 1)
            #expect(scan(path, "<plist><dict>" + bomb + "</dict></plist> NSAllowsArbitraryLoads }").fileCount == 1)
        }

        @Test(
            "what is too deep is named with its line, and what comes after it is read",
            arguments: [
                ("a.swift", "let a = " + String(repeating: "[", count: 5_000)),
                ("a.swift", "let a = b" + String(repeating: ".c()", count: 5_000)),
                ("a.m", "int a = " + String(repeating: "b(", count: 500) + String(repeating: ")", count: 500) + ";"),
                ("a.m", "int a = b" + String(repeating: ".c()", count: 500) + ";"),
            ])
        func partial(path: String, bomb: String) throws {
            let after = path == "a.m" ? "void after() { danger(1); }\n" : "func after() { danger(1) }\n"
            let result = ScanEngine(rules: try TestRules.danger()).scan(
                MemoryFiles([path: "danger(0);\n\n" + bomb + "\n" + after]))
            #expect(result.notes.map(\.kind) == [.readInPart])
            #expect(result.notes.map(\.line) == [3])
            #expect(result.findings.map(\.start.line) == [1, 4])
        }

        @Test("expressions are held against what is not read as code too", arguments: ["a.swift", "a.m"])
        func expressions(path: String) throws {
            let rules = try TestRules.rules("pattern-regex: secret[0-9]+") + TestRules.danger()
            let bomb = String(repeating: "[", count: 2_000) + "secret123" + String(repeating: "[", count: 2_000)
            let result = ScanEngine(rules: rules).scan(MemoryFiles([path: "danger(0);\nx = " + bomb]))
            #expect(result.findings.map(\.ruleID) == ["danger", "x"])
            #expect(result.notes.map(\.kind) == [.readInPart])
        }

        @Test(
            "what people write is read whole, without a note",
            arguments: [
                ("a.swift", "let a = \"[[[[[[[[[[[[ (((\" // [[[[[[[[[[[[ {{{{\n"),
                ("a.swift", "let a = b" + String(repeating: "\n    .c { d in e(d) }", count: 100) + "\n"),
                ("a.swift", "let a = [" + String(repeating: "B.c.d, ", count: 2_000) + "]\n"),
                ("a.m", "id a = @\"[[[[[[[[[[[\"; // ((((\n"),
                ("a.m", "int a = b" + String(repeating: " + b", count: 2_000) + ";\n"),
            ])
        func whole(path: String, text: String) throws {
            let result = ScanEngine(rules: try TestRules.danger()).scan(MemoryFiles([path: text + "danger(1);\n"]))
            #expect(result.notes.isEmpty)
            #expect(result.findings.count == 1)
        }

        @Test("a finding in a long line shows a part of it")
        func longSnippet() throws {
            let text = "let a = \"" + String(repeating: "x", count: 1_000_000) + "\"; danger(1)"
            let result = ScanEngine(rules: try TestRules.danger()).scan(MemoryFiles(["a.swift": text]))
            #expect(result.findings.count == 1)
            #expect(result.findings.allSatisfy { $0.snippet.joined().utf8.count < 1_000 })
        }

        @Test("every prefix of a file of all rules' words", arguments: ["a.swift", "a.m"])
        func truncated(path: String) {
            let text = Array(Self.sample.utf8)
            for count in stride(from: 0, through: text.count, by: 3) {
                let result = scan(MemoryFiles(bytes: [path: Array(text.prefix(count))]))
                #expect(result.findings.allSatisfy { $0.start.offset <= $0.end.offset && $0.end.offset <= count })
            }
        }

        @Test(
            "bytes at random, with words between them",
            arguments: ["a.swift", "a.m", "a.plist", "a.json", "a.xml", "a.pbxproj", "a.xcconfig"])
        func random(path: String) {
            var state: UInt64 = 88_172_645_463_325_252
            func next() -> UInt64 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return state
            }
            let pieces = Self.sample.split(separator: " ").map { Array($0.utf8) }
            for _ in 0..<60 {
                var bytes: [UInt8] = []
                while bytes.count < 4_000 {
                    if next() % 3 == 0 { bytes += pieces[Int(next() % UInt64(pieces.count))] }
                    bytes.append(UInt8(truncatingIfNeeded: next() % 255 + 1))
                }
                _ = scan(MemoryFiles(bytes: [path: bytes]))
            }
        }

        @Test("a binary file is named and not analysed")
        func binary() {
            let result = scan(
                MemoryFiles(bytes: ["a.swift": Array(Self.bait.utf8) + [0, 1, 2], "b.plist": Array("bplist00".utf8)]))
            #expect(result.notes.map(\.kind) == [.binaryFile, .binaryFile])
            #expect(result.findings.isEmpty)
        }

        @Test("a file over the limit is named and not read")
        func tooLarge() {
            var options = ScanOptions()
            options.maximumFileByteCount = 10
            let result = Self.engine.scan(MemoryFiles(["a.swift": Self.bait]), options: options)
            #expect(result.notes.map(\.kind) == [.fileTooLarge])
            #expect(result.byteCount == 0)
        }

        @Test("a file that vanished is named")
        func unreadable() {
            struct Vanished: ProjectFiles {
                func list() -> (files: [ProjectFile], notes: [ScanNote]) {
                    ([ProjectFile(path: "a.swift", byteCount: 3)], [])
                }
                func bytes(of file: ProjectFile) -> [UInt8]? { nil }
            }
            #expect(Self.engine.scan(Vanished()).notes.map(\.kind) == [.unreadableFile])
        }

        @Test("a file that grew past the limit after it was listed is named and not analysed")
        func grown() {
            struct Grown: ProjectFiles {
                func list() -> (files: [ProjectFile], notes: [ScanNote]) {
                    ([ProjectFile(path: "a.swift", byteCount: 3)], [])
                }
                func bytes(of file: ProjectFile) -> [UInt8]? { [UInt8](repeating: 0x20, count: 5_000_000) }
            }
            #expect(Self.engine.scan(Grown()).notes.map(\.kind) == [.fileTooLarge])
        }

        @Test("UTF-16 with its mark, UTF-8 with its mark, and bytes that are neither")
        func encodings() throws {
            let text = "danger(1)\n"
            var little: [UInt8] = [0xFF, 0xFE]
            var big: [UInt8] = [0xFE, 0xFF]
            for unit in text.utf16 {
                little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
                big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            }
            let files = MemoryFiles(bytes: [
                "a.swift": little, "b.swift": big, "c.swift": [0xEF, 0xBB, 0xBF] + Array(text.utf8),
                "d.swift": Array("// caf".utf8) + [0xE9, 0x0A] + Array(text.utf8),
                "e.m": [0xFF, 0x0A] + Array("void f() { danger(1); }\n".utf8) + [0xC3],
            ])
            let result = ScanEngine(rules: try TestRules.danger()).scan(files)
            #expect(result.findings.map(\.path) == ["a.swift", "b.swift", "c.swift", "d.swift", "e.m"])
            #expect(result.notes.isEmpty)
        }

        @Test("ten thousand findings in a file")
        func many() throws {
            let text = String(repeating: "danger(1)\n", count: 10_000)
            let result = ScanEngine(rules: try TestRules.danger()).scan(MemoryFiles(["a.swift": text]))
            #expect(result.findings.count == 10_000)
            #expect(Set(result.findings.map(\.fingerprint)).count == 10_000)
        }

        @Test("many declarations of the same name, and as many uses", arguments: ["a.swift", "a.m"])
        func sameNames(path: String) {
            let line =
                path == "a.m"
                ? "int key = key + key; CC_MD5(key, key, key);\n" : "let key = key + key; CC_MD5(key, key, key)\n"
            _ = scan(path, String(repeating: line, count: 5_000))
        }

        @Test("functions that hand a value round in a circle")
        func circles() {
            let text = (0..<300).map { "let a\($0) = a\(($0 + 1) % 300) + a\(($0 + 7) % 300)\n" }.joined()
            _ = scan("a.swift", "import CryptoKit\n" + text + "let k = SymmetricKey(data: a0)\n" + Self.bait)
        }

        private static let sample = """
            import CryptoKit
            let key = SymmetricKey(data: Data("0123456789abcdef".utf8)); let h = Insecure.MD5.hash(data: d)
            class A: NSObject, URLSessionDelegate { func urlSession(_ s: URLSession, didReceive c: URLAuthenticationChallenge,
            completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void) {
            completionHandler(.useCredential, URLCredential(trust: c.protectionSpace.serverTrust!)) } }
            UserDefaults.standard.set(password, forKey: "password") /* a /* b */ c */ "x \\(y + "z") w" #"raw"# \"\"\"
            long \\(a) \"\"\" [kSecClass: kSecClassGenericPassword, kSecAttrAccessible: kSecAttrAccessibleAlways]
            @implementation A - (void)b:(int)c { [self d:^(id e) { CC_MD5(a, b, c); }]; NSString *s = @"x"; } @end
            <plist><dict><key>NSAllowsArbitraryLoads</key><true/></dict></plist> {"a": [1, 2, {"b": null}]}
            """
    }
#endif
