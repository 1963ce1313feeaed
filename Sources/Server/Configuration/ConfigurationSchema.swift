import BucklerPrimitives

/// The key table as a tree, for walking a file beside it.
indirect enum ConfigurationSchema: Sendable {
    /// A value.
    case leaf(ConfigurationKey)
    /// Fixed names.
    case mapping([String: ConfigurationSchema])
    /// Names that the operator chooses.
    case chosenNames(ConfigurationSchema)
    /// A list of mappings.
    case list(ConfigurationSchema)

    /// The whole table.
    static let root = build(ConfigurationKeys.all.map { ($0.components[...], $0) })

    private static func build(_ keys: [(ArraySlice<String>, ConfigurationKey)]) -> ConfigurationSchema {
        if keys.count == 1, let (components, key) = keys.first, components.isEmpty { return .leaf(key) }
        var groups: [String: [(ArraySlice<String>, ConfigurationKey)]] = [:]
        for (components, key) in keys {
            guard let first = components.first else { continue }
            groups[first, default: []].append((components.dropFirst(), key))
        }
        if let chosen = groups["*"] { return .chosenNames(build(chosen)) }
        if let entries = groups["[]"] { return .list(build(entries)) }
        return .mapping(groups.mapValues(build))
    }

    /// The names that a mapping allows, for error texts.
    var allowedNames: String {
        switch self {
        case .mapping(let names): names.keys.sorted().joined(separator: ", ")
        case .chosenNames: "names of letters, digits and . _ -"
        case .list: "a list of mappings"
        case .leaf(let key): key.type.allowed
        }
    }
}
