import BucklerPrimitives

/// The only list of configuration keys, in the order of the documentation.
package enum ConfigurationKeys {
    /// Every key.
    package static let all: [ConfigurationKey] = server + listeners + mail + clients + presets + routes + limits

    /// The key with this path.
    package static func key(_ path: String) -> ConfigurationKey? { byPath[path] }

    private static let byPath = Dictionary(all.map { ($0.path, $0) }) { first, _ in first }

    private static let server: [ConfigurationKey] = [
        .init(
            "mode", .word(["production", "development"]), standard: "production", development: "development",
            why:
                "A server with a configuration file is meant for others, so nothing may be missing; without a file it is a developer's own."
        ),
        .init(
            "public_url", .publicURL, development: "https://localhost:8443",
            why:
                "The issuer is this and `/buckler`; proofs are compared with it and never with the Host header, so it cannot be guessed."
        ),
        .init(
            "data", .folder, standard: "/var/lib/buckler", development: "./buckler-data",
            why: "Everything that a backup needs, and no key."),
        .init(
            "keys", .folder, development: "./buckler-keys",
            why: "The root key lives outside data, database and backup, so that a copy of those opens nothing."),
        .init(
            "keys_command", .command,
            why:
                "Where a key manager holds the root key: run at every start, without a shell and with nothing of the environment but `PATH`; it prints the line that `root.key` would hold. Then no root key is read or written in `keys`."
        ),
        .init(
            "keys_command_next", .command,
            why:
                "The root key that is to take over at `keys rotate --purpose root`, from the key manager. Afterwards both are asked at a start until this one is made `keys_command`."
        ),
        .init(
            "log.level", .word(["debug", "info", "notice", "warning", "error"]), standard: "notice",
            why: "Success is nearly silent; `error` means a bug or something for the operator to do."),
    ]

    private static let listeners: [ConfigurationKey] = [
        .init(
            "listen", .listenAddress, standard: "0.0.0.0:8443", development: "127.0.0.1:8443",
            why: "Ports above 1023 need no privilege; development stays on loopback."),
        .init(
            "lan", .hostName,
            why:
                "Development only: one more name for the certificate, so that a phone in the same network can try. Off, since strangers may be in that network too."
        ),
        .init(
            "trusted_proxies", .networks, standard: "[]",
            why: "Nobody may say who the client is until a line names them."),
        .init(
            "tls.certificate", .file,
            why: "The chain, leaf first, PEM. Read again when it changes or at SIGHUP. Development makes its own."),
        .init(
            "tls.key", .file, namesSecretFile: true,
            why: "The leaf's private key, PEM, mode 0600."),
        .init(
            "operations.listen", .listenAddress, standard: "127.0.0.1:8444",
            why: "Metrics and health details are for the operator, never on the public port."),
        .init(
            "operations.expose_without_authentication", .boolean, standard: "false",
            why: "The operations listener asks nobody for a password yet: leaving loopback has to be said aloud."),
        .init(
            "upstream.url", .upstreamURL, development: "http://127.0.0.1:3000",
            why: "The API behind the gateway; it should listen on loopback only."),
        .init(
            "upstream.audience", .text(maximumByteCount: 200), development: "notes-api",
            why: "The `aud` of Buckler-Identity: an API must not accept another API's header."),
        .init(
            "upstream.connect_timeout", .duration(.milliseconds(100) ... .seconds(60)), standard: "5s",
            why: "A dead upstream is told to the app before a person gives up."),
        .init(
            "upstream.response_timeout", .duration(.seconds(1) ... .minutes(30)), standard: "30s",
            why: "The longest silence before the first byte of an answer."),
    ]

    private static let mail: [ConfigurationKey] = [
        .init(
            "mail.smtp", .mailURL,
            why:
                "Sign-up, new devices and recovery need mail, so production does not start without; development writes files to `data/mail`."
        ),
        .init(
            "mail.from", .mailbox, development: "Buckler <buckler@localhost.localdomain>",
            why: "The sender that people see."),
        .init("mail.user", .text(maximumByteCount: 200), why: "Only together with `mail.password_file`."),
        .init(
            "mail.password_file", .file, namesSecretFile: true,
            why: "Secrets are read from files: an environment variable shows in process lists and crash reports."),
        .init(
            "mail.ca_file", .file,
            why: "PEM certificates to trust for the mail server instead of the system's."),
        .init(
            "mail.to_files", .boolean, standard: "false",
            why: "Development only: writes mail to files although a mail server is configured."),
    ]

    private static let clients: [ConfigurationKey] = [
        .init(
            "clients.*.kind", .word(["native", "service"]), standard: "native",
            why: "`native`: an app with a device key. `service`: a backend that may introspect, with a secret."),
        .init(
            "clients.*.preset", .word(["aal1", "aal2", "aal3"]), standard: "aal1",
            why: "Session lifetimes, see `presets`."),
        .init(
            "clients.*.second_step", .words(["totp", "email"]), standard: "[totp, email]",
            why:
                "`email`: a new device needs a code by e-mail while no authenticator is enrolled; without it a stolen password alone opens a new device, so it is on. `totp` changes nothing: an enrolled authenticator is always asked for."
        ),
        .init(
            "clients.*.scopes", .names, standard: "[]",
            why: "What this client may ask for; nothing is granted that no line names."),
        .init(
            "clients.*.sensitive_scopes", .names, standard: "[]",
            why:
                "Those of `scopes` that tokens go without for 24 hours after a recovery: whoever got in by a saved code or by the mailbox does nothing irreversible before the owner has read the notice."
        ),
        .init(
            "clients.*.resource", .resource,
            why:
                "The single audience of the client's access tokens (RFC 8707); of a service client: the only tokens it may introspect. Without a line it is `public_url`, which the gateway accepts."
        ),
        .init(
            "clients.*.activity", .word(["reported", "requests"]), standard: "reported",
            why:
                "Who moves the idle clock: the app's report of a person (SDK), or, for foreign clients, any request through the gateway."
        ),
        .init(
            "clients.*.secret_file", .file, namesSecretFile: true,
            why: "Service clients only; at least 32 characters."),
    ]

    private static let presets: [ConfigurationKey] = [
        .init(
            "presets.*.absolute", .duration(.minutes(1) ... .days(365)), standard: nil,
            why: "aal1 30d, aal2 24h, aal3 12h: the limits of NIST SP 800-63B-4 §2."),
        .init(
            "presets.*.idle", .duration(.minutes(1) ... .days(365)), standard: nil,
            why: "aal1 14d, aal2 1h, aal3 15m. Silent refresh does not extend it."),
        .init(
            "presets.*.lock_after", .duration(.seconds(10) ... .days(1)), standard: nil,
            why: "aal1 15m, aal2 5m, aal3 2m: the phone locks its vault by itself."),
        .init(
            "presets.*.accept_longer_than_nist", .boolean, standard: "false",
            why: "Presets may be tightened freely; loosening has to be said aloud."),
        .init(
            "sessions.overlap", .duration(.zero ... .minutes(10)), standard: "60s",
            why: "How long a client that sends no Idempotency-Key may repeat a refresh; our SDK does not need it."),
        .init(
            "passwords.memory", .size((19 << 20)...(128 << 20)), standard: "19MiB",
            why:
                "Argon2id by OWASP ASVS 5.0 appendix C; only larger values are accepted. Stored hashes follow at the next sign-in."
        ),
        .init(
            "passwords.iterations", .integer(2...10), standard: "2",
            why: "Together with 19 MiB the ASVS minimum."),
        .init(
            "passwords.breached_filter", .file,
            why: "A larger filter made by `buckler password-filter build`; a small list is built in."),
    ]

    private static let routes: [ConfigurationKey] = [
        .init("routes[].path", .pathPattern, why: "Matched as sent, byte by byte; the first match decides."),
        .init("routes[].methods", .methods, standard: "[]", why: "Empty: all methods."),
        .init(
            "routes[].auth", .word(["required", "none"]), standard: "required",
            why: "Nothing is public unless a line says so."),
        .init("routes[].acr", .integer(1...3), standard: "1", why: "The level that the sign-in must have reached."),
        .init(
            "routes[].max_age", .duration(.seconds(1) ... .days(365)),
            why: "How long ago a person may have signed in; no line: as long as the session lives."),
        .init("routes[].clients", .names, standard: "[]", why: "Empty: all native clients."),
        .init("routes[].scopes", .names, standard: "[]", why: "Every one of them must have been granted."),
        .init(
            "routes[].identity", .word(["remembered", "per_request"]), standard: "remembered",
            why:
                "One signature per access token and 30 s; `per_request` adds method, path and request id at 20 µs each."
        ),
        .init(
            "routes[].websocket", .boolean, standard: "false",
            why: "Token and proof are checked once, at the opening; what frames carry is the upstream's to validate."),
        .init(
            "routes[].body", .size(0...(16 << 30)),
            why: "Overrides `limits.body` for uploads."),
        .init(
            "routes[].request_time", .duration(.seconds(1) ... .hours(24)),
            why: "Overrides `limits.request_time` for long downloads and event streams."),
    ]

    private static let limits: [ConfigurationKey] = [
        .init(
            "limits.body", .size((1 << 10)...(16 << 30)), standard: "10MiB",
            why: "The largest body that passes to the upstream. Buckler's own endpoints read at most 64KiB."),
        .init(
            "limits.request_time", .duration(.seconds(1) ... .hours(24)), standard: "5m",
            why: "The whole request and answer; a dripping body ends here."),
        .init(
            "limits.idle_time", .duration(.seconds(1) ... .minutes(10)), standard: "60s",
            why: "A silent connection is closed."),
        .init(
            "limits.connections", .integer(10...1_000_000), standard: "4096",
            why: "Keeps memory under its budget; further connections wait."),
        .init(
            "limits.streams", .integer(1...1000), standard: "100",
            why: "Concurrent HTTP/2 streams of one connection (RFC 9113 §6.5.2 suggests 100)."),
        .init(
            "limits.remembered_proofs", .integer(10_000...50_000_000), standard: "1000000",
            why:
                "Proofs of sessions kept for up to 375 s so that none passes twice, about 24 bytes each; strangers get a tenth on top. 2,600 requests a second at the standard."
        ),
        .init(
            "limits.drain_time", .duration(.seconds(1) ... .minutes(5)), standard: "10s",
            why: "After SIGTERM running requests may finish; then the process ends all the same."),
    ]
}
