import Foundation
import Testing

/// The dependency rule: arrows point to what is more certain.
///
/// One table, floor by floor.
@Suite("Import rule")
struct ImportRuleTests {
    /// Modules of this package that files below each folder may import.
    static let allowed: [(folder: String, modules: Set<String>)] = [
        ("Sources/Core/Primitives", []),
        ("Sources/Core/SecurityEvents", ["BucklerPrimitives"]),
        ("Sources/Standards/JOSE", ["BucklerPrimitives"]),
        ("Sources/Standards/OTP", ["BucklerPrimitives"]),
        ("Sources/Practices/Authentication", core.union(standards)),
        ("Sources/Practices/DeviceTrust", core.union(standards)),
        ("Sources/Practices/DataProtection", core),
        ("Sources/Practices/Monitoring", core),
        ("Sources/Practices/CodeSecurity", core),
        ("Sources/Practices/Sessions", core.union(standards).union(["Authentication", "DeviceTrust"])),
        ("Sources/Practices/SecureChannel", core.union(standards).union(["Sessions"])),
        ("Sources/API", ["BucklerPrimitives"]),
        ("Sources/Storage", core.union(standards).union(practices)),
        ("Sources/SQLiteDriver", core.union(["Storage"])),
        ("Sources/Platform/Argon2", ["BucklerPrimitives", "Authentication", "CArgon2"]),
        ("Sources/Platform/Spawning", ["CSystemShims"]),
        ("Sources/Platform/QRCode", ["BucklerPrimitives", "Authentication", "CQREncode"]),
        ("Sources/Platform/MailDelivery", ["BucklerPrimitives", "Authentication", "CCurlShims"]),
        (
            "Sources/Server/Configuration",
            ["BucklerPrimitives", "BucklerSecurityEvents", "Authentication", "Sessions", "SecureChannel"]
        ),
        ("Sources/Server/Gateway", core.union(standards).union(["BucklerAPI", "Sessions", "SecureChannel"])),
        ("Sources/Server/HTTP", core.union(standards).union(practices).union(["BucklerAPI", "ServerGateway"])),
        ("Sources/Client/AppleStubs", ["BucklerPrimitives"]),
        ("Sources/Client/PlatformKeys", ["BucklerPrimitives", "BucklerJOSE", "BucklerAppleStubs"]),
        ("Sources/Client/SDK", ["BucklerAPI", "BucklerJOSE", "BucklerPrimitives", "BucklerPlatformKeys"]),
        (
            "Sources/Client/Testing",
            ["Buckler", "BucklerAPI", "BucklerJOSE", "BucklerPrimitives", "BucklerPlatformKeys"]
        ),
        ("Sources/Client/LinuxTransport", ["Buckler", "BucklerPrimitives"]),
        (
            "Sources/TestSupport",
            core.union(standards).union(["Storage", "SQLiteDriver", "DataProtection", "Spawning"])
        ),
    ]

    static let core: Set = ["BucklerPrimitives", "BucklerSecurityEvents"]
    static let standards: Set = ["BucklerJOSE", "BucklerOTP"]
    static let practices: Set = [
        "Authentication", "SecureChannel", "Sessions", "DataProtection", "DeviceTrust", "Monitoring", "CodeSecurity",
    ]

    /// Modules from outside that only the named folders may import.
    static let restricted: [String: [String]] = [
        "Hummingbird": ["Sources/Server/", "Sources/Apps/"],
        "HummingbirdCore": ["Sources/Server/", "Sources/Apps/"],
        "HummingbirdTLS": ["Sources/Server/", "Sources/Apps/"],
        "HummingbirdHTTP2": ["Sources/Server/", "Sources/Apps/"],
        "GRDB": ["Sources/SQLiteDriver/"],
        "Yams": ["Sources/Server/Configuration/", "Sources/Practices/CodeSecurity/Rules/"],
        "SwiftSyntax": ["Sources/Practices/CodeSecurity/FrontEnds/Swift/"],
        "SwiftParser": ["Sources/Practices/CodeSecurity/FrontEnds/Swift/"],
        "AsyncHTTPClient": ["Sources/Client/LinuxTransport/", "Sources/Apps/TestServer/"],
        "ArgumentParser": ["Sources/Apps/"],
        "Security": ["Sources/Client/PlatformKeys/"],
        "LocalAuthentication": ["Sources/Client/PlatformKeys/"],
        "SwiftUI": ["Sources/Client/SDK/"],
        "NIOSSL": ["Sources/Server/", "Sources/Client/LinuxTransport/", "Sources/Apps/"],
    ]

    @Test("no folder imports a module of a floor above or beside it", arguments: allowed.map(\.folder))
    func floors(folder: String) throws {
        let row = try #require(Self.allowed.first { $0.folder == folder })
        let ours = Set(Self.allowed.flatMap(\.modules)).union([
            "Buckler", "BucklerAssembly", "BucklerTesting", "TestSupport", "Spawning",
        ])
        .union(Self.practices).union(["Storage", "SQLiteDriver", "ServerHTTP", "ServerConfiguration"])
        for file in try Repository.current.swiftFiles(below: folder) {
            for module in Self.imports(of: file.text) where ours.contains(module) {
                #expect(row.modules.contains(module), "\(file.path) imports \(module)")
            }
        }
    }

    @Test("every folder below Sources that holds Swift has a row in the table or is an app")
    func noFolderIsForgotten() throws {
        for file in try Repository.current.swiftFiles(below: "Sources") where !file.path.hasPrefix("Sources/Apps/") {
            #expect(Self.allowed.contains { file.path.hasPrefix($0.folder + "/") }, "\(file.path) stands on no floor")
        }
    }

    @Test("libraries from outside stay behind the folders that adapt them")
    func restrictedLibraries() throws {
        for file in try Repository.current.swiftFiles(below: "Sources") {
            for module in Self.imports(of: file.text) {
                guard let folders = Self.restricted[module] else { continue }
                #expect(folders.contains { file.path.hasPrefix($0) }, "\(file.path) imports \(module)")
            }
        }
    }

    @Test("the analyser takes from Foundation its threads and nothing else")
    func analyserWithoutFoundation() throws {
        for file in try Repository.current.swiftFiles(below: "Sources/Practices/CodeSecurity")
        where Self.imports(of: file.text).contains("Foundation") {
            #expect(file.path == "Sources/Practices/CodeSecurity/Engine/WorkerThreads.swift")
        }
    }

    static func imports(of text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), words.count > keyword + 1,
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains(String($0)) })
            else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "typealias", "let", "var"]
            let name =
                kinds.contains(words[keyword + 1]) && words.count > keyword + 2
                ? words[keyword + 2] : words[keyword + 1]
            return name.split(separator: ".").first.map(String.init)
        }
    }

    private static let accessLevels: Set = ["public", "package", "internal", "fileprivate", "private"]
}
