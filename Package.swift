// swift-tools-version: 6.2

import PackageDescription

// The floors of the house, ground floor first; Tests/Architecture holds the import rule between them.
// The default traits are the SDK alone: an adopter of `import Buckler` resolves swift-crypto (with swift-asn1)
// and nothing of the server. `make` switches on the rest.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func server(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: ["Server"]))
}

func scanner(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: ["Scanner"]))
}

func floor(_ name: String, _ path: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(path)", resources: resources, swiftSettings: settings)
}

func tests(_ path: String, _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(path)", exclude: exclude, swiftSettings: settings)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let nio: [Target.Dependency] = [
    server("NIOCore", "swift-nio"), server("NIOPosix", "swift-nio"), server("NIOHTTP1", "swift-nio"),
    server("NIOConcurrencyHelpers", "swift-nio"),
]

let core: [Target] = [
    floor("BucklerPrimitives", "Core/Primitives", [crypto]),
    floor("BucklerSecurityEvents", "Core/SecurityEvents", ["BucklerPrimitives"]),
]

let standards: [Target] = [
    floor("BucklerJOSE", "Standards/JOSE", ["BucklerPrimitives", crypto]),
    floor("BucklerOTP", "Standards/OTP", ["BucklerPrimitives", crypto]),
]

let practices: [Target] = [
    floor(
        "Authentication", "Practices/Authentication",
        ["BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", crypto]),
    floor(
        "DeviceTrust", "Practices/DeviceTrust", ["BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", crypto]),
    floor("DataProtection", "Practices/DataProtection", ["BucklerPrimitives", "BucklerSecurityEvents", crypto]),
    floor(
        "Sessions", "Practices/Sessions",
        ["BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "Authentication", "DeviceTrust", crypto]),
    floor(
        "SecureChannel", "Practices/SecureChannel",
        ["BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "Sessions", crypto]),
    floor("Monitoring", "Practices/Monitoring", ["BucklerPrimitives", "BucklerSecurityEvents", crypto]),
    floor(
        "CodeSecurity", "Practices/CodeSecurity",
        [
            "BucklerPrimitives", crypto, scanner("SwiftSyntax", "swift-syntax"), scanner("SwiftParser", "swift-syntax"),
            scanner("Yams", "Yams"),
        ]),
]

let wire: [Target] = [
    floor("BucklerAPI", "API", ["BucklerPrimitives"])
]

let storage: [Target] = [
    floor(
        "Storage", "Storage",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "Authentication", "DeviceTrust",
            "DataProtection", "Sessions", "Monitoring", crypto,
        ]),
    floor(
        "SQLiteDriver", "SQLiteDriver",
        ["BucklerPrimitives", "Storage", crypto, server("GRDB", "GRDB.swift"), server("GRDBSQLite", "GRDB.swift")]),
]

// Adapters over C libraries that Debian packages and Homebrew carry.
let platform: [Target] = [
    .systemLibrary(
        name: "CArgon2", path: "Sources/Platform/CArgon2", pkgConfig: "libargon2",
        providers: [.apt(["libargon2-dev"]), .brew(["argon2"])]),
    .systemLibrary(
        name: "CQREncode", path: "Sources/Platform/CQREncode", pkgConfig: "libqrencode",
        providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]),
    .systemLibrary(
        name: "CCurlSystem", path: "Sources/Platform/CCurlSystem", pkgConfig: "libcurl",
        providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .target(name: "CCurlShims", dependencies: ["CCurlSystem"], path: "Sources/Platform/CCurlShims"),
    .target(name: "CSystemShims", path: "Sources/Platform/CSystemShims"),
    floor(
        "Argon2", "Platform/Argon2",
        ["BucklerPrimitives", "Authentication", "CArgon2"] + nio),
    floor("Spawning", "Platform/Spawning", ["CSystemShims"]),
    floor("QRCode", "Platform/QRCode", ["BucklerPrimitives", "Authentication", "CQREncode"]),
    floor(
        "MailDelivery", "Platform/MailDelivery",
        ["BucklerPrimitives", "Authentication", "CCurlShims", "CCurlSystem"] + nio),
]

let serverFloor: [Target] = [
    floor(
        "ServerConfiguration", "Server/Configuration",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "Authentication", "Sessions", "SecureChannel",
            server("Yams", "Yams"),
        ]),
    floor(
        "ServerGateway", "Server/Gateway",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerAPI", "Sessions", "SecureChannel",
            crypto,
            server("NIOTLS", "swift-nio"), server("Hummingbird", "hummingbird"),
            server("HummingbirdCore", "hummingbird"),
            server("HummingbirdTLS", "hummingbird"), server("HummingbirdHTTP2", "hummingbird"),
            server("HTTPTypes", "swift-http-types"), server("NIOSSL", "swift-nio-ssl"),
            server("NIOHTTP2", "swift-nio-http2"),
            server("NIOHTTPTypes", "swift-nio-extras"), server("NIOHTTPTypesHTTP1", "swift-nio-extras"),
            server("X509", "swift-certificates"), server("SwiftASN1", "swift-asn1"), server("Logging", "swift-log"),
            server("ServiceLifecycle", "swift-service-lifecycle"),
        ] + nio),
    floor(
        "ServerHTTP", "Server/HTTP",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "BucklerAPI", "Authentication",
            "Sessions", "SecureChannel", "DeviceTrust", "DataProtection", "Monitoring", crypto, "ServerGateway",
            server("Hummingbird", "hummingbird"), server("HummingbirdCore", "hummingbird"),
            server("HTTPTypes", "swift-http-types"), server("Logging", "swift-log"),
            server("ServiceLifecycle", "swift-service-lifecycle"),
        ] + nio),
]

