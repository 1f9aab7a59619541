package import VRRPFacts
package import VRRPWire

/// Everything that was learnt from packets and time.
///
/// Everything that input can make grow is bounded. Packets beyond a bound are counted in ``leftOut``.
package struct Observation: Sendable {
    package static let mostBlindSpots = 4096
    package static let mostMalformedSources = 256
    package static let mostCARPGroups = 1024
    package static let mostOtherGroups = 1024
    package static let mostContested = 256
    package static let mostRefusals = 256
    package static let mostSidenotes = 1024
    package static let mostGuises = 1024

    /// In order of first appearance.
    package internal(set) var virtualRouters: [VirtualRouter] = []
    /// Stretches of time in which adverts could not have been seen, in order of arrival.
    package private(set) var blindSpots: [BlindSpot] = []
    /// Packets by capture.
    package internal(set) var counts: [PacketCounts] = []
    /// The first and the last instant that was looked at.
    package internal(set) var start: CaptureInstant?
    package internal(set) var end: CaptureInstant?
    /// CARP groups, which are no virtual routers.
    package private(set) var carp: [CARPGroup] = []
    /// Groups of protocols that do as VRRP does, which are no virtual routers either.
    package private(set) var otherProtocols: [OtherProtocolGroup] = []
    /// Addresses that several hosts claim in turn.
    package private(set) var contested: [ContestedAddress] = []
    /// Hosts that refuse advertisements by ICMP errors.
    package private(set) var refusals: [Refusal] = []
    /// Segments that were captured in two guises.
    package internal(set) var guises: [Guise] = []
    /// Frames that are counted and not tracked.
    package private(set) var sidenotes: [SidenoteCount] = []
    /// The terms under which packets were captured.
    package internal(set) var terms = CaptureTerms()
    /// Senders of advertisements that cannot be right.
    package private(set) var malformed: [MalformedSource] = []
    /// Full tables, with what was left out of each.
    package private(set) var omissions: [Omission: Occurrences] = [:]
    /// Packets that a bound kept from being tracked.
    package internal(set) var leftOut = 0
    /// Whether nothing more will come, so that silence at the end is judged by what is known.
    package internal(set) var isFinished = false
    /// The labels of the keys that advertisements were checked against, in the order of ``KeyProof/key``.
    package let givenKeys: [String]
    /// The points from which it is made.
    package internal(set) var vantage: Vantage
    /// The segments that sensors see; `nil` where sensors are not told apart.
    package internal(set) var segments: SegmentMap?

    package init(givenKeys: [String] = [], from vantage: Vantage = Vantage(), on segments: SegmentMap? = nil) {
        self.givenKeys = givenKeys
        self.vantage = vantage
        self.segments = segments
    }

    /// Whether an advertisement was seen that could be read.
    package var hasAdvertisements: Bool { counts.contains { $0.adverts > 0 } }

    /// The same without virtual routers.
    package var withoutVirtualRouters: Observation {
        var rest = self
        rest.virtualRouters = []
        return rest
    }

    /// Takes out virtual routers and leaves nothing but their keys behind.
    package mutating func take(_ positions: Range<Int>) -> [VirtualRouter] {
        positions.map { position in
            var taken = VirtualRouter(
                key: virtualRouters[position].key,
                firstAdvert: virtualRouters[position].firstAdvert
            )
            swap(&taken, &virtualRouters[position])
            return taken
        }
    }

    /// Makes room for the packets of a capture.
    @inline(__always)
    mutating func makeRoomForCounts(of capture: Int) {
        while counts.count <= capture { counts.append(PacketCounts()) }
    }

    /// Notes that something was left out because a table is full.
    mutating func leaveOut(_ omission: Omission, _ sighting: Sighting) {
        if omission.isOfPackets { leftOut += 1 }
        _ = omissions.note(omission, sighting)
    }

    mutating func add(_ blindSpot: BlindSpot) {
        if let index = blindSpots.suffix(64).lastIndex(where: { $0.goesOn(in: blindSpot) }) {
            blindSpots[index].cover(blindSpot)
        } else if blindSpots.count < Self.mostBlindSpots {
            blindSpots.append(blindSpot)
        } else {
            // Better blind for too long, and everywhere, than taking loss for silence.
            blindSpots[blindSpots.count - 1].cover(blindSpot)
            blindSpots[blindSpots.count - 1].interface = nil
            blindSpots[blindSpots.count - 1].observer = nil
            leaveOut(.blindSpots, Sighting(FrameReference(capture: 0, frame: 0), at: blindSpot.start))
        }
    }

    mutating func countMalformed(
        _ reason: DecodeError,
        _ key: VirtualRouterKey?,
        _ source: IPAddress,
        _ sighting: Sighting
    ) {
        counts[sighting.reference.capture].malformed += 1
        if let index = malformed.firstIndex(where: { $0.source == source && $0.virtualRouter == key }) {
            malformed[index].occurrences.add(sighting)
        } else if malformed.count < Self.mostMalformedSources {
            malformed.append(
                MalformedSource(source: source, virtualRouter: key, reason: reason, occurrences: Occurrences(sighting))
            )
        } else {
            leaveOut(.malformed, sighting)
        }
    }

    mutating func countCARP(_ packet: CARPPacket, _ source: IPAddress?, _ segment: Segment, _ sighting: Sighting) {
        let known = carp.firstIndex { $0.segment == segment && $0.vhid == packet.vhid }
        if let known {
            carp[known].occurrences.add(sighting)
        } else if carp.count < Self.mostCARPGroups {
            carp.append(CARPGroup(segment: segment, vhid: packet.vhid, sighting))
        } else {
            leaveOut(.carp, sighting)
            return
        }
        if let source { carp[known ?? carp.count - 1].note(packet, from: source, at: sighting.instant) }
    }
}

