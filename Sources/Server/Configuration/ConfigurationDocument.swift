import BucklerPrimitives

/// One value that somebody said.
package struct ConfigurationEntry: Sendable, Hashable {
    /// The declared key.
    package let key: ConfigurationKey
    /// The key with concrete names: `clients.notes-ios.preset`, `routes[1].acr`.
    package let path: String
    /// The parsed value.
    package let value: ConfigurationValue
    /// Who said it.
    package let source: ConfigurationSource
}

/// Everything that file, environment and flags said, each value parsed by its key's type.
struct ConfigurationDocument {
    /// By concrete path; a later layer has replaced an earlier one.
    private(set) var entries: [String: ConfigurationEntry] = [:]
    /// The line of every mapping and list in the file, for faults about what is missing.
    private(set) var places: [String: ConfigurationSource] = [:]
    /// The chosen names below `clients` and `presets`, in the file's order.
    private(set) var names: [String: [String]] = [:]
    /// The number of entries of each list of mappings.
    private(set) var counts: [String: Int] = [:]
    /// What was wrong so far.
    private(set) var faults: [ConfigurationFault] = []

    mutating func refuse(_ source: ConfigurationSource?, _ key: String, _ problem: String, allowed: String) {
        faults.append(ConfigurationFault(source, key: key, problem: problem, allowed: allowed))
    }

    mutating func add(_ entry: ConfigurationEntry) { entries[entry.path] = entry }

    mutating func note(_ path: String, at source: ConfigurationSource) { places[path] = source }

    mutating func note(name: String, below path: String) { names[path, default: []].append(name) }

    mutating func note(count: Int, of path: String) { counts[path] = count }

    /// Parses one scalar of any layer.
    mutating func add(_ text: String, key: ConfigurationKey, path: String, source: ConfigurationSource, folder: String)
    {
        do throws(ConfigurationValueError) {
            var value = try key.type.parse(text)
            if case .text(let name) = value, key.type == .file || key.type == .folder {
                value = .text(Self.absolute(name, folder: folder))
            }
            add(ConfigurationEntry(key: key, path: path, value: value, source: source))
        } catch {
            refuse(source, path, error.problem, allowed: key.type.allowed)
        }
    }

    /// Parses one list of the file.
    mutating func add(list: [String], key: ConfigurationKey, path: String, source: ConfigurationSource) {
        do throws(ConfigurationValueError) {
            add(ConfigurationEntry(key: key, path: path, value: try key.type.parse(list: list), source: source))
        } catch {
            refuse(source, path, error.problem, allowed: key.type.allowed)
        }
    }

    /// `name` made absolute, `.` and `..` resolved by text.
    static func absolute(_ name: String, folder: String) -> String {
        let whole = name.hasPrefix("/") ? name : folder + "/" + name
        var parts: [Substring] = []
        for part in whole.split(separator: "/") {
            if part == "." { continue }
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
