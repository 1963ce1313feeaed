import Authentication
import BucklerPrimitives

extension ServerSettingsBuilder {
    /// Every configured client; in development without a line, the example's and the command line's.
    mutating func buildClients(resource: String) -> [ClientSettings] {
        let names = document.names["clients"] ?? []
        if names.isEmpty, mode == .development { return Self.developmentClients(resource: resource) }
        if names.isEmpty {
            contradiction(
                "clients", "no client is configured, so nobody could sign in",
                allowed: "at least one entry such as `notes-ios: { kind: native }`")
        }
        return names.compactMap { name in
            ClientID(parsing: name).map { buildClient($0, resource: resource) }
        }
    }

    private mutating func buildClient(_ id: ClientID, resource: String) -> ClientSettings {
        func path(_ name: String) -> String { "clients.\(id.text).\(name)" }
        let isService = text(path("kind"), key: "clients.*.kind") == "service"
        let secretFile = text(path("secret_file"), key: "clients.*.secret_file")
        if isService {
            checkService(id, hasSecret: secretFile != nil)
        } else if secretFile != nil {
            contradiction(
                path("secret_file"), "an app cannot keep a secret: its copies are in everybody's hands",
                allowed: "secret_file only with kind: service")
        }
        let preset = text(path("preset"), key: "clients.*.preset").flatMap(PresetName.init(rawValue:))
        let activity = text(path("activity"), key: "clients.*.activity").flatMap(
            ClientSettings.Activity.init(rawValue:))
        let scopes = texts(path("scopes"), key: "clients.*.scopes")
        let sensitive = texts(path("sensitive_scopes"), key: "clients.*.sensitive_scopes")
        for scope in sensitive where !scopes.contains(scope) {
            contradiction(path("sensitive_scopes"), "`\(scope)` is no scope of this client", allowed: "names of scopes")
        }
        return ClientSettings(
            id: id, kind: isService ? .service(secretFile: secretFile ?? "") : .native, preset: preset ?? .aal1,
            secondStep: texts(path("second_step"), key: "clients.*.second_step")
                .compactMap(ClientSettings.SecondStep.init(rawValue:)),
            scopes: scopes, sensitiveScopes: sensitive,
            resource: text(path("resource"), key: "clients.*.resource") ?? resource, activity: activity ?? .reported)
    }

    private mutating func checkService(_ id: ClientID, hasSecret: Bool) {
        let path = "clients.\(id.text)"
        if !hasSecret {
            contradiction(path, "a service client needs its secret", allowed: "secret_file: the path of a file")
        }
        for name in ["preset", "second_step", "activity", "sensitive_scopes"]
        where document.entries["\(path).\(name)"] != nil {
            contradiction(
                "\(path).\(name)", "a service client signs nobody in", allowed: "\(name) only with kind: native")
        }
    }

    private static func developmentClients(resource: String) -> [ClientSettings] {
        ["notes-ios", "buckler-curl"].compactMap { ClientID(parsing: $0) }.map { id in
            ClientSettings(
                id: id, kind: .native, preset: .aal1, secondStep: [.totp, .email], scopes: ["notes"],
                resource: resource, activity: .reported)
        }
    }

    /// The three presets, tightened by the file.
    mutating func buildPresets() -> [PresetName: PresetSettings] {
        for name in document.names["presets"] ?? [] where PresetName(rawValue: name) == nil {
            contradiction("presets.\(name)", "unknown preset", allowed: "aal1, aal2 or aal3")
        }
        var presets: [PresetName: PresetSettings] = [:]
        for name in PresetName.allCases {
            func path(_ key: String) -> String { "presets.\(name.rawValue).\(key)" }
            let standard = PresetSettings.standard(name)
            let preset = PresetSettings(
                absolute: optionalDuration(path("absolute"), key: "presets.*.absolute") ?? standard.absolute,
                idle: optionalDuration(path("idle"), key: "presets.*.idle") ?? standard.idle,
                lockAfter: optionalDuration(path("lock_after"), key: "presets.*.lock_after") ?? standard.lockAfter)
            let accepts = boolean(path("accept_longer_than_nist"), key: "presets.*.accept_longer_than_nist")
            if !accepts {
                check(path("absolute"), preset.absolute, atMost: standard.absolute)
                check(path("idle"), preset.idle, atMost: standard.idle)
                check(path("lock_after"), preset.lockAfter, atMost: standard.lockAfter)
            }
            if document.entries[path("idle")] != nil, preset.idle > preset.absolute {
                contradiction(
                    path("idle"), "longer than the whole session",
                    allowed: "at most absolute, \(ConfigurationType.text(preset.absolute))")
            }
            presets[name] = preset
        }
        return presets
    }

    private mutating func check(_ path: String, _ duration: Duration, atMost limit: Duration) {
        if duration <= limit { return }
        contradiction(
            path, "longer than NIST SP 800-63B-4 allows for this preset",
            allowed: "at most \(ConfigurationType.text(limit)), or accept_longer_than_nist: true beside it")
    }
}
