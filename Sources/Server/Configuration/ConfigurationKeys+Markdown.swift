extension ConfigurationKeys {
    /// `Docs/Defaults.md`, whole.
    ///
    /// A test compares the file with this.
    package static var markdown: String {
        var lines = [
            "# Defaults", "",
            "Every key of `buckler.yaml`, what it is without a line, and why. Generated from the table in",
            "`Sources/Server/Configuration/ConfigurationKeys.swift`; edit that, then run `make docs`.", "",
            "`*` stands for a name of yours, `[]` for the entries of a list. Durations and sizes carry units.", "",
            "| key | allowed | default | in development | why | since |", "| --- | --- | --- | --- | --- | --- |",
        ]
        for key in all {
            let standard = key.standard.map { "`\($0)`" } ?? "–"
            let development = key.development.map { "`\($0)`" } ?? "the same"
            let secret = key.namesSecretFile ? " (a secret's file, mode 0600)" : ""
            lines.append(
                "| `\(key.path)` | \(key.type.allowed)\(secret) | \(standard) | \(development) | \(key.why) | \(key.since) |"
            )
        }
        lines += [
            "", "## Environment variables", "",
            "They override the file's scalars; command-line flags override them. A variable that begins with `BUCKLER_` and is",
            "not listed stops the start. `BUCKLER_CONFIG` names the file.", "",
        ]
        lines += all.compactMap(\.environmentName).map { "- `\($0)`" }
        return lines.joined(separator: "\n") + "\n"
    }
}