let client: [Target] = [
    floor(
        "BucklerPlatformKeys", "Client/PlatformKeys",
        ["BucklerPrimitives", crypto, .target(name: "BucklerAppleStubs", condition: .when(traits: ["AppleStubs"]))]),
    floor("BucklerAppleStubs", "Client/AppleStubs", ["BucklerPrimitives", crypto]),
    floor(
        "Buckler", "Client/SDK", ["BucklerAPI", "BucklerJOSE", "BucklerPrimitives", "BucklerPlatformKeys", crypto],
        resources: [.copy("PrivacyInfo.xcprivacy")]),
    floor(
        "BucklerTesting", "Client/Testing",
        ["Buckler", "BucklerAPI", "BucklerJOSE", "BucklerPrimitives", "BucklerPlatformKeys", crypto]),
    floor(
        "BucklerLinuxTransport", "Client/LinuxTransport",
        [
            "Buckler", "BucklerPrimitives",
            .product(
                name: "AsyncHTTPClient", package: "async-http-client", condition: .when(traits: ["LinuxTransport"])),
            .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["LinuxTransport"])),
            .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["LinuxTransport"])),
            .product(name: "NIOHTTP1", package: "swift-nio", condition: .when(traits: ["LinuxTransport"])),
        ]),
]

let apps: [Target] = [
    floor(
        "TestSupport", "TestSupport",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "DataProtection", "Storage",
            "SQLiteDriver", "Spawning", crypto,
        ]),
    floor(
        "BucklerAssembly", "Apps/Assembly",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "BucklerAPI", "Authentication",
            "Sessions", "SecureChannel", "DeviceTrust", "DataProtection", "Monitoring", "Storage", "SQLiteDriver",
            "Argon2", "QRCode", "MailDelivery", "Spawning", "ServerConfiguration", "ServerGateway", "ServerHTTP",
            "CSystemShims",
            crypto,
            server("Logging", "swift-log"), server("ServiceLifecycle", "swift-service-lifecycle"),
            server("Hummingbird", "hummingbird"), server("NIOSSL", "swift-nio-ssl"),
            server("HTTPTypes", "swift-http-types"),
        ] + nio),
    // A whole server inside a test; no product contains it.
    floor(
        "ServerTestSupport", "Apps/TestServer",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "Authentication", "Storage",
            "ServerConfiguration", "BucklerAssembly", "Buckler", "BucklerPlatformKeys", "BucklerLinuxTransport",
            "Spawning", "TestSupport", crypto, server("Logging", "swift-log"), server("NIOSSL", "swift-nio-ssl"),
            server("Hummingbird", "hummingbird"), server("HTTPTypes", "swift-http-types"),
            server("ServiceLifecycle", "swift-service-lifecycle"),
            .product(
                name: "AsyncHTTPClient", package: "async-http-client", condition: .when(traits: ["LinuxTransport"])),
        ]
            + nio),
    .executableTarget(
        name: "BucklerCommand",
        dependencies: [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "BucklerAPI", "Authentication",
            "Sessions", "SecureChannel", "DeviceTrust", "DataProtection", "Monitoring", "Storage", "SQLiteDriver",
            "Argon2", "QRCode", "MailDelivery", "ServerConfiguration", "ServerGateway", "ServerHTTP", "Buckler",
            "BucklerAssembly", "BucklerLinuxTransport", "BucklerPlatformKeys", crypto,
            server("ArgumentParser", "swift-argument-parser"), server("Logging", "swift-log"),
            server("ServiceLifecycle", "swift-service-lifecycle"), server("Hummingbird", "hummingbird"),
        ] + nio,
        path: "Sources/Apps/buckler", swiftSettings: settings),
    .executableTarget(
        name: "BucklerScanCommand",
        dependencies: ["BucklerPrimitives", "CodeSecurity", scanner("ArgumentParser", "swift-argument-parser")],
        path: "Sources/Apps/buckler-scan", swiftSettings: settings),
    .executableTarget(
        name: "NotesAPI",
        dependencies: [
            server("Hummingbird", "hummingbird"), server("HTTPTypes", "swift-http-types"),
            server("ArgumentParser", "swift-argument-parser"),
        ],
        path: "Examples/NotesAPI", swiftSettings: settings),
]

