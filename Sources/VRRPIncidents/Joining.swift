internal import VRRPTracker
internal import VRRPWire

/// Joins happenings with one cause, in order of their start.
///
/// Two belong together if they are of one kind, about one router, and if the stretches in which their causes lie meet. Nothing
/// that happened twice to one virtual router is one.
struct Joining {
    private let all: [Happening]
    private var groups: [Group] = []
    /// The groups that a happening may join, by the hash of a sign that its actors are known by.
    ///
    /// The signs themselves would take more room than the happenings; that two of them have one hash is one chance in 10^19.
    private var open: [Int: Latest] = [:]

    /// The latest few groups with a sign, by position, the latest last: only they may still be joined.
    private struct Latest {
        private var places = SIMD4<Int32>(repeating: -1)

        var last: Int { Int(places.w) }

        mutating func add(_ place: Int) { places = SIMD4(places.y, places.z, places.w, Int32(place)) }

        /// The latest group of which a condition holds.
        func last(where holds: (Int) -> Bool) -> Int? {
            (0..<4).reversed().lazy.map { Int(places[$0]) }.first { $0 >= 0 && holds($0) }
        }
    }

    /// Happenings with one cause, by their positions.
    private struct Group {
        var happenings: [Int32]
        /// The virtual routers of all happenings behind the first.
        var further: Set<VirtualRouterKey?> = []
        /// The stretch that the stretches of all causes have in common.
        var causedAfter: CaptureInstant
        var causedBefore: CaptureInstant
    }

    /// A sign by which a router is known again in another virtual router.
    fileprivate enum Sign: Hashable {
        case name(Incident.Kind, String)
        case mac(Incident.Kind, MACAddress)
        case address(Incident.Kind, IPAddress)
        /// The part of the address that is the host's, of a router that shows no MAC address of its own.
        case host(Incident.Kind, AddressFamily, UInt64)
        /// The number that a virtual router has in both address families of a segment.
        case twin(Incident.Kind, Segment, UInt8)
    }

    /// Joins happenings, which are in order of their start.
    ///
    /// - Returns: those of each incident, in the order of their first.
    static func groups(of happenings: [Happening]) -> [[Happening]] {
        var joining = Self(all: happenings)
        for position in happenings.indices { joining.add(position) }
        return joining.groups.map { group in group.happenings.map { happenings[Int($0)] } }
    }

    private init(all: [Happening]) { self.all = all }

    private mutating func add(_ position: Int) {
        let happening = all[position]
        let signs = Self.signs(of: happening)
        var found: Int?
        for sign in signs where found == nil {
            found = open[sign.hashValue]?.last { fits(happening, groups[$0], sign) }
        }
        let place = found ?? groups.count
        if found != nil {
            groups[place].happenings.append(Int32(position))
            groups[place].further.insert(happening.virtualRouter)
            groups[place].causedAfter = max(groups[place].causedAfter, happening.causedAfter)
            groups[place].causedBefore = min(groups[place].causedBefore, happening.causedBefore)
        } else {
            groups.append(
                Group(
                    happenings: [Int32(position)],
                    causedAfter: happening.causedAfter,
                    causedBefore: happening.causedBefore
                )
            )
        }
        for sign in signs {
            let key = sign.hashValue
            if open[key]?.last != place { open[key, default: Latest()].add(place) }
        }
    }

    private func fits(_ happening: Happening, _ group: Group, _ sign: Sign) -> Bool {
        let known = all[Int(group.happenings[0])]
        guard happening.causedAfter <= group.causedBefore, happening.causedBefore >= group.causedAfter,
            happening.virtualRouter != known.virtualRouter, !group.further.contains(happening.virtualRouter)
        else { return false }
        if case .twin = sign { return happening.isTwin(of: known) }
        return happening.actors.contains { actor in known.actors.contains { $0.mayBe(actor, by: sign.isHost) } }
    }

    private static func signs(of happening: Happening) -> [Sign] {
        let ofActors = happening.actors.flatMap { signs(of: $0, happening.kind) }
        return ofActors + (happening.virtualRouter.map { [.twin(happening.kind, $0.segment, $0.vrid)] } ?? [])
    }

    private static func signs(of speaker: Speaker, _ kind: Incident.Kind) -> [Sign] {
        var signs: [Sign] = speaker.name.map { [.name(kind, $0)] } ?? []
        signs += speaker.macs.map { .mac(kind, $0) }
        signs.append(.address(kind, speaker.address))
        if speaker.macs.isEmpty { signs.append(.host(kind, speaker.address.family, speaker.hostPart)) }
        return signs
    }
}

extension Joining.Sign {
    fileprivate var isHost: Bool {
        if case .host = self { return true }
        return false
    }
}

extension Happening {
    /// Whether two happenings are of one virtual router in its two address families, told from routers that show no MAC
    /// address by which they could be compared.
    fileprivate func isTwin(of other: Self) -> Bool {
        guard virtualRouter?.family != other.virtualRouter?.family else { return false }
        return actors.allSatisfy(\.macs.isEmpty) || other.actors.allSatisfy(\.macs.isEmpty)
    }
}

extension Speaker {
    /// The last byte of an IPv4 address, or the interface identifier of an IPv6 one.
    fileprivate var hostPart: UInt64 { address.family == .ipv4 ? address.low & 0xff : address.low }

    /// Whether two speakers may be one router: by name, by MAC address, by address, in this order.
    ///
    /// - Parameters:
    ///   - other: the other speaker.
    ///   - byHost: whether the last parts of the addresses decide where neither shows a MAC address of its own, as with
    ///     routers that advertise from virtual MAC addresses in many VLANs.
    /// - Returns: whether nothing speaks against it.
    fileprivate func mayBe(_ other: Speaker, by byHost: Bool) -> Bool {
        if let name, let otherName = other.name { return name == otherName }
        if !macs.isEmpty, !other.macs.isEmpty { return !Set(macs).isDisjoint(with: other.macs) }
        return address == other.address || (byHost && macs.isEmpty && other.macs.isEmpty && hostPart == other.hostPart)
    }
}
