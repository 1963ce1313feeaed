/// A glob over paths: `*` within a name, `**` across folders, `?` one character; without `/` it means a name anywhere.
package struct PathGlob: Hashable, Sendable {
    private let parts: [[Character]]
    private let isAnywhere: Bool

    package init(_ text: String) {
        let trimmed = text.hasSuffix("/") ? text + "**" : text
        parts = trimmed.split(separator: "/").map(Array.init)
        isAnywhere = !text.dropLast().contains("/")
    }

    /// Whether a path relative to the root matches, or lies in a folder that does.
    package func matches(_ path: String) -> Bool {
        let names = path.split(separator: "/").map(Array.init)
        if isAnywhere, let only = parts.first {
            return names.contains { Self.name(only[...], $0[...]) }
        }
        return Self.path(parts[...], names[...])
    }

    /// Whether one name matches, where `/` is a character like any other.
    package func matchesName(_ name: String) -> Bool {
        guard parts.count == 1, let only = parts.first else { return false }
        return Self.name(only[...], Array(name)[...])
    }

    private static func path(_ parts: ArraySlice<[Character]>, _ names: ArraySlice<[Character]>) -> Bool {
        guard let part = parts.first else { return true }
        if part == ["*", "*"] {
            return (names.startIndex...names.endIndex).contains { path(parts.dropFirst(), names[$0...]) }
        }
        guard let first = names.first, name(part[...], first[...]) else { return false }
        return path(parts.dropFirst(), names.dropFirst())
    }

    private static func name(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
        var pattern = pattern
        var text = text
        var retry: (ArraySlice<Character>, ArraySlice<Character>)?
        while true {
            if pattern.first == "*" {
                pattern = pattern.dropFirst()
                retry = (pattern, text)
            } else if let wanted = pattern.first, let have = text.first, wanted == "?" || wanted == have {
                pattern = pattern.dropFirst()
                text = text.dropFirst()
            } else if pattern.isEmpty, text.isEmpty {
                return true
            } else if let (after, from) = retry, !from.isEmpty {
                pattern = after
                text = from.dropFirst()
                retry = (after, text)
            } else {
                return false
            }
        }
    }
}
