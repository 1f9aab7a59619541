package import VRRPFacts
package import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// A file or interface that packets came from.
    package struct Capture: Sendable {
        /// The position among the captures, from 0, by which frames refer to it.
        package var index: Int
        package var description: CaptureDescription
        /// The packets by kind; `nil` where nothing was read.
        package var counts: PacketCounts?

        package init(index: Int, description: CaptureDescription, counts: PacketCounts?) {
            self.index = index
            self.description = description
            self.counts = counts
        }
    }

    /// A network in which virtual routers are told apart by family and VRID.
    package struct Segment: Sendable {
        /// `untagged`, or `eth0/vlan10` where the observation spans several interfaces.
        package var name: String
        /// The interface, where the observation spans several.
        package var interface: String?
        /// The VLAN identifiers, the outermost first.
        package var vlans: [UInt16]
        /// The tunnel as the name of the segment has it, such as `vxlan:5001`.
        package var tunnel: String?
    }

    /// A group of a protocol that does as VRRP does.
    package struct OtherProtocol: Sendable {
        package var name: String
        package var segment: Segment
        package var group: UInt16
        package var sources: [IPAddress]
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var count: Int
        package var evidence: [FrameReference]
    }
}

extension SidenoteCount {
    /// The problem that a capture holds what is not read; `nil` for what was understood.
    var problem: CaptureProblem? {
        let what: String
        switch sidenote {
        case .otherBehindAH, .tunnel: return nil
        case .otherARP(let hardware): what = "\(Words.count(count, "ARP packet")) for hardware type \(hardware)"
        case .hsrpInterfaceState: what = "\(Words.count(count, "HSRPv2 message")) about the state of an interface"
        case .hsrpAdvertise: what = "\(Words.count(count, "HSRPv1 message")) of the kind \"advertise\""
        }
        let message = "\(what) \(count == 1 ? "was" : "were") not read."
        return CaptureProblem(kind: .unsupported, offset: nil, frame: nil, message: message, isDamage: false)
    }
}

extension ReportDocument.OtherProtocol {
    init(_ group: OtherProtocolGroup, _ names: ReportNames) {
        name = group.name.rawValue
        segment = names.segment(group.segment)
        self.group = group.group
        sources = group.sources
        start = group.occurrences.start
        end = group.occurrences.end
        count = group.occurrences.count
        evidence = group.occurrences.references
    }
}
