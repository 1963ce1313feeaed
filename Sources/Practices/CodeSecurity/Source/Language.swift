/// A language that a front end reads.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case swift
    /// Objective-C and Objective-C++, with the C that stands in them.
    case objectiveC = "objc"
    /// Property lists: `Info.plist`, entitlements, privacy manifests, Xcode projects; and build settings.
    case propertyList = "plist"
    case json
    /// Storyboards, xibs and other XML.
    case xml
    /// Any text, for rules that are expressions over bytes.
    case text = "generic"

    /// The languages whose patterns can be written as code.
    package static let code: [Language] = [.swift, .objectiveC]

    /// The language of a file by its name, or nil when no rule can say anything about it.
    ///
    /// The extension decides; where it says nothing, the whole name does: `Fastfile`, `.npmrc`, `.env.production`, `id_rsa`.
    package init?(path: String) {
        let name = (path.split(separator: "/").last.map(String.init) ?? path).lowercased()
        let ending = name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
        switch ending {
        case "swift": self = .swift
        case "m", "mm", "h": self = .objectiveC
        case "plist", "entitlements", "xcprivacy", "mobileconfig", "pbxproj", "xcconfig": self = .propertyList
        case "json", "resolved", "xcstrings": self = .json
        case "xml", "storyboard", "xib", "xcscheme": self = .xml
        default:
            guard TextFileNames.endings.contains(ending) || TextFileNames.hold(name) else { return nil }
            self = .text
        }
    }
}
