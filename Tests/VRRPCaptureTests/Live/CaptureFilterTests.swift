import Testing
import VRRPCapture
import VRRPWire

/// Headers with just the fields that filters look at.
enum FilterFrame {
    static func ipv4(_ proto: UInt8) -> [UInt8] {
        [0x45, 0, 0, 40, 0, 0, 0, 0, 255, proto, 0, 0, 10, 0, 0, 1, 224, 0, 0, 18] + [UInt8](repeating: 0, count: 20)
    }

    static func ipv6(_ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0x60, 0, 0, 0, 0, UInt8(payload.count), next, 255] + [UInt8](repeating: 0xfe, count: 32) + payload
    }

    /// An ICMP message about a packet of a protocol.
    static func icmp(_ type: UInt8, about proto: UInt8) -> [UInt8] {
        Array(ipv4(1).prefix(20)) + [type, 2, 0, 0, 0, 0, 0, 0] + ipv4(proto)
    }

    static func icmpv6(_ type: UInt8, about next: UInt8) -> [UInt8] {
        ipv6(58, [type, 1, 0, 0, 0, 0, 0, 0] + ipv6(next, zeros))
    }

    static let arp: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1] + [UInt8](repeating: 1, count: 20)
    static let routerAlert: [UInt8] = [5, 2, 0, 0, 1, 0]
    static let zeros = [UInt8](repeating: 0, count: 24)

    /// EtherType and payload of what matters.
    static let relevant: [(UInt16, [UInt8])] = [
        (0x0800, ipv4(112)),
        (0x0800, ipv4(51)),
        (0x0806, arp),
        (0x86dd, ipv6(112, zeros)),
        (0x86dd, ipv6(51, zeros)),
        (0x86dd, ipv6(58, [135] + zeros)),
        (0x86dd, ipv6(58, [136] + zeros)),
        (0x86dd, ipv6(0, [112, 0] + routerAlert + zeros)),
        (0x86dd, ipv6(0, [58, 0] + routerAlert + [136] + zeros)),
        (0x0800, icmp(3, about: 112)),
        (0x0800, icmp(3, about: 51)),
        (0x86dd, icmpv6(1, about: 112)),
        (0x86dd, icmpv6(4, about: 112)),
    ]

    static let irrelevant: [(UInt16, [UInt8])] = [
        (0x0800, ipv4(6)),
        (0x0800, ipv4(17)),
        (0x0800, ipv4(2)),
        (0x86dd, ipv6(17, zeros)),
        (0x86dd, ipv6(58, [134] + zeros)),
        (0x86dd, ipv6(0, [58, 0] + routerAlert + [143] + zeros)),
        (0x88cc, zeros),
        (0x0800, icmp(3, about: 17)),
        (0x0800, icmp(8, about: 112)),
        (0x86dd, icmpv6(1, about: 17)),
        (0x86dd, icmpv6(128, about: 112)),
    ]

    static func ethernet(_ type: UInt16, _ payload: [UInt8], tags: [UInt16] = []) -> [UInt8] {
        var frame: [UInt8] = [1, 0, 0x5e, 0, 0, 0x12, 0, 0, 0x5e, 0, 1, 51]
        for (index, tag) in tags.enumerated() {
            frame += index + 1 < tags.count ? [0x88, 0xa8] : [0x81, 0x00]
            frame += [UInt8(tag >> 8), UInt8(truncatingIfNeeded: tag)]
        }
        return frame + [UInt8(type >> 8), UInt8(truncatingIfNeeded: type)] + payload
    }

    static func cooked(_ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [0, 0, 0, 1, 0, 6, 0, 0, 0x5e, 0, 1, 51, 0, 0, UInt8(type >> 8), UInt8(truncatingIfNeeded: type)] + payload
    }

    static func cooked2(_ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 0, 0, 0x5e, 0, 1, 51, 0, 0]
            + payload
    }

}

@Suite struct CaptureFilterTests {
    @Test("tags or none, what matters passes and nothing else", arguments: [[], [10], [20, 10]] as [[UInt16]])
    func ethernet(tags: [UInt16]) throws {
        try check(.ethernet) { FilterFrame.ethernet($0, $1, tags: tags) }
    }

    @Test func cookedFrames() throws {
        try check(LinkType(.linuxSLL)) { FilterFrame.cooked($0, $1) }
        try check(LinkType(.linuxSLL2)) { FilterFrame.cooked2($0, $1) }
    }

    @Test func framesWithoutLinkLayerHaveNoARP() throws {
        try check(LinkType(.raw)) { type, payload in type < 0x0806 || type == 0x86dd ? payload : nil }
        try check(LinkType(.loop)) { type, payload in
            type == 0x0800 ? [0, 0, 0, 2] + payload : nil
        }
    }

    @Test(
        arguments: [.null, .ethernet, .raw, .loop, .linuxSLL, .linuxSLL2, .ipv4, .ipv6] as [LinkLayer]
    )
    func compilesForEveryLinkType(layer: LinkLayer) throws {
        let linkType = LinkType(layer)
        _ = try FrameFilter(CaptureFilter.relevant(for: linkType), linkType: linkType)
        _ = try FrameFilter(CaptureFilter.relevant(for: linkType, and: "len > 20"), linkType: linkType)
        _ = try FrameFilter(CaptureFilter.relevant(for: linkType, withTunnels: true), linkType: linkType)
    }

