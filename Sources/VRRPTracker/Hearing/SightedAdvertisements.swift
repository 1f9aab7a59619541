internal import VRRPFacts
internal import VRRPWire

/// The latest advertisements of a router, and the points that saw each: what is told by one clock is one advertisement
/// where it looks the same and comes at about the same time, once from each point.
struct SightedAdvertisements: Sendable {
    /// An advertisement and who saw it.
    struct Sent: Sendable {
        var identity: UInt64
        var instant: CaptureInstant
        var observers: RouterSet
        /// The points that saw it, each with the instant, in the order in which they were told.
        var arrivals: SmallList<Arrival>
    }

    /// The sight of an advertisement at a point.
    struct Arrival: Hashable, Sendable {
        var point: Int
        var instant: CaptureInstant
    }

    /// More than a router sends while one is on its way.
    private static let kept = 8

    /// In order of time.
    private(set) var latest: [Sent] = []

    /// Adds an advertisement that is new, and returns the one that makes room for it.
    mutating func add(_ received: borrowing ReceivedAdvertisement) -> Sent? {
        let point = Vantage.place(of: received.sighting.observer)
        var sent = Sent(
            identity: Self.identity(of: received),
            instant: received.sighting.instant,
            observers: RouterSet(point),
            arrivals: SmallList()
        )
        sent.arrivals.append(Arrival(point: point, instant: received.sighting.instant))
        defer { latest.append(sent) }
        return latest.count < Self.kept ? nil : latest.removeFirst()
    }

    /// Takes out all.
    mutating func removeAll() -> [Sent] {
        defer { latest = [] }
        return latest
    }

    /// Notes that a point saw an advertisement that another has seen, and returns when that one saw it; `nil` where it is
    /// none of those.
    mutating func addCopy(of received: borrowing ReceivedAdvertisement, _ belief: Belief) -> CaptureInstant? {
        let identity = Self.identity(of: received)
        let window = ElectionTimes.travelling(belief.interval)
        let observer = Vantage.place(of: received.sighting.observer)
        for index in latest.indices where latest[index].identity == identity {
            guard (received.sighting.instant - latest[index].instant).magnitude <= window,
                latest[index].observers.insert(observer)
            else { continue }
            latest[index].arrivals.append(Arrival(point: observer, instant: received.sighting.instant))
            return latest[index].instant
        }
        return nil
    }

    private static func identity(of received: borrowing ReceivedAdvertisement) -> UInt64 {
        UInt64(received.identification ?? 0) << 32 | UInt64(received.checksum) << 16
            | UInt64(received.content.priority) << 8 | UInt64(received.content.version)
    }
}

/// The latest claims of addresses, to know them again from another point.
struct RecentClaims: Sendable {
    private struct Seen: Sendable {
        var claim: AddressClaim
        var instant: CaptureInstant
        var observers: RouterSet
    }

    private static let kept = 256

    private var latest: [Seen] = []

    /// Whether another point has shown a claim and this one has not yet; notes the claim.
    mutating func holdsCopy(of claim: AddressClaim, _ sighting: Sighting) -> Bool {
        let observer = Vantage.place(of: sighting.observer)
        let since = sighting.instant - ElectionTimes.travelling(.seconds(1))
        for index in latest.partitioningIndex(where: { $0.instant >= since })..<latest.count
        where latest[index].claim == claim {
            if latest[index].observers.insert(observer) { return true }
        }
        if latest.count >= Self.kept { latest.removeFirst(Self.kept / 2) }
        latest.append(Seen(claim: claim, instant: sighting.instant, observers: RouterSet(observer)))
        return false
    }
}