let benchmarks: [Target] = [
    .executableTarget(
        name: "BucklerBench",
        dependencies: [
            "BucklerPrimitives", "BucklerJOSE", "Authentication", "Argon2", "CArgon2", crypto,
            server("NIOCore", "swift-nio"), server("NIOHTTP1", "swift-nio"), server("NIOSSL", "swift-nio-ssl"),
            .product(
                name: "AsyncHTTPClient", package: "async-http-client", condition: .when(traits: ["LinuxTransport"])),
        ],
        path: "Benchmarks/BucklerBench", swiftSettings: settings),
    .executableTarget(
        name: "BucklerFuzz", dependencies: ["CodeSecurity"], path: "Fuzz/BucklerFuzz", swiftSettings: settings),
]

let everything: [Target.Dependency] =
    [
        "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "BucklerAPI", "Authentication",
        "Sessions",
        "SecureChannel", "DeviceTrust", "DataProtection", "Monitoring", "Storage", "SQLiteDriver", "Argon2", "QRCode",
        "MailDelivery", "ServerConfiguration", "ServerGateway", "ServerHTTP", "BucklerAssembly", "Buckler",
        "BucklerLinuxTransport", "BucklerPlatformKeys", "TestSupport", "ServerTestSupport", crypto,
        server("Hummingbird", "hummingbird"), server("HTTPTypes", "swift-http-types"), server("Logging", "swift-log"),
        server("ServiceLifecycle", "swift-service-lifecycle"),
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: .when(traits: ["LinuxTransport"])),
        server("NIOSSL", "swift-nio-ssl"), server("NIOHTTP2", "swift-nio-http2"), server("X509", "swift-certificates"),
        server("HummingbirdCore", "hummingbird"),
    ] + nio

