/// Questions about a property list, whatever form it was written in.
package struct PropertyList {
    package let tree: CodeTree

    package init(tree: CodeTree) { self.tree = tree }

    /// A value, and the pair or element that holds it.
    package struct Entry: Sendable {
        /// The pair, or the element of an array.
        package let node: NodeID
        /// Missing after a key without a value.
        package let value: NodeID?
        /// The key; nil for an element of an array.
        package let key: String?
    }

    /// The outermost dictionary or array.
    package var root: NodeID? { tree.children(0).first { tree[$0].kind == .dictionary || tree[$0].kind == .array } }

    /// What a dictionary or an array holds.
    package func entries(of container: NodeID) -> [Entry] {
        tree.children(container).compactMap { child in
            if tree[container].kind == .array { return Entry(node: child, value: child, key: nil) }
            guard tree[child].kind == .pair else { return nil }
            return Entry(node: child, value: tree.child(child, .value), key: tree.name(child) ?? "")
        }
    }

    /// The entry of a dictionary with a key, when there is one.
    package func entry(_ key: String, of container: NodeID) -> Entry? { entries(of: container).first { $0.key == key } }

    /// The text of a plain value.
    package func text(_ value: NodeID?) -> String? {
        guard let value else { return nil }
        switch tree[value].kind {
        case .string, .integer, .float, .boolean, .other: return tree.name(value) ?? ""
        default: return nil
        }
    }

    /// A boolean, or a text that Foundation reads as one.
    package func boolean(_ value: NodeID?) -> Bool? {
        switch text(value)?.lowercased() {
        case "true", "yes", "1": true
        case "false", "no", "0": false
        default: nil
        }
    }

    /// What the file is for.
    package var fileKind: PropertyFileKind {
        let path = tree.source.path.lowercased()
        if path.hasSuffix(".entitlements") { return .entitlements }
        if path.hasSuffix(".xcprivacy") { return .privacy }
        if path.hasSuffix(".pbxproj") { return .project }
        if path.hasSuffix(".xcconfig") { return .settings }
        guard path.hasSuffix(".plist"), let root else { return .other }
        return kindByKeys(root)
    }

    private func kindByKeys(_ root: NodeID) -> PropertyFileKind {
        for entry in entries(of: root) {
            guard let key = entry.key else { continue }
            if key.hasPrefix("NSPrivacy") { return .privacy }
            if Self.infoKeys.contains(where: key.hasPrefix) || key.hasSuffix("UsageDescription") { return .info }
            if Self.entitlementKeys.contains(where: key.hasPrefix) { return .entitlements }
            if key == "archiveVersion" || key == "objectVersion" { return .project }
        }
        let name = tree.source.path.split(separator: "/").last ?? ""
        return name.hasSuffix("Info.plist")
            ? .info : name.lowercased().hasPrefix("entitlements") ? .entitlements : .other
    }

    private static let infoKeys = [
        "CFBundle", "NSAppTransportSecurity", "UIApplication", "UISupported", "UIFileSharing", "UIBackgroundModes",
        "LSApplicationQueriesSchemes", "LSSupports", "NSExtension", "UILaunch", "LSRequiresIPhoneOS",
    ]
    private static let entitlementKeys = [
        "com.apple.", "get-task-allow", "application-identifier", "aps-environment", "keychain-access-groups",
        "beta-reports-active",
    ]
}
