import Testing

@testable import CodeSecurity

@Suite("Secrets in reports")
struct SecretMaskTests {
    @Test(
        "a value keeps four characters and its length",
        arguments: [
            (#"let key = "sk_live_abcdefgh""#, #"let key = "sk_l••••••••••••""#),
            (#"  "api_key": "abcdefghijkl","#, #"  "api_key": "abcd••••••••","#),
            ("<key>Token</key><string>abcdefghij</string>", "<key>Token</key><string>abcd••••••</string>"),
            ("TOKEN=ghp_0123456789", "TOKEN=ghp_••••••••••"), ("MIIEowIBAAKCAQEA1", "MIIE•••••••••••••"),
        ])
    func masked(line: String, expected: String) {
        #expect(SecretMask.masked(line) == expected)
        #expect(SecretMask.masked(line).utf16.count == line.utf16.count)
    }

    @Test(
        "short texts, names and broken quotes stay as they are",
        arguments: ["", "\"", "let a = \"abc\"", "func applicationDidBecomeActive()", ">", "a\">"])
    func kept(line: String) { #expect(SecretMask.masked(line) == line) }
}