let testTargets: [Target] = [
    tests("Core/Primitives", "PrimitivesTests", ["BucklerPrimitives", "BucklerSecurityEvents", "TestSupport", crypto]),
    tests("Standards/JOSE", "JOSETests", ["BucklerPrimitives", "BucklerJOSE", "TestSupport", crypto]),
    tests("Standards/OTP", "OTPTests", ["BucklerPrimitives", "BucklerOTP", "TestSupport"]),
    tests(
        "Practices/Authentication", "AuthenticationTests",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "BucklerOTP", "Authentication",
            "DataProtection",
            "Storage", "SQLiteDriver", "Argon2", "TestSupport", crypto, server("GRDB", "GRDB.swift"),
        ]),
    tests(
        "Practices/Sessions", "SessionsTests",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "Authentication", "DeviceTrust",
            "DataProtection",
            "Sessions", "Storage", "SQLiteDriver", "TestSupport", crypto,
        ]),
    tests(
        "Practices/SecureChannel", "SecureChannelTests",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "BucklerJOSE", "Authentication", "Sessions", "SecureChannel",
            "TestSupport", crypto,
        ]),
    tests(
        "Practices/DataProtection", "DataProtectionTests",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "DataProtection", "Storage", "SQLiteDriver", "TestSupport",
            crypto,
        ]),
    tests(
        "Practices/Monitoring", "MonitoringTests",
        ["BucklerPrimitives", "BucklerSecurityEvents", "Monitoring", "Storage", "SQLiteDriver", "TestSupport"]),
    tests("Practices/CodeSecurity", "CodeSecurityTests", ["BucklerPrimitives", "CodeSecurity"]),
    tests("Apps/ScanCommand", "ScanCommandTests", ["BucklerScanCommand", "TestSupport"]),
    tests("Storage", "StorageTests", everything + [server("GRDB", "GRDB.swift")]),
    tests(
        "Platform", "PlatformTests",
        ["BucklerPrimitives", "Authentication", "Argon2", "QRCode", "MailDelivery", "Spawning", "TestSupport"] + nio),
    tests(
        "Server/Configuration", "ConfigurationTests",
        [
            "BucklerPrimitives", "BucklerSecurityEvents", "ServerConfiguration", "Authentication", "Sessions",
            "SecureChannel", "TestSupport",
        ]),
    tests("Server/Gateway", "GatewayTests", everything),
    tests("Server/HTTP", "ServerHTTPTests", everything),
    tests(
        "Client/SDK", "SDKTests",
        [
            "Buckler", "BucklerTesting", "BucklerAPI", "BucklerJOSE", "BucklerPrimitives", "BucklerPlatformKeys",
            "TestSupport", crypto, .target(name: "BucklerAppleStubs", condition: .when(traits: ["AppleStubs"])),
        ]),
    tests(
        "Client/PlatformKeys", "PlatformKeysTests",
        [
            "BucklerPlatformKeys", "BucklerPrimitives", "TestSupport", crypto,
            .target(name: "BucklerAppleStubs", condition: .when(traits: ["AppleStubs"])),
        ]),
    tests("Adversarial", "AdversarialTests", everything + [server("GRDB", "GRDB.swift")]),
    tests("EndToEnd", "EndToEndTests", everything + [server("GRDB", "GRDB.swift")]),
    tests(
        "Architecture", "ArchitectureTests", ["BucklerAPI", "BucklerPrimitives", "CodeSecurity", "ServerConfiguration"]),
]

let package = Package(
    name: "buckler",
    platforms: [.macOS(.v15), .iOS(.v17), .tvOS(.v17), .watchOS(.v10), .visionOS(.v1)],
    products: [
        .library(name: "Buckler", targets: ["Buckler"]),
        .library(name: "BucklerTesting", targets: ["BucklerTesting"]),
        .executable(name: "buckler", targets: ["BucklerCommand"]),
        .executable(name: "buckler-scan", targets: ["BucklerScanCommand"]),
        .executable(name: "notes-api", targets: ["NotesAPI"]),
    ],
    traits: [
        .default(enabledTraits: []),
        .trait(name: "Server", description: "The server, its storage and its command line."),
        .trait(name: "LinuxTransport", description: "The SDK's HTTP transport on Linux (AsyncHTTPClient)."),
        .trait(name: "Scanner", description: "The static analyser of mobile code, buckler-scan."),
        .trait(name: "AppleStubs", description: "Functional stand-ins for Apple's frameworks, for tests on Linux."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
    ],
    targets: core + standards + practices + wire + storage + platform + serverFloor + client + apps + benchmarks
        + testTargets,
    swiftLanguageModes: [.v6]
)
