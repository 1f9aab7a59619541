package import VRRPWire

/// One speaker of a virtual router: everything its advertisements said, and how regularly they came.
package struct Router: Sendable {
    /// The source address of its advertisements, which is its identity.
    package let address: IPAddress
    /// The habits of its daemon in the IP header, by its first advertisement.
    package let style: HeaderStyle
    /// Source MAC addresses in order of appearance, at most ``mostMACs``.
    package internal(set) var macs: SmallList<MACAddress> = SmallList()
    /// Advertisements, copies of one not counted.
    package internal(set) var adverts = 0
    /// Further copies of an advertisement already counted: other captures, mirror ports, echoes.
    package internal(set) var copies = 0
    /// The number of its advertisements that each capture saw, by the capture's position.
    package internal(set) var observers: SmallList<Int> = SmallList()
    package internal(set) var firstSeen: CaptureInstant
    package internal(set) var lastSeen: CaptureInstant
    package internal(set) var versions: SmallList<UInt8> = SmallList()
    /// Priorities in order, the oldest dropped beyond ``mostPriorities``; 0 stands for a resignation.
    package internal(set) var priorities: SmallList<PriorityChange> = SmallList()
    /// The number of priorities that were dropped.
    package internal(set) var prioritiesLeftOut = 0
    /// Settings that it advertised otherwise than before, in order, the oldest dropped beyond ``mostChanges``.
    package internal(set) var changes: [SettingChange] = []
    /// The number of changes that were dropped.
    package internal(set) var changesLeftOut = 0
    package internal(set) var advertisementIntervals: SmallList<IntervalChange> = SmallList()
    /// The addresses of the last advertisement that could be read whole, in its order; they change at most twice an interval.
    package internal(set) var addresses: SmallList<IPAddress> = SmallList()
    /// The kinds of authentication that it used, the latest last, at most ``mostAuthentications``.
    package internal(set) var authentications: SmallList<AuthenticationUse> = SmallList()
    /// Every checksum convention that fitted, in order of first appearance.
    package internal(set) var checksums: SmallList<ChecksumUse> = SmallList()
    package internal(set) var deliveries: SmallList<DeliveryUse> = SmallList()
    /// The addresses that it sent unicast advertisements to, in order of appearance, at most ``mostAddressees``.
    package internal(set) var addressees: SmallList<Addressee> = SmallList()
    package internal(set) var cadence = Cadence()
    /// Oddities of its packets, by kind.
    package internal(set) var anomalies: [Anomaly: Occurrences] = [:]
    /// Gaps of more than one and a half intervals within a reign, in order; beyond ``mostGaps`` the shortest are dropped.
    package internal(set) var gaps: [Gap] = []
    /// Silences in which another router took over, or any would have, and after which this one went on; bounded like ``gaps``.
    package internal(set) var endingGaps: [Gap] = []
    /// Every gap that is a sample of the cadence, in order, where the tracker was asked to keep them.
    package internal(set) var everyGap: [Gap] = []
    /// The number of gaps that did not fit into ``everyGap``, which holds ``mostKeptGaps``.
    package internal(set) var gapsLeftOut = 0
    /// Advertisements that were due in all gaps of more than one and a half intervals, the dropped ones included.
    package internal(set) var missedAdverts = 0
    /// Its IPv4 identifications, which may tell sent advertisements from lost ones, and one sender from two.
    package internal(set) var identifications = IdentificationSeries()
    /// The facts from Authentication Headers and trailers: at most one element.
    ///
    /// The trace is large and nearly always absent, and an empty list takes little room.
    var authenticationTraces: [AuthenticationTrace] = []
    /// The advertisements that came back: at most one element, as above.
    var echoTraces: [Echoes] = []
    /// The number of times that a source MAC address came back after another one had taken its place.
    package internal(set) var macReturns = 0
    var lastMAC: MACAddress?
    /// Whether nothing was odd about its latest advertisement.
    var isFaultless = false
    var recent = RecentAdvertisements()
    /// The latest advertisements with the points that saw each, where there are several points.
    var sightings = SightedAdvertisements()
    /// The way of its advertisements to each point, by the point's position; empty where there is one point.
    package internal(set) var paths: [PathTrace] = []
    /// The instant at which its list of addresses changed last.
    var changedAddresses = CaptureInstant.distantPast
    var belief: Belief
    /// Whether it is open that it is master, because a living master says otherwise and it keeps no cadence yet.
    var isOnProbation = false
    /// Whether a master was in the midst of advertising when it was heard for the first time.
    var isUncalled = false
    /// The number of times that masters went on which should have yielded to it.
    var defiances = 0
    /// Its latest advertisements while that is open: none of them is in the story.
    var held: [Stranger.Word] = []

    package static let mostMACs = 8
    package static let mostPriorities = 64
    package static let mostChanges = 32
    package static let mostAuthentications = 8
    package static let mostIntervals = 8
    package static let mostGaps = 64
    package static let mostAddressees = 16
    /// More than a day's, at one a second.
    package static let mostKeptGaps = 100_000

    /// Two advertisements of one reign that should not be neighbours.
    package struct Gap: Hashable, Sendable {
        package var start: CaptureInstant
        package var end: CaptureInstant
        /// The interval that the earlier advertisement announced.
        package var interval: TimeSpan
        package var startEvidence: FrameReference
        package var endEvidence: FrameReference
        /// The step of the IPv4 identification from one to the other, modulo 2^16; `nil` for IPv6.
        package var identificationStep: UInt16?
        /// The time between them by the sender's own clock, where its `auth_hmac` trailers tell.
        package var senderClockStep: TimeSpan?
    }

    /// An address that a router sent unicast advertisements to.
    package struct Addressee: Hashable, Sendable {
        package let address: IPAddress
        /// The first advertisement that went there.
        package let evidence: FrameReference
        /// The captures that saw one.
        var observers = RouterSet()
    }

    package struct PriorityChange: Hashable, Sendable {
        package var value: UInt8
        package var since: CaptureInstant
        package var evidence: FrameReference
    }

    package struct IntervalChange: Hashable, Sendable {
        package var value: TimeSpan
        package var evidence: FrameReference
    }

    package struct AuthenticationUse: Hashable, Sendable {
        package var kind: AuthenticationKind
        package var key: AuthenticationKey?
        /// The number of the key in an `auth_hmac` trailer.
        package var keyID: UInt8?
        package var verification: Verification
        /// The instant at which this use last began.
        package var since: CaptureInstant
        package var evidence: FrameReference

        /// Whether it differs in time at the most.
        func isLike(_ other: Self) -> Bool {
            kind == other.kind && key == other.key && keyID == other.keyID && verification == other.verification
        }
    }

    package struct ChecksumUse: Hashable, Sendable {
        package var kind: ChecksumKind
        package var evidence: FrameReference
    }

    package struct DeliveryUse: Hashable, Sendable {
        package var isMulticast: Bool
        package var evidence: FrameReference
    }

    /// The facts from Authentication Headers and trailers; `nil` without any.
    package var authenticationTrace: AuthenticationTrace? { authenticationTraces.first }
    /// The advertisements that came back; `nil` without any.
    package var echoes: Echoes? { echoTraces.first }
    /// The latest priority above 0.
    package var priority: UInt8 { priorities.last { $0.value > 0 }?.value ?? 0 }
    package var advertisementInterval: TimeSpan { advertisementIntervals.last?.value ?? .zero }
    /// The IPv4 identification of its latest advertisement; `nil` for IPv6.
    package var identification: UInt16? { belief.identification }
    /// The version of its latest advertisement.
    package var version: UInt8 { belief.advertisement.version }
    /// Whether its latest advertisement came, by its TTL or hop limit, from behind another router or may have.
    package var mayBeRouted: Bool { belief.advertisement.ttl < 255 }
}

