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

/// What a judgement is made of is optimised in debug builds too: tests tell thousands of stories and wait for nothing else.
let quick: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// Targets in which no packet waits are made small, because the whole program is one file that people copy.
let compact: [SwiftSetting] = strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// Whether `vrrpwatch-serve` is part of the package, with the HTTP server that only it needs: `.ci/serve` says so.
///
/// A trait would leave the target itself in, and with it all of the server in each build of the tests.
let serves = Context.environment["VRRPWATCH_SERVE"] != nil

let serverPackages: [Package.Dependency] =
    serves ? [.package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: [])] : []

let serverTargets: [Target] =
    serves
    ? [
        .executableTarget(
            name: "vrrpwatch-serve",
            dependencies: [
                "VRRPServe", "VRRPCapture", "VRRPTracker", "VRRPWire", argumentParser,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        )
    ] : []

let package = Package(
    name: "vrrpwatch",
    products: [
        .executable(name: "vrrpwatch", targets: ["vrrpwatch"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        // Without traits there is no Foundation in it.
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        // No target uses it: swift-crypto does, and takes any newer one where none is named.
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    ] + serverPackages,
    targets: [
        .systemLibrary(name: "CLinux"),
        .target(name: "CMemory", publicHeadersPath: "."),
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "VRRPWire", swiftSettings: views + quick),
        .target(name: "VRRPFacts", dependencies: ["VRRPWire"], swiftSettings: strict + quick),
        .target(
            name: "VRRPCapture",
            dependencies: ["CLinux", "CMemory", "CPcap", "CSeccomp", "CZlib", "CZstd", "VRRPFacts", "VRRPWire"],
            swiftSettings: views + quick
        ),
        .target(name: "VRRPVantage", dependencies: ["VRRPFacts", "VRRPWire"], swiftSettings: views + quick),
        .target(name: "VRRPTracker", dependencies: ["VRRPFacts", "VRRPWire"], swiftSettings: views + quick),
        .target(
            name: "VRRPAuthentication",
            dependencies: ["VRRPTracker", "VRRPWire", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict + quick
        ),
        .target(name: "VRRPConfiguration", dependencies: ["VRRPFacts", "VRRPWire"], swiftSettings: compact + quick),
        .target(name: "VRRPTestimony", dependencies: ["VRRPFacts", "VRRPWire"], swiftSettings: compact + quick),
        .target(
            name: "VRRPBundle",
            dependencies: [
                "VRRPConfiguration", "VRRPFacts", "VRRPWire", .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: compact + quick
        ),
        .target(
            name: "VRRPFindings",
            dependencies: ["VRRPConfiguration", "VRRPTestimony", "VRRPTracker", "VRRPFacts", "VRRPWire"],
            swiftSettings: compact + quick
        ),
        .target(
            name: "VRRPIncidents",
            dependencies: ["VRRPFindings", "VRRPTracker", "VRRPFacts", "VRRPWire"],
            swiftSettings: compact + quick
        ),
        .target(
            name: "VRRPReport",
            dependencies: [
                "VRRPIncidents", "VRRPFindings", "VRRPConfiguration", "VRRPTestimony", "VRRPTracker", "VRRPFacts",
                "VRRPWire",
            ],
            resources: [.embedInCode("Assets")],
            swiftSettings: compact + quick
        ),
        .target(
            name: "VRRPLive",
            dependencies: [
                "VRRPReport", "VRRPIncidents", "VRRPFindings", "VRRPConfiguration", "VRRPTracker", "VRRPFacts",
                "VRRPWire",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: compact + quick
        ),
        .target(
            name: "VRRPServe",
            dependencies: [
                "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPTracker", "VRRPCapture", "VRRPFacts", "VRRPWire",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: compact
        ),
        .executableTarget(
            name: "vrrpwatch",
            dependencies: [
                "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPConfiguration", "VRRPTestimony", "VRRPAuthentication",
                "VRRPTracker", "VRRPVantage", "VRRPBundle", "VRRPCapture", "VRRPFacts", "VRRPWire",
                argumentParser,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: [.embedInCode("Service/Files")],
            swiftSettings: strict,
            // All addresses are bound at the start, and the table of them is read-only from then on.
            linkerSettings: [
                .unsafeFlags(
                    ["-Xlinker", "-z", "-Xlinker", "relro", "-Xlinker", "-z", "-Xlinker", "now"],
                    .when(platforms: [.linux])
                )
            ]
        ),
        .target(
            name: "VRRPTestSupport",
            dependencies: [
                "VRRPAuthentication", "VRRPLive", "VRRPReport", "VRRPIncidents", "VRRPFindings", "VRRPConfiguration",
                "VRRPTestimony", "VRRPTracker",
                "VRRPFacts", "VRRPWire",
            ],
            path: "Tests/VRRPTestSupport",
            swiftSettings: strict + quick
        ),
        .testTarget(name: "VRRPWireTests", dependencies: ["VRRPTestSupport", "VRRPWire"], swiftSettings: strict),
        .testTarget(name: "VRRPFactsTests", dependencies: ["VRRPFacts", "VRRPWire"], swiftSettings: strict),
        .testTarget(
            name: "VRRPCaptureTests",
            dependencies: ["VRRPTestSupport", "VRRPCapture", "VRRPFacts", "VRRPWire", "CPcap", "CZlib", "CZstd"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPVantageTests",
            dependencies: ["VRRPTestSupport", "VRRPVantage", "VRRPFacts", "VRRPWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPBundleTests",
            dependencies: [
                "VRRPTestSupport", "VRRPBundle", "VRRPConfiguration", "VRRPCapture", "VRRPFacts", "VRRPWire",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["masks.txt"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPTrackerTests",
            dependencies: ["VRRPTestSupport", "VRRPTracker", "VRRPFacts", "VRRPWire"],
            exclude: ["Scenarios", "Simulation/Courses", "Simulation/courses.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPAuthenticationTests",
            dependencies: ["VRRPTestSupport", "VRRPAuthentication", "VRRPCapture", "VRRPTracker", "VRRPWire"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPConfigurationTests",
            dependencies: [
                "VRRPTestSupport", "VRRPFindings", "VRRPConfiguration", "VRRPWire",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Scenarios"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPTestimonyTests",
            dependencies: [
                "VRRPTestSupport", "VRRPFindings", "VRRPTestimony", "VRRPTracker", "VRRPCapture", "VRRPFacts",
                "VRRPWire",
            ],
            exclude: ["Scenarios"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPFindingsTests",
            dependencies: ["VRRPTestSupport", "VRRPFindings", "VRRPConfiguration", "VRRPTracker", "VRRPWire"],
            exclude: ["Rules", "Scenarios", "catalogue.txt"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPIncidentsTests",
            dependencies: [
                "VRRPTestSupport", "VRRPLive", "VRRPReport", "VRRPIncidents", "VRRPFindings", "VRRPTracker",
                "VRRPCapture",
                "VRRPFacts", "VRRPWire",
            ],
            exclude: ["Scenarios", "recordings.txt"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPReportTests",
            dependencies: [
                "VRRPTestSupport", "VRRPReport", "VRRPFindings", "VRRPTestimony", "VRRPTracker", "VRRPCapture",
                "VRRPFacts", "VRRPWire", .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Reports"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPLiveTests",
            dependencies: [
                "VRRPTestSupport", "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPTracker", "VRRPFacts", "VRRPWire",
            ],
            exclude: ["Scenarios"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPServeTests",
            dependencies: [
                "VRRPTestSupport", "VRRPServe", "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPTracker", "VRRPCapture",
                "VRRPFacts", "VRRPWire",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VRRPWatchTests",
            dependencies: [
                "vrrpwatch", "VRRPTestSupport", "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPTracker", "VRRPBundle",
                "VRRPCapture", "VRRPFacts", "VRRPWire",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SchemaTests",
            dependencies: ["vrrpwatch", "VRRPTestSupport", "VRRPLive", "VRRPReport", "VRRPTracker", "VRRPWire"],
            exclude: ["schemas.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "vrrpwatch", "VRRPTestSupport",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: [
                "Handbook/commands.py", "Lab/leave.py", "Load/sender.py", "Service/attempt.py",
                "Service/vrrpwatch.test.yml",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BrowserTests",
            dependencies: [
                "vrrpwatch", "VRRPTestSupport", "VRRPReport", "VRRPFindings", "VRRPTracker", "VRRPFacts", "VRRPWire",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["browser.py"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Stories",
            dependencies: ["VRRPTestSupport", "VRRPTracker", "VRRPWire", argumentParser],
            path: "Tests/Stories",
            swiftSettings: strict
        ),
        .target(
            name: "FuzzSupport",
            dependencies: [
                "VRRPTestSupport", "VRRPReport", "VRRPFindings", "VRRPConfiguration", "VRRPTestimony", "VRRPTracker",
                "VRRPBundle", "VRRPCapture", "VRRPFacts", "VRRPWire",
            ],
            path: "Tests/Fuzz/FuzzSupport",
            swiftSettings: views
        ),
        .executableTarget(
            name: "Fuzz",
            dependencies: ["FuzzSupport"],
            path: "Tests/Fuzz/Fuzz",
            swiftSettings: strict
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzSupport", "VRRPWire"],
            path: "Tests/Fuzz/FuzzTests",
            swiftSettings: strict
        ),
        .testTarget(name: "TidyTests", dependencies: ["VRRPFindings"], swiftSettings: strict),
    ] + serverTargets
)
