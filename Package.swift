// swift-tools-version: 6.3

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// `Lifetimes` is experimental in Swift 6.3; only the targets that define views of lent bytes need it.
let views: [SwiftSetting] = strict + [.enableExperimentalFeature("Lifetimes")]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "vrrpwatch",
    products: [
        .executable(name: "vrrpwatch", targets: ["vrrpwatch"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
    ],
    targets: [
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "VRRPWire", swiftSettings: views),
        .target(name: "VRRPCapture", dependencies: ["CPcap", "CZlib", "CZstd", "VRRPWire"], swiftSettings: views),
        .target(name: "VRRPTracker", dependencies: ["VRRPWire"], swiftSettings: views),
        .target(name: "VRRPFindings", dependencies: ["VRRPTracker", "VRRPWire"], swiftSettings: strict),
        .target(name: "VRRPReport", dependencies: ["VRRPFindings", "VRRPTracker", "VRRPWire"], swiftSettings: strict),
        .target(
            name: "VRRPLive",
            dependencies: ["VRRPReport", "VRRPFindings", "VRRPTracker", "VRRPWire"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "vrrpwatch",
            dependencies: [
                "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPTracker", "VRRPCapture", "VRRPWire", argumentParser,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "VRRPWireTests", dependencies: ["VRRPWire"], swiftSettings: strict),
        .testTarget(
            name: "VRRPCaptureTests",
            dependencies: ["VRRPCapture", "VRRPWire", "CPcap", "CZlib", "CZstd"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPTrackerTests",
            dependencies: ["VRRPTracker", "VRRPFindings", "VRRPReport", "VRRPWire"],
            swiftSettings: strict
        ),
        .testTarget(name: "VRRPReportTests", dependencies: ["VRRPReport", "VRRPWire"], swiftSettings: strict),
        .testTarget(name: "VRRPWatchTests", dependencies: ["vrrpwatch"], swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ]
)
