import Foundation
import Testing
import VRRPBundle
import VRRPCapture
import VRRPTestSupport
import VRRPWire

@testable import vrrpwatch

/// Bundles as files of an observation: what a capture says, its masked copy in a bundle says as well.
@Suite struct BundleFilesTests {
    /// The members of a report that do not depend on the file.
    private static func essence(_ result: Tool.Result) throws -> NSDictionary {
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        let document = try #require(object as? [String: Any])
        let kept = document.filter { ["virtualRouters", "findings", "summary"].contains($0.key) }
        return try #require(strip(kept) as? NSDictionary)
    }

    private static func strip(_ value: Any) -> Any {
        switch value {
        case let dictionary as [String: Any]:
            NSDictionary(
                dictionary: dictionary.filter {
                    !["evidence", "observers", "explanation", "checksum"].contains($0.key)
                }
                .mapValues(strip)
            )
        case let array as [Any]: NSArray(array: array.map(strip))
        default: value
        }
    }

    /// A bundle with the masked packets of a capture, and further members.
    private static func bundle(
        of path: String,
        name: String = "node1",
        _ configurations: [BundleContents.Configuration] = [],
        _ further: [BundleMember] = []
    ) throws -> [UInt8] {
        var mask = SecretMask()
        var frames = FrameMask()
        var writer = PcapNGWriter(inMemoryBy: "test")
        let file = try CaptureFile(path: path)
        while file.advance() {
            _ = file.lendFrames(until: .distantFuture) { frame in
                let bytes = (0..<frame.bytes.count).map { frame.bytes[$0] }
                if let masked = frames.masked(bytes, linkType: frame.linkType, &mask) {
                    let copy = Frame(
                        bytes: masked.span,
                        originalLength: frame.originalLength,
                        number: frame.number,
                        instant: frame.instant,
                        interface: 0,
                        linkType: frame.linkType
                    )
                    try? writer.write(copy, PcapNGWriter.InterfaceProperties(name: "eth0", snapLength: nil))
                }
                return .stop
            }
        }
        let contents = BundleContents(
            name: name,
            interfaces: ["eth0"],
            isMasked: true,
            configurations: configurations
        )
        let packets = BundleMember(name: RouterBundle.Name.packets, source: "", status: "0", content: writer.bytes)
        let archive = RouterBundle.archive(contents, [packets] + further, missing: [], remarks: [], time: 0)
        return try ZstandardFrame.compressed(archive, path: "test")
    }

    private static let captures = ExtractTests.folders.map { "\($0)/capture.pcap" }
        .filter { FileManager.default.fileExists(atPath: $0) }

    @Test("a masked bundle says what its capture says", arguments: captures)
    func masksChangeNothing(path: String) throws {
        let folder = try Folder()
        try folder.write(Self.bundle(of: path), to: "node1.vrrpbundle")
        let original = try Tool.run(["analyze", "--json", path], in: folder)
        let masked = try Tool.run(["analyze", "--json", "node1.vrrpbundle"], in: folder)
        #expect(masked.status == original.status)
        #expect(masked.errors == "")
        #expect(try Self.essence(masked) == Self.essence(original))
    }

    @Test(
        "a capture beside a masked bundle has the passwords that the bundle has",
        arguments: ["auth-mismatch", "crash-failover"]
    )
    func mixed(name: String) throws {
        let path = try #require(Self.captures.first { $0.hasSuffix("/\(name)/capture.pcap") })
        let folder = try Folder()
        try folder.write(Self.bundle(of: path), to: "node1.vrrpbundle")
        try folder.write([UInt8](Data(contentsOf: URL(filePath: path))), to: "copy.pcap")
        let plain = try Tool.run(
            ["analyze", "--json", "--at", "node1=\(path)", "--at", "switch=copy.pcap"],
            in: folder
        )
        let mixed = try Tool.run(["analyze", "--json", "node1.vrrpbundle", "--at", "switch=copy.pcap"], in: folder)
        #expect(try Self.essence(mixed) == Self.essence(plain))
    }

