import Foundation
import Testing

@Suite struct LayeringTests {
    /// The modules that each target may import: the arrows of the architecture, which point one way.
    static let allowed: [String: Set<String>] = [
        "CLinux": [],
        "CPcap": [],
        "CZlib": [],
        "CZstd": [],
        "VRRPWire": [],
        "VRRPFacts": ["VRRPWire"],
        "VRRPCapture": ["CLinux", "CPcap", "CZlib", "CZstd", "Glibc", "Synchronization", "VRRPFacts", "VRRPWire"],
        "VRRPVantage": ["VRRPFacts", "VRRPWire"],
        "VRRPTracker": ["VRRPFacts", "VRRPWire"],
        "VRRPAuthentication": ["Crypto", "FoundationEssentials", "VRRPTracker", "VRRPWire"],
        "VRRPConfiguration": ["VRRPFacts", "VRRPWire"],
        "VRRPFindings": ["VRRPConfiguration", "VRRPFacts", "VRRPTracker", "VRRPWire"],
        "VRRPIncidents": ["VRRPFacts", "VRRPFindings", "VRRPTracker", "VRRPWire"],
        "VRRPReport": [
            "Dispatch", "Foundation", "FoundationEssentials", "Mustache", "Synchronization", "VRRPIncidents",
            "VRRPFindings", "VRRPConfiguration", "VRRPTracker", "VRRPFacts", "VRRPWire",
        ],
        "VRRPLive": [
            "Foundation", "FoundationEssentials", "Glibc", "Subprocess", "Synchronization", "SystemPackage",
            "VRRPReport", "VRRPIncidents", "VRRPFindings", "VRRPConfiguration", "VRRPTracker", "VRRPFacts", "VRRPWire",
        ],
        "vrrpwatch": [
            "ArgumentParser", "Crypto", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
            "SystemPackage", "VRRPCapture", "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPConfiguration",
            "VRRPAuthentication", "VRRPTracker", "VRRPVantage", "VRRPFacts", "VRRPWire",
        ],
    ]

    @Test(arguments: allowed.keys.sorted())
    func imports(of target: String) throws {
        let allowed = Self.allowed[target, default: []]
        for file in try ProjectFiles.files(in: "Sources/\(target)") where file.hasSuffix(".swift") {
            for line in try ProjectFiles.code(of: file) {
                guard
                    let match = line.wholeMatch(of: /\s*(?:@\w+\s+)*(?:\w+\s+)?import\s+(?:\w+\s+)?(\w+)[.\w]*\s*/)
                else { continue }
                #expect(allowed.contains(String(match.1)), "\(file): \(line)")
            }
        }
    }

    @Test func everyTargetIsInTheTable() throws {
        let files = try ProjectFiles.files(in: "Sources")
        let folders = Set(files.compactMap { $0.split(separator: "/").dropFirst().first })
        #expect(folders.isSubset(of: Set(Self.allowed.keys.map { Substring($0) })), "\(folders)")
        #expect(folders.contains("VRRPWire"))
    }

    @Test func unsafeCodeIsConfinedToTheCaptures() throws {
        for file in try ProjectFiles.files(in: "Sources") where file.hasSuffix(".swift") {
            guard !file.hasPrefix("Sources/VRRPCapture/") else { continue }
            for line in try ProjectFiles.code(of: file) {
                #expect(!line.contains(/\bunsafe\b|\bUnsafe\w*Pointer\b/), "\(file): \(line)")
            }
        }
    }
}
