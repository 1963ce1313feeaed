import BucklerPrimitives

extension ServerSettingsBuilder {
    /// What both modes demand of listeners.
    mutating func checkListeners(_ settings: ServerSettings) {
        let isExposed = boolean("operations.expose_without_authentication")
        if !settings.operations.isLoopback, !isExposed {
            contradiction(
                "operations.listen", "reachable from outside, and it asks nobody for a password",
                allowed: "a loopback address, or operations.expose_without_authentication: true")
        }
        if settings.operations.port != 0, settings.operations.port == settings.listen.port {
            contradiction("operations.listen", "the same port as listen", allowed: "another port")
        }
    }

    /// The keys live outside the data folder, and the data not inside the keys folder (PD-14).
    mutating func checkFolders(_ settings: ServerSettings) {
        if !settings.keysCommandNext.isEmpty, settings.keysCommand.isEmpty {
            contradiction(
                "keys_command_next", "the next root key of a key manager, but the present one is a file",
                allowed: "only beside keys_command")
        }
        if document.entries["keys"] == nil, mode == .production {
            missing("keys")
        } else if Self.isInside(settings.keys, settings.data) || Self.isInside(settings.data, settings.keys) {
            contradiction(
                "keys", "inside the data folder or around it, so a backup of the data would carry the keys",
                allowed: "a folder of its own outside \(settings.data)")
        }
    }

    private static func isInside(_ folder: String, _ other: String) -> Bool {
        folder == other || folder.hasPrefix(other == "/" ? "/" : other + "/")
    }

    /// Production starts only when nothing is missing (PD-20).
    mutating func checkProduction(_ settings: ServerSettings) {
        if document.entries["public_url"] != nil, settings.publicURL.isLocal {
            contradiction(
                "public_url", "“\(settings.publicURL)” is local: no phone can reach it",
                allowed: "the name under which phones reach the server")
        }
        if settings.certificate == nil, document.entries["tls.certificate"] == nil, document.entries["tls.key"] == nil {
            missing("tls.certificate")
            missing("tls.key")
        }
        if document.entries["mail.smtp"] == nil { missing("mail.smtp") }
        if document.entries["mail.from"] == nil { missing("mail.from") }
        for path in ["lan", "mail.to_files"] where document.entries[path] != nil {
            contradiction(path, "for development only", allowed: "no such line in production")
        }
    }

    /// Development stays on this machine unless `lan` is said.
    mutating func checkDevelopment(_ settings: ServerSettings) {
        if !settings.listen.isLoopback, settings.lan == nil {
            contradiction(
                "listen", "reachable from outside in development mode",
                allowed: "a loopback address, or --lan NAME, which also puts the name into the certificate")
        }
        if !settings.publicURL.isLocal {
            contradiction(
                "public_url", "a public name in development mode",
                allowed: "https://localhost:port, or mode: production")
        }
        if settings.certificate != nil {
            contradiction(
                "tls.certificate", "development makes its own certificate", allowed: "no such line, or mode: production"
            )
        }
    }
}
