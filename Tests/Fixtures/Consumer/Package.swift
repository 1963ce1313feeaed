// swift-tools-version: 6.2

import PackageDescription

// An adopter's package, as plain as they come: scripts/consumer-test.sh builds it and looks at what it resolved.
let package = Package(
    name: "consumer",
    platforms: [.macOS(.v15), .iOS(.v17)],
    dependencies: [.package(name: "buckler", path: "../../..", traits: [])],
    targets: [
        .executableTarget(name: "Consumer", dependencies: [.product(name: "Buckler", package: "buckler")])
    ]
)
