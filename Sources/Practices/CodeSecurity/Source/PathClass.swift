/// What a file is by its path.
package struct PathClass: Sendable {
    package let context: CodeContext

    /// Judges a path relative to the scanned root.
    package init(path: String) {
        let parts = path.split(separator: "/").map(String.init)
        let folders = parts.dropLast()
        let name = parts.last ?? ""
        if folders.contains(where: {
            Self.vendored.contains($0) || $0.hasSuffix(".framework") || $0.hasSuffix(".xcframework")
        }) {
            context = .vendored
        } else if folders.contains(where: Self.isTestFolder) || Self.isTestFile(name) {
            context = .test
        } else if folders.contains(where: { Self.samples.contains($0.lowercased()) }) || Self.isSampleFile(name) {
            context = .preview
        } else {
            context = .production
        }
    }

    /// Folders that hold nothing of the project: never walked.
    package static let skipped: Set<String> = [
        ".git", ".build", ".swiftpm", "DerivedData", "node_modules", ".hg", ".svn", "build.noindex", "SourcePackages",
        "__pycache__",
    ]
    private static let vendored: Set<String> = [
        "Pods", "Carthage", "Vendor", "vendor", "ThirdParty", "third_party", "3rdparty", "External",
    ]
    private static let samples: Set<String> = [
        "mocks", "mock", "preview content", "previews", "fixtures", "samplecode",
    ]

    /// Whether a file is test code by what it imports, wherever it lies: XCTest is on no user's device.
    package static func isTestCode(_ bytes: [UInt8], _ language: Language) -> Bool {
        let lines: [StaticString]
        switch language {
        case .swift: lines = ["import XCTest", "import Testing", "@testable import "]
        case .objectiveC: lines = ["#import <XCTest/XCTest.h>", "@import XCTest"]
        default: return false
        }
        return bytes.prefix(importByteCount).split(separator: 0x0A).contains { line in
            lines.contains { word in word.withUTF8Buffer { line.starts(with: $0) } }
        }
    }

    /// How far the imports of a file are looked for.
    private static let importByteCount = 8_192

    private static func isTestFolder(_ name: String) -> Bool {
        let lower = name.lowercased()
        return lower == "tests" || lower == "test" || lower == "uitests" || lower == "unittests" || lower == "testing"
            || name.hasSuffix("Tests") || name.hasSuffix("UITests") || lower == "testutils" || lower == "testhelpers"
            || name.hasSuffix("TestSupport") || name.hasSuffix("TestUtils") || name.hasSuffix("TestUtilities")
    }

    private static func isTestFile(_ name: String) -> Bool {
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        return stem.hasSuffix("Tests")
            || stem.hasSuffix("Test") && stem.count > 4 && name.hasSuffix(".swift") && !stem.hasPrefix("Mastg")
            || stem.hasSuffix("UITests") || stem.hasSuffix("Spec")
    }

    private static func isSampleFile(_ name: String) -> Bool {
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        return stem.hasSuffix("Mock") || stem.hasSuffix("Mocks") || stem.hasSuffix("Previews") || stem.hasPrefix("Mock")
            || stem.hasSuffix("Fixtures") || stem.hasSuffix("Stub")
    }
}
