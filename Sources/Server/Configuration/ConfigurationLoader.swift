import BucklerPrimitives

/// A command-line flag that overrides one key.
package struct ConfigurationFlag: Sendable, Hashable {
    /// Such as `--data`.
    package let name: String
    /// The key's path.
    package let path: String
    /// What the operator wrote.
    package let text: String

    /// Makes a flag.
    package init(_ name: String, path: String, text: String) {
        self.name = name
        self.path = path
        self.text = text
    }
}

/// Reads a configuration: table defaults, then the file, then the environment, then the flags.
///
/// Without a file the mode is development (PD-20). Every fault that can be found is reported at once.
package struct ConfigurationLoader: Sendable {
    private let file: ConfigurationFile?
    private let environment: [String: String]
    private let flags: [ConfigurationFlag]
    private let workingFolder: String

    /// Takes the three layers.
    ///
    /// `workingFolder` is absolute; relative paths of environment and flags start there.
    package init(
        file: ConfigurationFile?, environment: [String: String], flags: [ConfigurationFlag], workingFolder: String
    ) {
        self.file = file
        self.environment = environment
        self.flags = flags
        self.workingFolder = workingFolder
    }

    /// The settings, or everything that stands against them.
    package func load() throws(ConfigurationRefusal) -> ServerSettings {
        var document = ConfigurationDocument()
        if let file { ConfigurationFileReader(file: file).read(into: &document) }
        addEnvironment(to: &document)
        addFlags(to: &document)
        var builder = ServerSettingsBuilder(document: document, hasFile: file != nil, workingFolder: workingFolder)
        return try builder.build()
    }

    /// Variables that are read elsewhere.
    package static let otherVariables: Set<String> = ["BUCKLER_CONFIG"]

    private func addEnvironment(to document: inout ConfigurationDocument) {
        let keys = Dictionary(
            ConfigurationKeys.all.compactMap { key in key.environmentName.map { ($0, key) } }
        ) { first, _ in first }
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("BUCKLER_") {
            if Self.otherVariables.contains(name) { continue }
            let source = ConfigurationSource.environment(name)
            guard let key = keys[name] else {
                document.refuse(
                    source, name, "unknown variable", allowed: "the variables listed in Docs/Defaults.md")
                continue
            }
            document.add(text, key: key, path: key.path, source: source, folder: workingFolder)
        }
    }

    private func addFlags(to document: inout ConfigurationDocument) {
        for flag in flags {
            guard let key = ConfigurationKeys.key(flag.path) else {
                document.refuse(.flag(flag.name), flag.path, "unknown key", allowed: "a key of Docs/Defaults.md")
                continue
            }
            document.add(flag.text, key: key, path: key.path, source: .flag(flag.name), folder: workingFolder)
        }
    }
}
