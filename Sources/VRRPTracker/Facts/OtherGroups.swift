package import VRRPWire

// Groups of other protocols that share an address among machines.

/// A group of another first-hop redundancy protocol on a segment, by its hellos.
package struct OtherProtocolGroup: Hashable, Sendable {
    /// The raw values are the report's words.
    package enum Name: String, Hashable, Sendable {
        case hsrp, glbp
    }

    package static let mostSources = 16

    package let name: Name
    package let segment: Segment
    package let group: UInt16
    /// The routers that speak for the group, in order of first appearance.
    package internal(set) var speakers: [Speaker] = []
    package internal(set) var occurrences: Occurrences

    package var sources: [IPAddress] { speakers.map(\.address) }

    /// A router of the group, by its latest hello.
    package struct Speaker: Hashable, Sendable {
        package let address: IPAddress
        /// `nil` where the capture does not record it.
        package let mac: MACAddress?
        /// The address of the group; `nil` where the hello does not say it, or is of GLBP.
        package let virtualAddress: IPAddress?
        /// Whether the router says that it answers for the virtual address.
        package let isActive: Bool
    }

    /// Notes a hello, and returns whether its sender says something new by it.
    mutating func note(_ speaker: Speaker) -> News {
        if let index = speakers.firstIndex(where: { $0.address == speaker.address }) {
            guard speakers[index] != speaker else { return .none }
            speakers[index] = speaker
            return .some
        }
        guard speakers.count < Self.mostSources else { return .none }
        speakers.append(speaker)
        return .some
    }
}

/// A CARP group (VHID) on a segment.
package struct CARPGroup: Hashable, Sendable {
    package static let mostSources = 16
    package static let mostContests = 16

    package let segment: Segment
    package let vhid: UInt8
    /// The hosts that speak for the group, in order of first appearance.
    ///
    /// A host that speaks over IPv4 and IPv6 is two of them.
    package private(set) var speakers: [Speaker] = []
    /// Stretches in which two hosts went on speaking for longer than a handover takes, in order; the oldest are kept.
    package private(set) var contests: [Contest] = []
    package internal(set) var occurrences: Occurrences
    /// The latest stretch in which two hosts took turns, long or not.
    private var latest: Contest?

    package var sources: [IPAddress] { speakers.map(\.address) }

    package struct Speaker: Hashable, Sendable {
        package let address: IPAddress
        /// The time between two of its advertisements.
        package fileprivate(set) var interval: TimeSpan
        package fileprivate(set) var lastSeen: CaptureInstant
    }

    package struct Contest: Hashable, Sendable {
        package fileprivate(set) var addresses: [IPAddress]
        package fileprivate(set) var start: CaptureInstant
        package fileprivate(set) var end: CaptureInstant
        /// The longest interval of its hosts.
        package fileprivate(set) var interval: TimeSpan

        /// The time that a handover takes at most: a Backup waits for three intervals (`carp_setrun` in OpenBSD's and
        /// FreeBSD's `ip_carp.c`), and the fourth is for the way.
        package var patience: TimeSpan { interval * 4 }

        fileprivate var isLong: Bool { end - start > patience }
    }

    init(segment: Segment, vhid: UInt8, _ sighting: Sighting) {
        self.segment = segment
        self.vhid = vhid
        occurrences = Occurrences(sighting)
    }

    /// Notes that a host speaks for the group.
    mutating func note(_ packet: CARPPacket, from source: IPAddress, at instant: CaptureInstant) {
        let interval = TimeSpan.seconds(Int64(packet.advbase)) + TimeSpan.seconds(1) * Int64(packet.advskew) / 256
        guard let index = speakers.firstIndex(where: { $0.address == source }) else {
            guard speakers.count < Self.mostSources else { return }
            speakers.append(Speaker(address: source, interval: interval, lastSeen: instant))
            return
        }
        let before = speakers[index]
        speakers[index].interval = interval
        speakers[index].lastSeen = instant
        // Others that spoke since it did; it goes on all the same.
        let others = speakers.filter {
            $0.address != source && $0.address.family == source.family && $0.lastSeen > before.lastSeen
        }
        guard !others.isEmpty, instant - before.lastSeen <= interval * 4 else { return }
        noteTurns([speakers[index]] + others, from: before.lastSeen, to: instant)
    }

    private mutating func noteTurns(_ hosts: [Speaker], from start: CaptureInstant, to end: CaptureInstant) {
        let interval = hosts.map(\.interval).max() ?? .seconds(1)
        let isNew = latest.map { $0.end < start || $0.addresses.first?.family != hosts[0].address.family } ?? true
        if isNew { latest = Contest(addresses: [], start: start, end: end, interval: interval) }
        guard var contest = latest else { return }
        contest.end = end
        contest.interval = max(contest.interval, interval)
        for host in hosts where !contest.addresses.contains(host.address) { contest.addresses.append(host.address) }
        latest = contest
        guard contest.isLong else { return }
        if contests.last?.start == contest.start {
            contests[contests.count - 1] = contest
        } else if contests.count < Self.mostContests {
            contests.append(contest)
        }
    }
}
