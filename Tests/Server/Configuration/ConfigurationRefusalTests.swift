import ServerConfiguration
import Testing

@Suite("Configurations that stop the start")
struct ConfigurationRefusalTests {
    /// Text to add at the end of the whole file, the line it gets, the key, and a part of the message.
    static let additions: [(String, String, String)] = [
        ("colour: red", "buckler.yaml:16: colour: unknown key", "public_url"),
        ("limits: { bodi: 1MiB }", "buckler.yaml:16: limits.bodi: unknown key", "body, connections"),
        ("limits: { body: 64 }", "buckler.yaml:16: limits.body: “64” lacks its unit", "KiB"),
        ("limits: { body: 64KB }", "buckler.yaml:16: limits.body: “KB” is not a unit", "KiB"),
        ("limits: { body: 1B }", "buckler.yaml:16: limits.body: “1B” is out of range", "1KiB to 16GiB"),
        ("limits: { body: 99999999999999999999GiB }", "buckler.yaml:16: limits.body", "KiB"),
        ("limits: { request_time: 90 }", "limits.request_time: “90” lacks its unit", "(ms, s, m, h, d)"),
        ("limits: { request_time: 2w }", "limits.request_time: “w” is not a unit", "from 1s to 1d"),
        ("limits: { request_time: 0s }", "limits.request_time: “0s” is out of range", "from 1s to 1d"),
        ("limits: { streams: many }", "limits.streams: “many” is not a whole number", "from 1 to 1000"),
        ("limits: { streams: 1001 }", "limits.streams: 1001 is out of range", "from 1 to 1000"),
        ("limits: { streams: -1 }", "limits.streams: “-1” is not a whole number", "from 1 to 1000"),
        ("limits: { streams: [1] }", "limits.streams: a list stands where one value belongs", "whole number"),
        ("limits: { streams: { a: 1 } }", "limits.streams: a mapping stands where a value belongs", "whole number"),
        ("limits: { streams: }", "limits.streams: no value", "whole number"),
        ("limits: 7", "buckler.yaml:16: limits: a value of another kind", "body, connections"),
        (
            "trusted_proxies: 10.0.0.0/8", "trusted_proxies: one value stands where a list belongs",
            "a list of addresses"
        ),
        ("trusted_proxies: [10.0.0.0/33]", "trusted_proxies: “10.0.0.0/33” cannot be an entry", "networks"),
        ("trusted_proxies: [10.0.0.1, 10.0.0.1]", "trusted_proxies: an entry stands there twice", "networks"),
        ("passwords: { memory: 7MiB }", "passwords.memory: “7MiB” is out of range", "from 19MiB"),
        ("passwords: { iterations: 1 }", "passwords.iterations: 1 is out of range", "from 2 to 10"),
        ("sessions: { overlap: 11m }", "sessions.overlap: “11m” is out of range", "from 0s to 10m"),
        ("log: { level: loud }", "log.level: “loud” is not one of them", "debug or info"),
        ("keys_command: /bin/cat", "keys_command: one value stands where a list belongs", "absolute path of a program"),
        ("keys_command: []", "keys_command: the list is empty", "absolute path of a program"),
        ("keys_command: [cat, key]", "keys_command: “cat” is not the absolute path", "absolute path of a program"),
        ("keys_command: [/bin/]", "keys_command: “/bin/” is not the absolute path", "absolute path of a program"),
        ("keys_command: [/bin/cat, \"a\\nb\"]", "keys_command: an argument contains a control character", "a list"),
        ("lan: phone.local", "buckler.yaml:16: lan: for development only", "production"),
        ("<<: { data: /x }", "<<: unknown key", "public_url"),
    ]

    @Test("a wrong line is named with its key and what is allowed", arguments: additions)
    func added(text: String, message: String, allowed: String) {
        let found = faults(wholeFile + text + "\n")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
        #expect(found.first?.contains(allowed) == true, "\(found)")
    }