extension Observation {
    /// Counts a hello of another protocol, and returns whether its sender says something new by it.
    mutating func countHello(
        of name: OtherProtocolGroup.Name,
        group: UInt16,
        from speaker: OtherProtocolGroup.Speaker,
        _ segment: Segment,
        _ sighting: Sighting
    ) -> News {
        let known = otherProtocols.firstIndex { $0.name == name && $0.group == group && $0.segment == segment }
        if let known {
            otherProtocols[known].occurrences.add(sighting)
        } else if otherProtocols.count < Self.mostOtherGroups {
            let occurrences = Occurrences(sighting)
            otherProtocols.append(
                OtherProtocolGroup(name: name, segment: segment, group: group, occurrences: occurrences)
            )
        } else {
            leaveOut(.otherGroups, sighting)
            return .none
        }
        return otherProtocols[known ?? otherProtocols.count - 1].note(speaker)
    }

    mutating func countRefusal(_ error: ICMPError, by host: IPAddress, _ segment: Segment, _ sighting: Sighting) {
        if let known = refusals.firstIndex(where: { $0.holds(error, from: host, on: segment) }) {
            refusals[known].occurrences.add(sighting)
        } else if refusals.count < Self.mostRefusals {
            let occurrences = Occurrences(sighting)
            refusals.append(Refusal(segment: segment, host: host, error: error, occurrences: occurrences))
        } else {
            leaveOut(.refusals, sighting)
        }
    }

    /// Counts that a MAC address came back to an address that another one had claimed.
    mutating func countReturn(of mac: MACAddress, to address: IPAddress, _ segment: Segment, _ sighting: Sighting) {
        let known = contested.firstIndex { $0.address == address && $0.segment == segment }
        if let known {
            contested[known].occurrences.add(sighting)
        } else if contested.count < Self.mostContested {
            let occurrences = Occurrences(sighting)
            contested.append(ContestedAddress(segment: segment, address: address, macs: [], occurrences: occurrences))
        } else {
            leaveOut(.contested, sighting)
            return
        }
        let index = known ?? contested.count - 1
        guard !contested[index].macs.contains(mac), contested[index].macs.count < ContestedAddress.mostMACs else {
            return
        }
        contested[index].macs.append(mac)
    }

    mutating func count(_ sidenote: Sidenote, _ sighting: Sighting) {
        let capture = sighting.reference.capture
        if let known = sidenotes.firstIndex(where: { $0.sidenote == sidenote && $0.capture == capture }) {
            sidenotes[known].count += 1
        } else if sidenotes.count < Self.mostSidenotes {
            sidenotes.append(SidenoteCount(capture: capture, sidenote: sidenote, count: 1))
        } else {
            leaveOut(.sidenotes, sighting)
        }
    }
}

/// The number of packets of each kind in a capture.
package struct PacketCounts: Hashable, Sendable {
    package internal(set) var adverts = 0
    package internal(set) var arp = 0
    package internal(set) var neighborAdvertisements = 0
    package internal(set) var carp = 0
    package internal(set) var malformed = 0
    /// The first sender of an ARP packet or a neighbor advertisement, and whether another host sent some as well.
    package private(set) var claimant: MACAddress?
    package private(set) var hasSeveralClaimants = false

    /// Takes note of the sender of an ARP packet or a neighbor advertisement.
    mutating func note(claimant mac: MACAddress) {
        guard let claimant else {
            self.claimant = mac
            return
        }
        if mac != claimant { hasSeveralClaimants = true }
    }
}

extension BlindSpot {
    /// Whether another blind spot begins within this one, for the same reason and on the same interface.
    fileprivate func goesOn(in other: BlindSpot) -> Bool {
        guard interface == other.interface, observer == other.observer, start <= other.start, end >= other.start else {
            return false
        }
        switch (reason, other.reason) {
        case (.linkDown, .linkDown): return true
        case (.dropped, .dropped): return end == other.start && start < end
        default: return false
        }
    }
}

/// A sender of advertisements that cannot be right.
package struct MalformedSource: Hashable, Sendable {
    package let source: IPAddress
    /// `nil` where not even the VRID could be read.
    package let virtualRouter: VirtualRouterKey?
    /// Of the first of them.
    package let reason: DecodeError
    package internal(set) var occurrences: Occurrences
}