    @Test func theUsersExpressionIsNotShiftedByOurTags() throws {
        let filter = try FrameFilter(
            CaptureFilter.relevant(for: .ethernet, and: "src host 10.0.0.1"),
            linkType: .ethernet
        )
        #expect(passes(filter, FilterFrame.ethernet(0x0800, FilterFrame.ipv4(112))))
        #expect(!passes(filter, FilterFrame.ethernet(0x0800, FilterFrame.ipv4(17))))
        let tagged = try FrameFilter(CaptureFilter.relevant(for: .ethernet, and: "vlan 10"), linkType: .ethernet)
        #expect(passes(tagged, FilterFrame.ethernet(0x0800, FilterFrame.ipv4(112), tags: [10])))
        #expect(passes(tagged, FilterFrame.ethernet(0x0800, FilterFrame.ipv4(112), tags: [10, 7])))
        #expect(!passes(tagged, FilterFrame.ethernet(0x0800, FilterFrame.ipv4(112), tags: [11])))
        #expect(!passes(tagged, FilterFrame.ethernet(0x0800, FilterFrame.ipv4(112))))
    }

    @Test("HSRP and GLBP pass, to their ports only", arguments: [1985, 2029, 3222, 1986] as [UInt16])
    func otherProtocols(port: UInt16) throws {
        let filter = try FrameFilter(CaptureFilter.relevant(for: .ethernet), linkType: .ethernet)
        let ports = [0, 99, UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        let ipv4 = Array(FilterFrame.ipv4(17).prefix(20)) + ports + FilterFrame.zeros
        #expect(passes(filter, FilterFrame.ethernet(0x0800, ipv4)) == (port != 1986))
        #expect(passes(filter, FilterFrame.ethernet(0x0800, ipv4, tags: [10])) == (port != 1986))
        let ipv6 = FilterFrame.ipv6(17, ports + FilterFrame.zeros)
        #expect(passes(filter, FilterFrame.ethernet(0x86dd, ipv6)) == (port != 1986))
    }

    @Test("tunnels pass where they are asked for, and only there", arguments: [[], [10], [20, 10]] as [[UInt16]])
    func tunnels(tags: [UInt16]) throws {
        let without = try FrameFilter(CaptureFilter.relevant(for: .ethernet), linkType: .ethernet)
        let with = try FrameFilter(CaptureFilter.relevant(for: .ethernet, withTunnels: true), linkType: .ethernet)
        let vxlan = Array(FilterFrame.ipv4(17).prefix(20)) + [0, 99, 0x12, 0xb5] + FilterFrame.zeros
        let bearers: [(UInt16, [UInt8])] = [
            (0x8864, FilterFrame.zeros), (0x8847, FilterFrame.zeros), (0x8848, FilterFrame.zeros),
            (0x88e7, FilterFrame.zeros),
            (0x0800, FilterFrame.ipv4(47)), (0x0800, FilterFrame.ipv4(4)), (0x0800, FilterFrame.ipv4(41)),
            (0x0800, vxlan),
            (0x86dd, FilterFrame.ipv6(47, FilterFrame.zeros)),
        ]
        for (type, payload) in bearers {
            let frame = FilterFrame.ethernet(type, payload, tags: tags)
            #expect(passes(with, frame), "\(type)")
            #expect(!passes(without, frame), "\(type)")
        }
        for (type, payload) in FilterFrame.relevant {
            #expect(passes(with, FilterFrame.ethernet(type, payload, tags: tags)))
        }
        for (type, payload) in FilterFrame.irrelevant {
            #expect(!passes(with, FilterFrame.ethernet(type, payload, tags: tags)))
        }
    }

    @Test func nonsenseIsAnErrorWithLibpcapsReason() {
        let error = #expect(throws: CaptureError.self) {
            _ = try FrameFilter("vrrp or nonsense", linkType: .ethernet)
        }
        #expect(error?.code == .invalidFilter)
        #expect(error?.detail.isEmpty == false)
    }

    private func check(_ linkType: LinkType, _ frame: (UInt16, [UInt8]) -> [UInt8]?) throws {
        let filter = try FrameFilter(CaptureFilter.relevant(for: linkType), linkType: linkType)
        for (type, payload) in FilterFrame.relevant {
            guard let bytes = frame(type, payload) else { continue }
            #expect(passes(filter, bytes), "\(linkType.name) \(bytes)")
        }
        for (type, payload) in FilterFrame.irrelevant {
            guard let bytes = frame(type, payload) else { continue }
            #expect(!passes(filter, bytes), "\(linkType.name) \(bytes)")
        }
    }

    private func passes(_ filter: FrameFilter, _ bytes: [UInt8]) -> Bool {
        filter.matches(bytes.span, originalLength: bytes.count)
    }
}
