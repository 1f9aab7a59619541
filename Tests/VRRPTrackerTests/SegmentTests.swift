import Testing
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The traits that tell networks apart, and the other protocols that are heard on them.
@Suite struct SegmentTests {
    @Test func names() {
        let vlans = VLANStack([10, 20])
        #expect(Segment(interface: 0, vlans: VLANStack()).name == "untagged")
        #expect(Segment(interface: 0, vlans: vlans).name == "vlan10.20")
        #expect(Segment(interface: 0, vlans: vlans, tunnel: Tunnel(.vxlan, id: 5001)).name == "vxlan:5001/vlan10.20")
        #expect(Segment(interface: 0, vlans: VLANStack(), tunnel: Tunnel(.gre)).name == "gre/untagged")
    }

    /// An Ethernet header before IPv4.
    private static let ethernet: [UInt8] = Array(repeating: 2, count: 12) + [8, 0]

    /// VXLAN of a VNI in IPv4 in Ethernet.
    private func vxlan(_ vni: UInt8, from end: UInt8, _ frame: [UInt8]) -> [UInt8] {
        let length = UInt8(36 + frame.count)
        let ip: [UInt8] = [0x45, 0, 0, length, 0, 1, 0, 0, 64, 17, 0, 0, 192, 0, 2, end, 192, 0, 2, 9]
        let udp: [UInt8] = [0xc0, 0, 0x12, 0xb5, 0, length - 20, 0, 0]
        return Self.ethernet + ip + udp + [8, 0, 0, 0, 0, 0, vni, 0] + frame
    }

    private static let frame = AdvertisementFrame(
        from: IPAddress(ipv4: 0x0a00_0001),
        version: 3,
        virtualRouterID: 51,
        priority: 100,
        addresses: [IPAddress(ipv4: 0x0a00_0064)]
    )

    @Test("a VRID in two overlays is two virtual routers, on two ways into one overlay it is one")
    func overlays() {
        var tracker = Tracker()
        for second in 0..<3 {
            for (index, path) in [(1, 1), (1, 2), (2, 1)].enumerated() {
                let bytes = vxlan(UInt8(path.0), from: UInt8(path.1), Self.frame.bytes)
                let reference = FrameReference(capture: 0, frame: 3 * second + index + 1)
                let instant = CaptureInstant(nanoseconds: Int64(second) * 1_000_000_000 + Int64(index) * 300_000_000)
                tracker.take(DecodedFrame(bytes.span, linkType: .ethernet), Sighting(reference, at: instant))
            }
        }
        #expect(
            tracker.observation.virtualRouters.map(\.key.name) == [
                "vxlan:1/untagged/ipv4/51", "vxlan:2/untagged/ipv4/51",
            ]
        )
    }

    @Test("what is nested too deep to read is counted as left out")
    func depth() {
        var tracker = Tracker()
        var bytes = Self.frame.bytes
        for _ in 0..<5 {
            // GRE that bridges.
            let length = UInt16(24 + bytes.count)
            let ip: [UInt8] = [0x45, 0, UInt8(length >> 8), UInt8(length & 0xff), 0, 1, 0, 0, 64, 47, 0, 0]
            let addresses: [UInt8] = [192, 0, 2, 1, 192, 0, 2, 2]
            bytes = Self.ethernet + ip + addresses + [0, 0, 0x65, 0x58] + bytes
        }
        let sighting = Sighting(FrameReference(capture: 0, frame: 1), at: CaptureInstant(nanoseconds: 0))
        tracker.take(DecodedFrame(bytes.span, linkType: .ethernet), sighting)
        #expect(tracker.observation.virtualRouters.isEmpty)
        #expect(tracker.observation.leftOut == 1)
    }

    /// An HSRP version 1 hello in Ethernet.
    private func hsrp(group: UInt8, from source: UInt8) -> [UInt8] {
        let header: [UInt8] = [0x45, 0, 0, 48, 0, 1, 0, 0, 1, 17, 0, 0, 10, 0, 0, source, 224, 0, 0, 2]
        let udp: [UInt8] = [7, 0xc1, 7, 0xc1, 0, 28, 0, 0]
        let hello: [UInt8] = [0, 0, 16, 3, 10, 110, group, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0, 254]
        return Self.ethernet + header + udp + hello
    }

    @Test func otherProtocolsAreCountedByGroupAndBounded() throws {
        var tracker = Tracker()
        for number in 0..<100 {
            let bytes = hsrp(group: UInt8(1 + number % 2), from: UInt8(number))
            let sighting = Sighting(
                FrameReference(capture: 0, frame: number + 1),
                at: CaptureInstant(nanoseconds: Int64(number) * 1_000_000_000)
            )
            tracker.take(DecodedFrame(bytes.span, linkType: .ethernet), sighting)
        }
        let groups = tracker.observation.otherProtocols
        #expect(groups.map(\.group) == [1, 2])
        #expect(groups.allSatisfy { $0.name == .hsrp && $0.occurrences.count == 50 })
        #expect(groups.allSatisfy { $0.sources.count == OtherProtocolGroup.mostSources })
        #expect(groups.first?.sources.first == IPAddress(ipv4: 0x0a00_0000))
        #expect(tracker.observation.virtualRouters.isEmpty)
    }
}
