import Testing

@testable import CodeSecurity

@Suite("Secrets in reports")
struct SecretMaskTests {
    @Test(
        "a value keeps its length, at most four characters and never more than half of them",
        arguments: [
            (#"let key = "sk_live_abcdefgh""#, #"let key = "sk_l••••••••••••""#),
            (#"  "api_key": "abcdefghijkl","#, #"  "api_key": "abcd••••••••","#),
            ("<key>Token</key><string>abcdefghij</string>", "<key>Token</key><string>abcd••••••</string>"),
            ("TOKEN=ghp_0123456789", "TOKEN=ghp_••••••••••"), ("MIIEowIBAAKCAQEA1", "MIIE•••••••••••••"),
            (#"let password = "dv1aP4x""#, #"let password = "dv1••••""#), (#"pin == "1234""#, #"pin == "12••""#),
            (#"a(b ? "secretA" : "secretB")"#, #"a(b ? "sec••••" : "sec••••")"#),
            (#"case "hunter22": open()"#, #"case "hunt••••": open()"#),
            (##"x = #"{"a": "hunter22"}"#"##, ##"x = #"{"a"•••••••••••••"#"##),
            (#"f("ab\"cdefgh", @"ijklmnop")"#, #"f("ab\"••••••", @"ijkl••••")"#),
            (#"f("abcdefgh\(name("x"))ijkl")"#, #"f("abcd••••\(name("x"))••••")"#),
            (#"set(@"hunter2!" forKey:@"password")"#, #"set(@"hunt••••" forKey:@"password")"#),
            ("k = [1, 2, 3, 4, 5, 6, 7, 8, 0x19]", "k = [1, 2••••••••••••••••••••••••]"),
            (#"c = '"'; p = "hunter22""#, #"c = '"'; p = "hunt••••""#),
            (#"p = "hunter22 cut…"#, #"p = "hunt•••••••••"#),
        ])
    func masked(line: String, expected: String) {
        #expect(SecretMask.masked(line) == expected)
        #expect(SecretMask.masked(line).utf16.count == line.utf16.count)
    }

    @Test(
        "short texts, names and broken quotes stay as they are",
        arguments: [
            "", "\"", "let a = \"abc\"", "func applicationDidBecomeActive()", ">", "a\">", "\"\"\"", "#\"", "\"\\",
            "\"\\(", "f<T>(key: String) -> Set<Int>", "@AppStorage(\"password\") var p: String",
        ])
    func kept(line: String) { #expect(SecretMask.masked(line) == line) }

    @Test("a literal of several lines is one value, and given values are hidden where they stand")
    func severalLines() {
        #expect(
            SecretMask.masked(["let a = \"\"\"", "  hunter", "  2", "  \"\"\"", "f()"], .literals)
                == ["let a = \"\"\"", "  h•••••", "•••", "••\"\"\"", "f()"])
        #expect(SecretMask.masked(["SECRET = hunter2"], .literals, values: ["hunter2"]) == ["SECRET = hun••••"])
        #expect(SecretMask.masked("sha256OfEverything1", .literals) == "sha256OfEverything1")
    }
}
