/// Which app or extension a file belongs to, as far as folders tell.
///
/// A target owns the folder of its `Info.plist`, or the folder around it when that holds resources alone. The nearest wins. A file
/// in no such folder belongs to nobody: frameworks and packages that any target may link.
struct TargetMap {
    struct Target: Hashable {
        let folder: String
        let isApp: Bool
    }

    let targets: [Target]

    init(_ facts: [Fact]) {
        var targets: [Target] = []
        for fact in facts where fact.kind == DeclarationFactPass.bundle {
            guard let kind = BundleKind(rawValue: fact.value), kind != .other else { continue }
            let target = Target(folder: Self.folder(of: fact.path), isApp: kind == .app)
            if !targets.contains(where: { $0.folder == target.folder }) { targets.append(target) }
        }
        self.targets = targets.sorted { $0.folder.utf8.count > $1.folder.utf8.count }
    }

    /// The apps.
    var apps: [Target] { targets.filter(\.isApp) }

    /// The target of a file; nil when it is nobody's.
    func target(of path: String) -> Target? {
        targets.first { $0.folder.isEmpty || path.hasPrefix($0.folder + "/") }
    }

    private static func folder(of path: String) -> String {
        var parts = path.split(separator: "/").dropLast()
        while let last = parts.last, parts.count > 1, resources.contains(last.lowercased()) { parts.removeLast() }
        return parts.joined(separator: "/")
    }

    private static let resources: Set<String> = [
        "resources", "supportingfiles", "supporting files", "supporting", "support", "info", "plists", "plist",
        "config",
        "configuration", "configurations", "supporting_files", "app",
    ]
}
