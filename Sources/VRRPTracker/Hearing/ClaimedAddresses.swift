internal import VRRPWire

/// The addresses that hosts claim by ARP or Neighbor Advertisement, to find those that several claim in turn.
///
/// Kept in two generations: when the young one is full, it takes the place of the old one. What is claimed again moves to
/// the young one, so that what is forgotten was not claimed for long, and no claim costs more than another.
struct ClaimedAddresses: Sendable {
    /// The number of addresses in each generation.
    static let most = 4096
    /// The time for which a claim is remembered: a MAC address that claims again within it never gave the address up.
    ///
    /// Hosts ask for an address at least as often (RFC 1122 section 2.3.2.1 has a minute for an entry of the cache), so
    /// that whoever holds one is heard to say so.
    static let memory: TimeSpan = .seconds(120)

    private struct Place: Hashable {
        var segment: Segment
        var address: IPAddress
    }

    /// A MAC address that claimed an address, and the instant of its latest claim.
    private struct Claimant {
        var mac: MACAddress
        var at: CaptureInstant
    }

    /// The latest claimants of an address, the latest first.
    ///
    /// One observer counts, the first: of two captures with different clocks, each shows a clean move at another time.
    private struct Claimants {
        var observer: Int32
        var first: Claimant
        var second: Claimant?
        var third: Claimant?

        /// Makes a claimant the first, and returns its claim before this one; `nil` for none that is remembered.
        mutating func take(_ claimant: Claimant) -> Claimant? {
            let before = [second, third].compactMap { $0 }.first { $0.mac == claimant.mac }
            if second?.mac != claimant.mac { third = second }
            second = first
            first = claimant
            return before
        }
    }

    private var young: [Place: Claimants] = [:]
    private var old: [Place: Claimants] = [:]

    /// Takes a claim, and returns whether its MAC address comes back to the address after another one had claimed it.
    mutating func take(_ claim: AddressClaim, on segment: Segment, _ sighting: Sighting) -> Bool {
        let place = Place(segment: segment, address: claim.address)
        let claimant = Claimant(mac: claim.mac, at: sighting.instant)
        if young[place] == nil { makeYoung(place, claimant, sighting.observer) }
        guard let known = young[place], known.observer == Int32(truncatingIfNeeded: sighting.observer) else {
            return false
        }
        guard known.first.mac != claim.mac else {
            young[place]?.first.at = sighting.instant
            return false
        }
        guard let before = young[place]?.take(claimant) else { return false }
        return sighting.instant - before.at <= Self.memory
    }

    private mutating func makeYoung(_ place: Place, _ claimant: Claimant, _ observer: Int) {
        let known = old[place] ?? Claimants(observer: Int32(truncatingIfNeeded: observer), first: claimant)
        if young.isEmpty { young.reserveCapacity(Self.most) }
        if young.count >= Self.most {
            swap(&young, &old)
            young.removeAll(keepingCapacity: true)
        }
        young[place] = known
    }
}
