import Foundation
import Testing
import VRRPCapture
import VRRPTestSupport
import VRRPWire

/// Sensors on several sites, and the file that says which of them see one segment.
@Suite struct SegmentFilesTests {
    private static let start = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)

    /// A frame that a sensor sees on an interface: the router that sends it, the time in milliseconds, and the VLAN.
    private struct Seen {
        var router: UInt8
        var time: Int
        var interface = "eth0"
        var vlan: UInt16?
    }

    /// Advertisements of a router of VRID 51, one a second.
    private static func adverts(
        of router: UInt8,
        at seconds: Range<Int>,
        on interface: String = "eth0",
        vlan: UInt16? = nil
    ) -> [Seen] {
        seconds.map { Seen(router: router, time: $0 * 1000 + Int(router), interface: interface, vlan: vlan) }
    }

    /// The stream of a sensor, or a capture of none.
    private func write(_ seen: [Seen], of sensor: String?, to name: String, in folder: Folder) throws {
        let position = try sensor.map { SensorPosition(try #require(Sensor(startingAs: $0))) }
        var writer = PcapNGWriter(inMemoryBy: "test", position)
        for (index, one) in seen.sorted(by: { $0.time < $1.time }).enumerated() {
            var frame = AdvertisementFrame(
                from: IPAddress(ipv4: 0x0a00_0000 | UInt32(one.router)),
                version: 2,
                virtualRouterID: 51,
                priority: 100 - one.router,
                addresses: [IPAddress(ipv4: 0x0a00_0064)]
            )
            frame.vlans = one.vlan.map { [$0] } ?? []
            frame.identification = UInt16(one.time / 1000 + 1)
            let bytes = frame.bytes
            try writer.write(
                Frame(
                    bytes: bytes.span,
                    originalLength: bytes.count,
                    number: index + 1,
                    instant: Self.start + .milliseconds(Int64(one.time)),
                    interface: 0,
                    linkType: .ethernet
                ),
                PcapNGWriter.InterfaceProperties(name: one.interface, snapLength: 1900)
            )
        }
        try folder.write(writer.bytes, to: name)
    }

    /// The names of the virtual routers, in order, and the findings about them.
    private func analysis(
        _ arguments: [String],
        in folder: Folder
    ) throws -> (names: [String], findings: Set<String>) {
        let result = try Tool.run(["analyze", "--json"] + arguments, in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let document = try #require(object, "\(result.errors)")
        let routers = try #require(document["virtualRouters"] as? [[String: Any]])
        let findings = try #require(document["findings"] as? [[String: Any]])
        return (routers.compactMap { $0["id"] as? String }.sorted(), Set(findings.compactMap { $0["id"] as? String }))
    }

    @Test("an extract of two sites stays two, and says so itself")
    func extractOfTwoSites() throws {
        let folder = try Folder()
        try write(Self.adverts(of: 1, at: 0..<20), of: "site-a", to: "a.pcapng", in: folder)
        try write(Self.adverts(of: 2, at: 0..<20), of: "site-b", to: "b.pcapng", in: folder)
        try folder.write(Array(#"site-a/eth0 = "berlin""#.utf8), to: "segments")
        let words = ["extract", "-q", "a.pcapng", "b.pcapng", "--segments", "segments", "-w", "x.pcapng"]
        #expect(try Tool.run(words, in: folder).status == 0)
        _ = try Tool.run(["extract", "-q", "x.pcapng", "-w", "y.pcapng"], in: folder)
        for extract in ["x.pcapng", "y.pcapng"] {
            let told = try analysis([extract], in: folder)
            #expect(told.names == ["berlin/ipv4/51", "site-b/eth0/untagged/ipv4/51"], "\(extract)")
            #expect(told.findings.isDisjoint(with: ["split-brain", "path-broken", "no-master"]), "\(told.findings)")
        }
    }

    @Test("extracts of files without a sensor's name bear the name that was given")
    func extractsWithGivenSensors() throws {
        let folder = try Folder()
        try write(Self.adverts(of: 1, at: 0..<20), of: nil, to: "a.pcapng", in: folder)
        try write(Self.adverts(of: 2, at: 0..<20), of: nil, to: "b.pcapng", in: folder)
        try folder.write(Array(#"site-a/eth0 = "berlin""#.utf8), to: "segments")
        for site in ["a", "b"] {
            let words = ["extract", "-q", "\(site).pcapng", "--sensor", "site-\(site)", "-w", "\(site)x.pcapng"]
            #expect(try Tool.run(words, in: folder).status == 0)
        }
        let told = try analysis(["ax.pcapng", "bx.pcapng", "--segments", "segments"], in: folder)
        #expect(told.names == ["berlin/ipv4/51", "site-b/eth0/untagged/ipv4/51"])
        let wrong = try Tool.run(["extract", "a.pcapng", "--sensor", "a b", "-w", "z.pcapng"], in: folder)
        #expect(wrong.status == 64 && wrong.errors.contains("is no name"))
    }

    @Test func oneVRIDOnTwoSitesIsTwoVirtualRouters() throws {
        let folder = try Folder()
        try write(Self.adverts(of: 1, at: 0..<20), of: "site-a", to: "a.pcapng", in: folder)
        try write(Self.adverts(of: 2, at: 0..<20), of: "site-b", to: "b.pcapng", in: folder)
        #expect(try analysis(["a.pcapng", "b.pcapng"], in: folder).findings.contains("split-brain"))
        try folder.write(Array(#"site-a/eth0 = "berlin""#.utf8), to: "segments")
        let told = try analysis(["a.pcapng", "b.pcapng", "--segments", "segments"], in: folder)
        #expect(told.names == ["berlin/ipv4/51", "site-b/eth0/untagged/ipv4/51"])
        #expect(told.findings.isDisjoint(with: ["split-brain", "path-broken", "no-master"]), "\(told.findings)")
    }

    @Test("the halves of a segment that is cut, which show nothing in common, are one virtual router")
    func cutSegment() throws {
        let folder = try Folder()
        try write(Self.adverts(of: 1, at: 0..<20), of: "site-a", to: "a.pcapng", in: folder)
        try write(Self.adverts(of: 2, at: 0..<20, on: "ens3", vlan: 10), of: "site-b", to: "b.pcapng", in: folder)
        try folder.write(
            Array("site-a/eth0 = \"berlin\"\nsite-b/*/vlan10 = \"berlin\"\n".utf8),
            to: "segments"
        )
        let told = try analysis(["a.pcapng", "b.pcapng", "--segments", "segments"], in: folder)
        #expect(told.names == ["berlin/ipv4/51"])
        #expect(told.findings.contains("split-brain"))
    }

    @Test("what an access port and a trunk of one sensor see is one virtual router, and nothing is counted twice")
    func accessPortAndTrunk() throws {
        let folder = try Folder()
        let access = Self.adverts(of: 1, at: 0..<20)
        let trunk = Self.adverts(of: 1, at: 0..<20, on: "eth1", vlan: 10)
        let other = Self.adverts(of: 2, at: 0..<20, on: "eth1", vlan: 20)
        try write(access + trunk + other, of: "site-a", to: "a.pcapng", in: folder)
        try folder.write(
            Array("site-a/eth0 = \"berlin\"\nsite-a/eth1/vlan10 = \"berlin\"\n".utf8),
            to: "segments"
        )
        let told = try analysis(["a.pcapng", "--segments", "segments"], in: folder)
        #expect(told.names == ["berlin/ipv4/51", "site-a/eth1/vlan20/ipv4/51"])
        #expect(told.findings.isDisjoint(with: ["split-brain", "advert-echo", "flapping"]), "\(told.findings)")
    }

    @Test func filesOfNoSensorAreReadAsWithoutSegments() throws {
        let folder = try Folder()
        try write(Self.adverts(of: 1, at: 0..<20), of: nil, to: "a.pcapng", in: folder)
        try folder.write([], to: "none")
        #expect(try analysis(["a.pcapng", "--segments", "none"], in: folder).names == ["untagged/ipv4/51"])
        let named = try analysis(["--at", "site-a=a.pcapng", "--segments", "none"], in: folder)
        #expect(named.names == ["site-a/eth0/untagged/ipv4/51"])
    }

    @Test("an extract keeps its sensors apart, and reports and pipes tell the segments as files do")
    func extractsReportsAndPipes() throws {
        let folder = try Folder()
        try write(Self.adverts(of: 1, at: 0..<20), of: "site-a", to: "a.pcapng", in: folder)
        try write(Self.adverts(of: 2, at: 0..<20), of: "site-b", to: "b.pcapng", in: folder)
        try folder.write(
            Array("site-a/eth0 = \"berlin\"\nsite-b/eth0 = \"paris\"\n".utf8),
            to: "segments"
        )
        let names = ["berlin/ipv4/51", "paris/ipv4/51"]
        let extract = try Tool.run(
            ["extract", "a.pcapng", "b.pcapng", "--segments", "segments", "-w", "both.pcapng"],
            in: folder
        )
        #expect(extract.status == 0, "\(extract.errors)")
        #expect(try analysis(["both.pcapng", "--segments", "segments"], in: folder).names == names)
        let report = try Tool.run(
            ["report", "a.pcapng", "b.pcapng", "--segments", "segments", "--format", "markdown", "-o", "-"],
            in: folder
        )
        #expect(report.output.contains("berlin"))
        #expect(!report.output.contains("split-brain"))
        let piped = try Tool.run(
            ["analyze", "-", "--segments", "segments", "--json"],
            input: folder.path("a.pcapng"),
            in: folder
        )
        #expect(piped.output.contains(#""id":"berlin/ipv4/51""#) || piped.output.contains(#""id": "berlin/ipv4/51""#))
    }

    @Test func aLineThatMeansNothingStopsEverything() throws {
        let folder = try Folder()
        try write(Self.adverts(of: 1, at: 0..<3), of: "site-a", to: "a.pcapng", in: folder)
        try folder.write(Array("# names\nsite-a/eth0 = berlin\n".utf8), to: "segments")
        let result = try Tool.run(["analyze", "a.pcapng", "--segments", "segments"], in: folder)
        #expect(result.status == 3)
        #expect(result.errors.contains("segments:2: the name of the segment is not in quotation marks"))
        let missing = try Tool.run(["analyze", "a.pcapng", "--segments", "nowhere"], in: folder)
        #expect(missing.status == 3)
        #expect(missing.errors.contains("nowhere: the file of segments cannot be read"))
        let live = try Tool.run(["lo", "--segments", "segments"], in: folder)
        #expect(live.status == 64)
    }
}
