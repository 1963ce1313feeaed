import ServerConfiguration

/// A production configuration without a fault; tests replace one line of it.
let wholeFile = """
    public_url: https://api.example.com
    data: /var/lib/buckler
    keys: /etc/buckler/keys
    tls: { certificate: /etc/buckler/tls/chain.pem, key: /etc/buckler/tls/key.pem }
    mail: { smtp: "smtps://mail.example.com", from: "Notes <no-reply@example.com>", user: notes, password_file: /etc/buckler/mail }
    upstream: { url: "http://127.0.0.1:3000", audience: notes-api }
    operations: { listen: "127.0.0.1:8444" }
    clients:
      notes-ios: { kind: native, preset: aal1, second_step: [totp, email] }
    presets:
      aal1: { idle: 7d, absolute: 30d, lock_after: 5m }
    routes:
      - { path: "/status", auth: none }
      - { path: "/payments/**", acr: 2, max_age: 5m }
      - { path: "/**", auth: required }

    """

func load(
    _ text: String?, environment: [String: String] = [:], flags: [ConfigurationFlag] = []
) throws(ConfigurationRefusal) -> ServerSettings {
    let file = text.map { ConfigurationFile(name: "buckler.yaml", folder: "/etc/buckler", text: $0) }
    return try ConfigurationLoader(file: file, environment: environment, flags: flags, workingFolder: "/home/me").load()
}

/// The lines of the refusal; empty if the configuration was accepted.
func faults(_ text: String?, environment: [String: String] = [:], flags: [ConfigurationFlag] = []) -> [String] {
    do throws(ConfigurationRefusal) {
        _ = try load(text, environment: environment, flags: flags)
        return []
    } catch {
        return error.faults.map(\.description)
    }
}