/// A fault of a single advertisement.
package enum Anomaly: Hashable, Sendable, CaseIterable {
    case badChecksum
    case badTTL
    case noAddresses
    case noInterval
    case wrongVirtualMAC
    case sourceNotLinkLocal
    case firstAddressNotLinkLocal
    /// The integrity check value of an Authentication Header fits no given key.
    case wrongAH
    /// The digest of an `auth_hmac` trailer fits no given key.
    case wrongHMAC
    /// The sequence of genuine advertisements did not grow.
    case ahSequenceBack
    case hmacSequenceBack
}

/// A password seen on the wire, and the label that stands for it in output.
package struct AuthenticationKey: Hashable, Sendable {
    /// Its position among all keys of the observation in order of first appearance, from 1; `nil` for one that came after
    /// the first ``AuthenticationKeys/most``.
    package let number: Int?
    /// The eight bytes of RFC 2338 section 5.3.10, zero-filled: a secret, never to be printed unasked.
    package let secret: UInt64

    /// `key-1`: tells equal from different and nothing else; `nil` for a key without a number.
    package var tag: String? { number.map { "key-\($0)" } }

    /// The label, or the words that stand for a missing one.
    package var words: String { tag ?? "a key without a label, for over \(AuthenticationKeys.most) were seen" }
}
