import Authentication
import BucklerPrimitives

/// Turns a document into settings; finds what is missing or contradicts.
struct ServerSettingsBuilder {
    var document: ConfigurationDocument
    let hasFile: Bool
    let workingFolder: String
    private(set) var mode = ServerMode.production
    private(set) var report: [ConfigurationReportLine] = []

    init(document: ConfigurationDocument, hasFile: Bool, workingFolder: String) {
        self.document = document
        self.hasFile = hasFile
        self.workingFolder = workingFolder
        if let said = document.entries["mode"] {
            mode = said.value == .text("development") ? .development : .production
        } else if !hasFile {
            mode = .development
        }
    }

    mutating func build() throws(ConfigurationRefusal) -> ServerSettings {
        let listen = buildListen()
        let publicURL = buildPublicURL(listen: listen)
        let data = text("data") ?? ""
        let clients = buildClients(resource: publicURL.text)
        var settings = ServerSettings(
            mode: mode, publicURL: publicURL, data: data, keys: text("keys") ?? "",
            keysCommand: texts("keys_command"), keysCommandNext: texts("keys_command_next"), listen: listen,
            operations: listenAddress("operations.listen"), lan: text("lan"),
            trustedProxies: texts("trusted_proxies").compactMap { NetworkPrefix(parsing: $0) },
            certificate: buildCertificate(), mail: buildMail(data: data), upstream: buildUpstream(), clients: clients,
            presets: buildPresets(), routes: buildRoutes(clients: clients), limits: buildLimits(),
            passwords: PasswordSettings(
                memoryByteCount: integer("passwords.memory"), iterations: integer("passwords.iterations"),
                breachedFilter: text("passwords.breached_filter")),
            refreshOverlap: duration("sessions.overlap"), logLevel: text("log.level") ?? "notice", report: [])
        _ = text("mode")
        checkListeners(settings)
        checkFolders(settings)
        if mode == .production { checkProduction(settings) } else { checkDevelopment(settings) }
        if !document.faults.isEmpty { throw ConfigurationRefusal(faults: document.faults) }
        settings.report = report
        return settings
    }

    // MARK: Reading single values

    /// The value at `path`, from a layer or the table.
    ///
    /// Records it for the report.
    mutating func value(_ path: String, key template: String? = nil) -> ConfigurationValue? {
        guard let key = ConfigurationKeys.key(template ?? path) else {
            preconditionFailure("no key \(template ?? path) is declared")
        }
        if let entry = document.entries[path] {
            report.append(.init(path: path, value: entry.value.text, source: entry.source))
            return entry.value
        }
        let isDevelopment = mode == .development && key.development != nil
        guard let text = isDevelopment ? key.development : key.standard else { return nil }
        guard let value = key.parsed(standard: text, folder: workingFolder) else {
            preconditionFailure("the default of \(key.path) does not parse")
        }
        report.append(.init(path: path, value: value.text, source: isDevelopment ? .development : .standard))
        return value
    }

    mutating func text(_ path: String, key: String? = nil) -> String? {
        guard case .text(let text)? = value(path, key: key) else { return nil }
        return text
    }

    mutating func texts(_ path: String, key: String? = nil) -> [String] {
        guard case .texts(let texts)? = value(path, key: key) else { return [] }
        return texts
    }

    mutating func optionalInteger(_ path: String, key: String? = nil) -> Int? {
        guard case .integer(let number)? = value(path, key: key) else { return nil }
        return number
    }

    mutating func optionalDuration(_ path: String, key: String? = nil) -> Duration? {
        guard case .duration(let duration)? = value(path, key: key) else { return nil }
        return duration
    }

    mutating func integer(_ path: String, key: String? = nil) -> Int { optionalInteger(path, key: key) ?? 0 }

    mutating func duration(_ path: String, key: String? = nil) -> Duration { optionalDuration(path, key: key) ?? .zero }

    mutating func boolean(_ path: String, key: String? = nil) -> Bool { value(path, key: key) == .boolean(true) }

    private mutating func listenAddress(_ path: String) -> ListenAddress {
        text(path).flatMap { ListenAddress(parsing: $0) } ?? ListenAddress(host: "127.0.0.1", port: 0)
    }

    // MARK: Sections

    /// With `lan` the default leaves loopback, since that is what the operator asked for.
    private mutating func buildListen() -> ListenAddress {
        let address = listenAddress("listen")
        if document.entries["listen"] != nil || document.entries["lan"] == nil { return address }
        return ListenAddress(host: "0.0.0.0", port: address.port)
    }

