import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import ServerConfiguration
import Testing

@Suite("Configurations that start a server")
struct ConfigurationAcceptanceTests {
    @Test("the documented production file is read whole")
    func production() throws {
        let settings = try load(wholeFile)
        #expect(settings.mode == .production)
        #expect(settings.issuer == "https://api.example.com/buckler")
        #expect(settings.listen == ListenAddress(host: "0.0.0.0", port: 8443))
        #expect(settings.clients.map(\.id.text) == ["notes-ios"])
        #expect(settings.clients.first?.resource == "https://api.example.com")
        #expect(settings.presets[.aal1] == PresetSettings(absolute: .days(30), idle: .days(7), lockAfter: .minutes(5)))
        #expect(settings.presets[.aal2] == PresetSettings.standard(.aal2))
        #expect(settings.routes.map(\.path) == ["/status", "/payments/**", "/**"])
        #expect(settings.routes.map(\.isAuthenticationRequired) == [false, true, true])
        #expect(settings.routes[1].level == .two && settings.routes[1].maximumAge == .minutes(5))
        guard case .smtp(let server, let user, let file, _) = settings.mail.transport else {
            Issue.record("mail does not go to the server")
            return
        }
        #expect(server.port == 465 && server.isImplicitTLS && user == "notes" && file == "/etc/buckler/mail")
    }

    @Test("without a file the server is a developer's own, on loopback")
    func development() throws {
        let settings = try load(nil)
        #expect(settings.mode == .development)
        #expect(settings.listen.isLoopback && settings.operations.isLoopback)
        #expect(settings.publicURL.text == "https://localhost:8443")
        #expect(settings.data == "/home/me/buckler-data" && settings.keys == "/home/me/buckler-keys")
        #expect(settings.mail.transport == .files(folder: "/home/me/buckler-data/mail"))
        #expect(settings.clients.map(\.id.text) == ["notes-ios", "buckler-curl"])
        #expect(settings.routes == [.builtIn])
    }

    @Test("flags override the environment, which overrides the file, which overrides the table")
    func precedence() throws {
        let environment = ["BUCKLER_LIMITS_BODY": "2MiB", "BUCKLER_LOG_LEVEL": "debug"]
        let flags = [ConfigurationFlag("--log-level", path: "log.level", text: "error")]
        let settings = try load(
            wholeFile + "limits: { body: 1MiB, streams: 7 }\n", environment: environment, flags: flags)
        #expect(settings.limits.bodyByteCount == 2 << 20)
        #expect(settings.limits.streams == 7)
        #expect(settings.limits.connections == 4096)
        #expect(settings.logLevel == "error")
        let sources = Dictionary(uniqueKeysWithValues: settings.report.map { ($0.path, $0.source.description) })
        #expect(sources["log.level"] == "--log-level")
        #expect(sources["limits.body"] == "BUCKLER_LIMITS_BODY")
        #expect(sources["limits.streams"] == "buckler.yaml:16")
        #expect(sources["limits.connections"] == "default")
    }

    @Test("a command is a list of words, in their order, also when one comes twice")
    func command() throws {
        let settings = try load(wholeFile + "keys_command: [/usr/bin/kms, --get, a b, --get]\n")
        #expect(settings.keysCommand == ["/usr/bin/kms", "--get", "a b", "--get"])
        #expect(try load(wholeFile).keysCommand.isEmpty)
    }

    @Test("in development the public URL follows the listener's port")
    func developmentPort() throws {
        let settings = try load(nil, flags: [ConfigurationFlag("--listen", path: "listen", text: "127.0.0.1:9443")])
        #expect(settings.publicURL.text == "https://localhost:9443")
    }

    @Test("a LAN name opens the listener and leaves the public URL alone")
    func lan() throws {
        let settings = try load(nil, flags: [ConfigurationFlag("--lan", path: "lan", text: "studio.local")])
        #expect(settings.listen == ListenAddress(host: "0.0.0.0", port: 8443))
        #expect(settings.lan == "studio.local" && settings.publicURL.text == "https://localhost:8443")
    }

    @Test("a file may say development, with routes and clients of its own")
    func developmentFile() throws {
        let settings = try load("mode: development\nroutes: [ { path: /status, auth: none } ]\n")
        #expect(settings.mode == .development)
        #expect(settings.routes == [settings.routes[0], .builtIn])
        #expect(!settings.routes[0].isAuthenticationRequired)
    }

    @Test("a configuration that marks nothing public has nothing public", arguments: [nil, wholeFile])
    func nothingPublic(text: String?) throws {
        let settings = try load(text?.replacing("  - { path: \"/status\", auth: none }\n", with: ""))
        #expect(settings.routes.filter { !$0.isAuthenticationRequired }.isEmpty)
        #expect(settings.routes.last?.path == "/**")
    }

    @Test("every declared default parses as its own type")
    func defaultsParse() throws {
        for key in ConfigurationKeys.all {
            #expect(!key.why.isEmpty && !key.type.allowed.isEmpty, "\(key.path)")
        }
        #expect(Set(ConfigurationKeys.all.map(\.path)).count == ConfigurationKeys.all.count)
        let report = try load(nil).report
        #expect(report.count > 20)
        #expect(ConfigurationKeys.all.allSatisfy { ConfigurationKeys.markdown.contains("| `\($0.path)` |") })
    }

    @Test(
        "networks contain what their bits say",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("192.168.1.7", "192.168.1.7", true), ("192.168.1.7", "192.168.1.8", false),
            ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
        ])
    func networks(text: String, address: String, expected: Bool) throws {
        let network = try #require(NetworkPrefix(parsing: text))
        #expect(network.contains(try #require(SourceAddress(parsing: address))) == expected)
    }
}