    /// What to replace in the whole file, by what, and a part of the message.
    static let replacements: [(String, String, String)] = [
        (
            "https://api.example.com\n", "http://api.example.com\n",
            "buckler.yaml:1: public_url: “http://api.example.com” does not"
        ),
        (
            "https://api.example.com\n", "https://api.example.com/v1\n",
            "public_url: “https://api.example.com/v1” does not"
        ),
        ("https://api.example.com\n", "https://me@api.example.com\n", "public_url"),
        ("https://api.example.com\n", "https://api.example.com?x\n", "public_url"),
        ("https://api.example.com\n", "https://localhost:8443\n", "“https://localhost:8443” is local"),
        ("https://api.example.com\n", "https://192.168.1.4\n", "is local"),
        ("https://api.example.com\n", "https://[::1]:8443\n", "is local"),
        ("https://api.example.com\n", "https://studio.local\n", "is local"),
        ("/etc/buckler/keys", "/var/lib/buckler/keys", "buckler.yaml:3: keys: inside the data folder"),
        ("/etc/buckler/keys", "/var/lib/buckler/../buckler", "keys: inside the data folder"),
        ("/etc/buckler/keys", "/var/lib", "keys: inside the data folder or around it"),
        (", key: /etc/buckler/tls/key.pem", "", "tls.key: missing, though tls.certificate is there"),
        ("certificate: /etc/buckler/tls/chain.pem, ", "", "tls.certificate: missing, though tls.key is there"),
        (", password_file: /etc/buckler/mail", "", "mail.password_file: missing, though mail.user is there"),
        ("user: notes, ", "", "mail.user: missing, though mail.password_file is there"),
        ("smtps://mail.example.com", "mail.example.com", "mail.smtp: “mail.example.com” does not have the form"),
        ("Notes <no-reply@example.com>", "Notes <no-reply>", "mail.from: “Notes <no-reply>” does not have the form"),
        ("url: \"http://127.0.0.1:3000\", ", "", "buckler.yaml:6: upstream.url: missing"),
        (", audience: notes-api", "", "upstream.audience: missing"),
        ("http://127.0.0.1:3000", "ftp://127.0.0.1", "upstream.url: “ftp://127.0.0.1” does not"),
        ("http://127.0.0.1:3000", "https://127.0.0.1", "upstream.url: “https://127.0.0.1” does not"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000/api", "upstream.url: “http://127.0.0.1:3000/api” does not"),
        ("http://127.0.0.1:3000", "unix:api.sock", "upstream.url: “unix:api.sock” does not"),
        ("127.0.0.1:8444", "0.0.0.0:8444", "operations.listen: reachable from outside"),
        ("127.0.0.1:8444", "127.0.0.1:8443", "operations.listen: the same port as listen"),
        ("127.0.0.1:8444", "127.0.0.1", "operations.listen: “127.0.0.1” does not have the form"),
        ("kind: native", "kind: web", "clients.notes-ios.kind: “web” is not one of them"),
        ("preset: aal1,", "preset: aal9,", "clients.notes-ios.preset: “aal9” is not one of them"),
        ("[totp, email]", "[totp, sms]", "clients.notes-ios.second_step: “sms” cannot be an entry"),
        ("[totp, email]", "totp", "clients.notes-ios.second_step: one value stands where a list"),
        (
            "kind: native", "kind: native, scopes: [notes], sensitive_scopes: [notes, erase]",
            "clients.notes-ios.sensitive_scopes: `erase` is no scope of this client"
        ),
        ("kind: native", "secret_file: /x, kind: native", "clients.notes-ios.secret_file: an app cannot keep a secret"),
        (
            "kind: native, preset: aal1, second_step: [totp, email]", "kind: service",
            "clients.notes-ios: a service client needs its secret"
        ),
        ("kind: native", "kind: service, secret_file: /s", "a service client signs nobody in"),
        ("notes-ios:", "\"notes ios\":", "clients.notes ios: unknown key"),
        ("idle: 7d", "idle: 20d", "presets.aal1.idle: longer than NIST"),
        ("absolute: 30d", "absolute: 31d", "presets.aal1.absolute: longer than NIST"),
        ("lock_after: 5m", "lock_after: 16m", "presets.aal1.lock_after: longer than NIST"),
        ("absolute: 30d", "absolute: 6d", "presets.aal1.idle: longer than the whole session"),
        ("  aal1: {", "  gold: {", "buckler.yaml:11: presets.gold: unknown preset"),
        ("auth: none }", "auth: none, acr: 2 }", "buckler.yaml:13: routes[0].acr: contradicts auth: none"),
        ("auth: none }", "auth: none, max_age: 1h }", "routes[0].max_age: contradicts auth: none"),
        ("auth: none }", "auth: maybe }", "routes[0].auth: “maybe” is not one of them"),
        ("path: \"/status\", ", "", "buckler.yaml:13: routes[0]: a route without path"),
        ("\"/status\"", "status", "routes[0].path: “status” does not have the form"),
        ("\"/status\"", "/a/../status", "routes[0].path"),
        ("\"/status\"", "/a%2Fb", "routes[0].path"),
        ("\"/status\"", "/**/x", "routes[0].path"),
        ("\"/status\"", "/buckler/jwks.json", "routes[0].path: reserved for Buckler itself"),
        ("\"/status\"", "/**", "routes[1]: never reached"),
        (
            "acr: 2,", "acr: 4,",
            "buckler.yaml:14: routes[1].acr: 4 is out of range; allowed: a whole number from 1 to 3"
        ),
        ("acr: 2,", "clients: [web], acr: 2,", "routes[1].clients: “web” is not a native client"),
        ("acr: 2,", "methods: [get], acr: 2,", "routes[1].methods: “get” cannot be an entry"),
        ("upstream:", "keys: /other\nupstream:", "keys: stands there twice"),
        ("upstream:", "upstream: [", "buckler.yaml:"),
    ]

    @Test("a changed line is named with its key", arguments: replacements)
    func replaced(text: String, by other: String, message: String) {
        #expect(wholeFile.contains(text), "the test replaces nothing")
        let found = faults(wholeFile.replacing(text, with: other, maxReplacements: 1))
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test(
        "production does not start while something is missing",
        arguments: [
            ("public_url: https://api.example.com\n", "public_url: missing"),
            ("keys: /etc/buckler/keys\n", "keys: missing"),
            (
                "tls: { certificate: /etc/buckler/tls/chain.pem, key: /etc/buckler/tls/key.pem }\n",
                "tls.certificate: missing"
            ),
            ("smtp: \"smtps://mail.example.com\", ", "mail.smtp: missing"),
            ("from: \"Notes <no-reply@example.com>\", ", "mail.from: missing"),
            ("upstream: { url: \"http://127.0.0.1:3000\", audience: notes-api }\n", "upstream.url: missing"),
            (
                "clients:\n  notes-ios: { kind: native, preset: aal1, second_step: [totp, email] }\n",
                "clients: no client is configured"
            ),
        ])
    func missing(line: String, message: String) {
        #expect(wholeFile.contains(line), "the test removes nothing")
        let found = faults(wholeFile.replacing(line, with: ""))
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }

    @Test("every fault is told at once")
    func all() {
        #expect(faults(wholeFile + "limits: { body: 1, streams: 0, colour: red }\nshape: round\n").count == 4)
    }

    @Test("an empty file is a production configuration without anything")
    func empty() { #expect(faults("").count >= 8) }

    @Test(
        "a file that is not one mapping is refused",
        arguments: ["- a\n", "just text\n", "a: b: c\n", "\u{1}\n", "--- {}\n--- {}\n"])
    func notYAML(text: String) { #expect(!faults(text).isEmpty) }

    @Test(
        "an unknown variable of ours stops the start",
        arguments: [
            "BUCKLER_PUBLICURL", "BUCKLER_", "BUCKLER_CLIENTS", "BUCKLER_ROUTES", "BUCKLER_TRUSTED_PROXIES",
            "BUCKLER_data",
        ])
    func unknownVariable(name: String) {
        #expect(faults(wholeFile, environment: [name: "x"]).first?.contains("\(name): unknown variable") == true)
    }

    @Test("a variable of the wrong type stops the start and is named")
    func wrongVariable() {
        let found = faults(wholeFile, environment: ["BUCKLER_LIMITS_BODY": "much"])
        #expect(found.first?.hasPrefix("BUCKLER_LIMITS_BODY: limits.body:") == true, "\(found)")
    }

    @Test("other people's variables are none of our business")
    func otherVariables() throws {
        #expect(faults(wholeFile, environment: ["PATH": "/bin", "XBUCKLER_X": "1"]).isEmpty)
    }

    @Test(
        "development refuses to leave this machine",
        arguments: [
            ("listen", "0.0.0.0:8443"), ("listen", "192.168.1.2:8443"), ("public_url", "https://api.example.com"),
            ("keys", "/home/me/buckler-data/keys"), ("operations.listen", "0.0.0.0:8444"),
            ("tls.certificate", "/tmp/chain.pem"),
        ])
    func development(path: String, text: String) {
        #expect(!faults(nil, flags: [ConfigurationFlag("--flag", path: path, text: text)]).isEmpty)
    }

    @Test("the report names a secret's file and reads none")
    func report() throws {
        let lines = try load(wholeFile).report
        #expect(lines.first { $0.path == "mail.password_file" }?.value == "/etc/buckler/mail")
    }
}