    /// In development the default follows the listener's port, so that `--listen` needs no second flag.
    private mutating func buildPublicURL(listen: ListenAddress) -> PublicURL {
        if document.entries["public_url"] == nil, mode == .development,
            let url = PublicURL(parsing: "https://localhost:\(listen.port)")
        {
            report.append(.init(path: "public_url", value: url.text, source: .development))
            return url
        }
        if let url = text("public_url").flatMap({ PublicURL(parsing: $0) }) { return url }
        if document.entries["public_url"] == nil { missing("public_url") }
        guard let placeholder = PublicURL(parsing: "https://localhost") else { Self.unreachable() }
        return placeholder
    }

    private mutating func buildCertificate() -> CertificateFiles? {
        let chain = text("tls.certificate")
        let key = text("tls.key")
        switch (chain, key) {
        case (let chain?, let key?): return CertificateFiles(chain: chain, key: key)
        case (_?, nil): missing("tls.key", because: "tls.certificate is there")
        case (nil, _?): missing("tls.certificate", because: "tls.key is there")
        case (nil, nil): break
        }
        return nil
    }

    private mutating func buildMail(data: String) -> MailSettings {
        let user = text("mail.user")
        let passwordFile = text("mail.password_file")
        let trust = text("mail.ca_file")
        if user != nil, passwordFile == nil { missing("mail.password_file", because: "mail.user is there") }
        if user == nil, passwordFile != nil { missing("mail.user", because: "mail.password_file is there") }
        let toFiles = boolean("mail.to_files")
        let server = text("mail.smtp").flatMap { MailServer(parsing: $0) }
        let from =
            text("mail.from").flatMap { Mailbox(parsing: $0) } ?? Mailbox(parsing: "buckler@localhost.localdomain")
        guard let from else { Self.unreachable() }
        if let server, !toFiles {
            return MailSettings(
                transport: .smtp(server: server, user: user, passwordFile: passwordFile, trust: trust), from: from)
        }
        return MailSettings(transport: .files(folder: data + "/mail"), from: from)
    }

    private mutating func buildUpstream() -> UpstreamSettings {
        let url = text("upstream.url").flatMap { UpstreamURL(parsing: $0) }
        let audience = text("upstream.audience")
        if url == nil, document.entries["upstream.url"] == nil { missing("upstream.url") }
        if audience == nil, document.entries["upstream.audience"] == nil { missing("upstream.audience") }
        guard let placeholder = UpstreamURL(parsing: "http://127.0.0.1:1") else { Self.unreachable() }
        return UpstreamSettings(
            url: url ?? placeholder, audience: audience ?? "", connectTimeout: duration("upstream.connect_timeout"),
            responseTimeout: duration("upstream.response_timeout"))
    }

    private mutating func buildLimits() -> LimitSettings {
        LimitSettings(
            bodyByteCount: integer("limits.body"), requestTime: duration("limits.request_time"),
            idleTime: duration("limits.idle_time"), connections: integer("limits.connections"),
            streams: integer("limits.streams"), rememberedProofs: integer("limits.remembered_proofs"),
            drainTime: duration("limits.drain_time"))
    }

    // MARK: Faults

    mutating func missing(_ path: String, because reason: String? = nil) {
        if document.faults.contains(where: { $0.key == path }) { return }
        let allowed = ConfigurationKeys.key(path)?.type.allowed ?? ""
        let parent = path.split(separator: ".").dropLast().joined(separator: ".")
        let place = document.places[parent] ?? document.places[""]
        document.refuse(place, path, reason.map { "missing, though \($0)" } ?? "missing", allowed: allowed)
    }

    mutating func contradiction(_ path: String, _ problem: String, allowed: String) {
        let place = document.entries[path]?.source ?? document.places[path] ?? document.places[""]
        document.refuse(place, path, problem, allowed: allowed)
    }

    /// For literals of this file that always parse.
    static func unreachable() -> Never { preconditionFailure("a literal of the settings does not parse") }
}

extension ConfigurationKey {
    /// Parses a default of the table.
    func parsed(standard text: String, folder: String) -> ConfigurationValue? {
        if type.isList {
            let entries = text.dropFirst().dropLast().split(separator: ",").map { String($0).replacing(" ", with: "") }
            return try? type.parse(list: entries)
        }
        guard let value = try? type.parse(text) else { return nil }
        if case .text(let name) = value, type == .file || type == .folder {
            return .text(ConfigurationDocument.absolute(name, folder: folder))
        }
        return value
    }
}