    /// A bundle of the host `number` of a recording, with its configuration and its addresses.
    private static func bundle(of path: String, host number: Int) throws -> [UInt8] {
        let folder = URL(filePath: path).deletingLastPathComponent()
        let configuration = "/etc/keepalived/keepalived.conf"
        let text = try Data(contentsOf: folder.appending(path: "r\(number).conf"))
        let addresses = own(number).map { #"{"local":"\#($0)"}"# }.joined(separator: ",")
        func member(_ name: String, _ content: [UInt8]) -> BundleMember {
            BundleMember(name: name, source: "", status: "0", content: content)
        }
        return try bundle(
            of: path,
            name: "r\(number)",
            [BundleContents.Configuration(daemon: "keepalived", path: configuration)],
            [
                member(RouterBundle.Name.keepalived + configuration, [UInt8](text)),
                member(
                    RouterBundle.Name.addresses,
                    Array(#"[{"ifname":"eth0","addr_info":[\#(addresses)]}]"#.utf8)
                ),
            ]
        )
    }

    /// The addresses of a host in the lab that the recordings were made in.
    private static func own(_ number: Int) -> [String] { ["10.51.0.\(number)", "fe80::51:ff:fe00:\(number)"] }

    private struct Accusation: Hashable {
        var id: String
        var virtualRouter: String
        var routers: [String]
    }

    /// The findings that hold a router against the configurations.
    private static func accusations(_ files: [String], in folder: Folder) throws -> Set<Accusation> {
        let output = try Tool.run(["analyze", "--json"] + files, in: folder).output
        let document = try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        let findings = try #require(document["findings"] as? [[String: Any]])
        return Set(
            findings.compactMap { finding in
                guard let id = finding["id"] as? String, ["config-drift", "unexpected-router"].contains(id) else {
                    return nil
                }
                return Accusation(
                    id: id,
                    virtualRouter: finding["virtualRouter"] as? String ?? "",
                    routers: finding["routers"] as? [String] ?? []
                )
            }
        )
    }

    @Test("the bundle of one host accuses no other host of what both bundles do not", arguments: captures)
    func oneHostAlone(path: String) throws {
        let folder = try Folder()
        for host in [1, 2] { try folder.write(Self.bundle(of: path, host: host), to: "r\(host).vrrpbundle") }
        let both = try Self.accusations(["r1.vrrpbundle", "r2.vrrpbundle"], in: folder)
        for host in [1, 2] {
            let alone = try Self.accusations(["r\(host).vrrpbundle"], in: folder)
            #expect(alone.subtracting(both).isEmpty, "r\(host)")
            let own = both.filter { $0.id == "config-drift" && $0.routers.allSatisfy(Self.own(host).contains) }
            #expect(own.isSubset(of: alone), "r\(host)")
        }
    }

    @Test("packets of a bundle and of a named file are decoded with their places, and a name is kept in an extract")
    func places() throws {
        let path = try #require(Self.captures.first)
        let folder = try Folder()
        try folder.write(Self.bundle(of: path), to: "node1.vrrpbundle")
        #expect(try Tool.run(["decode", "node1.vrrpbundle"], in: folder).output.contains(" node1:eth0 "))
        #expect(try Tool.run(["decode", "--at", "r9=\(path)"], in: folder).output.contains(" r9 "))
        #expect(try Tool.run(["extract", "--at", "r9=\(path)", "-w", "x.pcapng"], in: folder).status == 0)
        let origins = try CaptureFile(path: folder.path("x.pcapng"))
        while origins.advance() {}
        #expect(origins.interfaceOrigins.compactMap { $0?.source } == ["r9"])
    }

    @Test("a damaged bundle is read up to the damage, and that is said")
    func damage() throws {
        let path = try #require(Self.captures.first)
        let folder = try Folder()
        let whole = try Self.bundle(of: path)
        try folder.write(Array(whole.dropLast(8)), to: "cut.vrrpbundle")
        let result = try Tool.run(["analyze", "cut.vrrpbundle"], in: folder)
        #expect(result.status == ExitStatus.damagedInput.rawValue)
        #expect(result.errors.hasPrefix("vrrpwatch: cut.vrrpbundle: "))
    }

    @Test(
        "keepalived's configuration is the one that its command line names",
        arguments: [
            ("keepalived -n", "/etc/keepalived/keepalived.conf", nil), ("keepalived -f a.conf", "/run/a.conf", nil),
            ("keepalived -f/x/a.conf -i main", "/x/a.conf", "main"),
            ("keepalived --use-file=/x/a.conf --config-id=b -D", "/x/a.conf", "b"),
            ("keepalived --use-file /x/a.conf --log-file", "/x/a.conf", nil),
        ] as [(String, String, String?)]
    )
    func commandLines(line: String, path: String, configID: String?) {
        let use = RunningKeepalived.use(line.split(separator: " ").map(String.init), in: "/run")
        #expect(use == RunningKeepalived.Use(path: path, configID: configID))
    }
}
