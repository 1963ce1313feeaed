import BucklerPrimitives

/// One declared key of the configuration: what it holds, what it is without a line, and why.
///
/// The table `ConfigurationKeys.all` is the only list of keys. It decides what the file, the environment and the flags
/// may say, and it writes `Docs/Defaults.md`.
package struct ConfigurationKey: Sendable, Hashable {
    /// Dotted path; `*` stands for a name that the operator chooses, `[]` for the entries of a list.
    package let path: String
    /// What a value looks like, and its range.
    package let type: ConfigurationType
    /// The value without a line, in the form that a file would use; nil where there is none.
    package let standard: String?
    /// The value in development mode where it differs.
    package let development: String?
    /// Why this is the default.
    package let why: String
    /// The version of the product that first read this key.
    package let since: String
    /// Names a file with a secret: the file's content is never printed, its mode and owner are checked.
    package let namesSecretFile: Bool

    init(
        _ path: String, _ type: ConfigurationType, standard: String? = nil, development: String? = nil,
        namesSecretFile: Bool = false, why: String, since: String = "0.1"
    ) {
        self.path = path
        self.type = type
        self.standard = standard
        self.development = development
        self.why = why
        self.since = since
        self.namesSecretFile = namesSecretFile
    }

    /// Such as `BUCKLER_TLS_KEY`; nil for keys inside lists and under chosen names, which only a file can say.
    package var environmentName: String? {
        if path.contains("*") || path.contains("[]") || type.isList { return nil }
        return "BUCKLER_" + path.uppercased().replacing(".", with: "_")
    }

    /// The path's parts: names, `*` and `[]`.
    var components: [String] {
        path.replacing("[]", with: ".[]").split(separator: ".").map(String.init)
    }
}

/// Where a value came from.
package enum ConfigurationSource: Sendable, Hashable, CustomStringConvertible {
    /// The table's default.
    case standard
    /// The table's default for development mode.
    case development
    /// A line of the file.
    case file(String, line: Int)
    /// An environment variable.
    case environment(String)
    /// A command-line flag.
    case flag(String)

    /// For people: `buckler.yaml:12`, `BUCKLER_DATA`, `--data`, `default`.
    package var description: String {
        switch self {
        case .standard: "default"
        case .development: "development default"
        case .file(let name, let line): "\(name):\(line)"
        case .environment(let name), .flag(let name): name
        }
    }
}

/// One reason why a configuration is refused.
package struct ConfigurationFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the value stands; nil if something is missing altogether.
    package let source: ConfigurationSource?
    /// The key with its concrete names, such as `routes[1].acr`.
    package let key: String
    /// What is wrong, without the value of a secret.
    package let problem: String
    /// What would be right.
    package let allowed: String

    init(_ source: ConfigurationSource?, key: String, problem: String, allowed: String) {
        self.source = source
        self.key = key
        self.problem = problem
        self.allowed = allowed
    }

    /// `file:line: key: what is wrong; allowed: what is right`.
    package var description: String {
        let place = source.map { "\($0): " } ?? ""
        return "\(place)\(key): \(problem); allowed: \(allowed)"
    }
}

/// A configuration that cannot be used, with every reason that was found.
///
/// The process exits with 78 (EX_CONFIG).
package struct ConfigurationRefusal: Error, Sendable, CustomStringConvertible {
    /// At least one.
    package let faults: [ConfigurationFault]

    /// One line per reason.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
