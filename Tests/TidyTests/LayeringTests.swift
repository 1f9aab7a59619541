import Foundation
import Testing

@Suite struct LayeringTests {
    /// The modules that each target may import: the arrows of the architecture, which point one way.
    static let allowed: [String: Set<String>] = [
        "CLinux": [],
        "CMemory": [],
        "CPcap": [],
        "CSeccomp": [],
        "CZlib": [],
        "CZstd": [],
        "VRRPWire": [],
        "VRRPFacts": ["VRRPWire"],
        "VRRPCapture": [
            "CLinux", "CMemory", "CPcap", "CSeccomp", "CZlib", "CZstd", "Glibc", "Synchronization", "VRRPFacts",
            "VRRPWire",
        ],
        "VRRPVantage": ["VRRPFacts", "VRRPWire"],
        "VRRPTracker": ["VRRPFacts", "VRRPWire"],
        "VRRPAuthentication": ["Crypto", "FoundationEssentials", "VRRPTracker", "VRRPWire"],
        "VRRPConfiguration": ["VRRPFacts", "VRRPWire"],
        "VRRPTestimony": ["VRRPFacts", "VRRPWire"],
        "VRRPBundle": ["Crypto", "VRRPConfiguration", "VRRPFacts", "VRRPWire"],
        "VRRPFindings": ["VRRPConfiguration", "VRRPFacts", "VRRPTestimony", "VRRPTracker", "VRRPWire"],
        "VRRPIncidents": ["VRRPFacts", "VRRPFindings", "VRRPTracker", "VRRPWire"],
        "VRRPReport": [
            "Dispatch", "Glibc", "Synchronization", "VRRPIncidents", "VRRPFindings", "VRRPConfiguration",
            "VRRPTestimony", "VRRPTracker", "VRRPFacts", "VRRPWire",
        ],
        "VRRPLive": [
            "Glibc", "Subprocess", "Synchronization", "SystemPackage",
            "VRRPReport", "VRRPIncidents", "VRRPFindings", "VRRPConfiguration", "VRRPTracker", "VRRPFacts", "VRRPWire",
        ],
        "VRRPServe": [
            "Dispatch", "Subprocess", "Synchronization", "SystemPackage", "VRRPCapture", "VRRPLive", "VRRPReport",
            "VRRPFindings", "VRRPTracker", "VRRPFacts", "VRRPWire",
        ],
        "vrrpwatch-serve": [
            "ArgumentParser", "Glibc", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore",
            "ServiceLifecycle", "SystemPackage", "VRRPCapture", "VRRPServe", "VRRPTracker", "VRRPWire",
        ],
        "vrrpwatch": [
            "ArgumentParser", "Crypto", "Dispatch", "Glibc", "Synchronization", "Subprocess", "SystemPackage",
            "VRRPBundle",
            "VRRPCapture", "VRRPLive", "VRRPReport", "VRRPFindings", "VRRPConfiguration",
            "VRRPAuthentication", "VRRPTestimony", "VRRPTracker", "VRRPVantage", "VRRPFacts", "VRRPWire",
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

    @Test("Foundation, and with it tens of megabytes of Unicode data, is nowhere in the program")
    func foundation() throws {
        for file in try ProjectFiles.files(in: "Sources") where file.hasSuffix(".swift") {
            for line in try ProjectFiles.code(of: file) {
                #expect(!line.contains(/\bimport\s+(\w+\s+)?Foundation\b/), "\(file): \(line)")
            }
        }
    }

    @Test("markup is made of literals, and escaped by hand only where forms and pictures are made")
    func escapedMarkup() throws {
        let makers =
            ["Markup/Markup.swift", "Markup/PageForm.swift", "HTML/HTMLPage.swift"].map {
                "Sources/VRRPReport/Forms/Page/\($0)"
            } + ["Sources/VRRPReport/Pictures/Drawing.swift", "Sources/VRRPReport/Words/MarkupEscaping.swift"]
        for file in try ProjectFiles.files(in: "Sources") where file.hasSuffix(".swift") && !makers.contains(file) {
            for line in try ProjectFiles.code(of: file) {
                #expect(!line.contains("escaped: "), "\(file): \(line)")
                #expect(!line.contains("escapedForMark"), "\(file): \(line)")
            }
        }
    }

    @Test func everyTargetIsInTheTable() throws {
        let files = try ProjectFiles.files(in: "Sources")
        // The package for Spark is in Python.
        let folders = Set(files.compactMap { $0.split(separator: "/").dropFirst().first }).subtracting(["Spark"])
        #expect(folders.isSubset(of: Set(Self.allowed.keys.map { Substring($0) })), "\(folders)")
        #expect(folders.contains("VRRPWire"))
    }

    @Test func unsafeCodeIsConfinedToTheCaptures() throws {
        for file in try ProjectFiles.files(in: "Sources") where file.hasSuffix(".swift") {
            guard !file.hasPrefix("Sources/VRRPCapture/") else { continue }
            for line in try ProjectFiles.code(of: file) {
                // The page's policy has a word of its own.
                let words = line.replacing("'unsafe-inline'", with: "")
                #expect(!words.contains(/\bunsafe\b|\bUnsafe\w*Pointer\b/), "\(file): \(line)")
            }
        }
    }
}
