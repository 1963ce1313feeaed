/// Notes what property lists declare: usage descriptions, background modes, entitlements, categories of the privacy manifest.
struct DeclarationFactPass: FilePass {
    /// A key with its place.
    static let declared = "declared"
    /// A key that is written somewhere else than in a property list of the app: build settings, a project description.
    static let mentioned = "mentioned"
    /// An `Info.plist`; the value is a ``BundleKind``.
    static let bundle = "bundle"
    /// A privacy manifest.
    static let manifest = "privacy-manifest"

    private static let usageKeys = FactTopic.usageDescriptions.flatMap(\.keys)
    private static let rootWords = [
        "CFBundle", "NSExtension", "com.apple.", "aps-environment", "NSPrivacy", "UIBackgroundModes",
    ]

    let words: [RequiredWord]

    init() { words = (Self.usageKeys + Self.rootWords).map { RequiredWord($0) } }

    func run(_ file: FileInput) -> FilePassResult {
        guard file.context != .test, words.contains(where: file.has) else { return FilePassResult() }
        switch file.language {
        case .propertyList: return FilePassResult(facts: propertyList(file))
        case .text where Self.describesProjects(file.source.path): return FilePassResult(facts: mentions(file))
        default: return FilePassResult()
        }
    }

    private static func describesProjects(_ path: String) -> Bool {
        [".yml", ".yaml", ".rb", ".toml"].contains(where: path.lowercased().hasSuffix)
    }

    private func mentions(_ file: FileInput) -> [Fact] {
        Self.usageKeys.filter { file.has(RequiredWord($0)) }.map {
            Fact(kind: Self.mentioned, value: $0, range: 0..<0, source: file.source, context: file.context)
        }
    }

    private func propertyList(_ file: FileInput) -> [Fact] {
        let list = PropertyList(tree: file.analysis.tree)
        let kind = list.fileKind
        if kind == .project || kind == .settings { return mentions(file) }
        guard let root = list.root else { return [] }
        var facts: [Fact] = []
        func add(_ kind: String, _ value: String, _ node: NodeID) {
            facts.append(
                Fact(kind: kind, value: value, range: list.tree.range(node), source: file.source, context: file.context)
            )
        }
        switch kind {
        case .info:
            add(Self.bundle, BundleKind(list, root: root).rawValue, root)
            for entry in list.entries(of: root) {
                guard let key = entry.key else { continue }
                if Self.usageKeys.contains(key) { add(Self.declared, key, entry.node) }
                guard key == "UIBackgroundModes", let value = entry.value else { continue }
                for mode in list.entries(of: value) {
                    add(Self.declared, "background:" + (list.text(mode.value) ?? ""), mode.node)
                }
            }
        case .entitlements:
            for entry in list.entries(of: root) where list.boolean(entry.value) != false {
                add(Self.declared, "entitlement:" + (entry.key ?? ""), entry.node)
            }
        case .privacy:
            add(Self.manifest, "", root)
            for type in list.entry("NSPrivacyAccessedAPITypes", of: root)?.value.map({ list.entries(of: $0) }) ?? [] {
                guard let name = type.value.flatMap({ list.entry("NSPrivacyAccessedAPIType", of: $0) }) else {
                    continue
                }
                add(Self.declared, list.text(name.value) ?? "", name.node)
            }
        default: break
        }
        return facts
    }
}

/// What an `Info.plist` belongs to.
enum BundleKind: String, Sendable {
    case app, `extension`, other

    init(_ list: PropertyList, root: NodeID) {
        func has(_ key: String) -> Bool { list.entry(key, of: root) != nil }
        let type = list.entry("CFBundlePackageType", of: root).flatMap { list.text($0.value) } ?? ""
        if has("NSExtension") || has("EXAppExtensionAttributes") || type == "XPC!" {
            self = .extension
        } else if type == "APPL" || type.hasPrefix("$") && Self.marks.contains(where: has)
            || Self.marks.contains(where: has) && type.isEmpty
        {
            self = .app
        } else {
            self = .other
        }
    }

    private static let marks = [
        "LSRequiresIPhoneOS", "UIApplicationSceneManifest", "UILaunchScreen", "UILaunchStoryboardName",
        "NSMainStoryboardFile",
        "NSMainNibFile", "NSPrincipalClass", "UISupportedInterfaceOrientations",
        "UIBackgroundModes", "CFBundleURLTypes", "UIAppFonts", "CFBundleDocumentTypes", "UIFileSharingEnabled",
    ]
}
