package import VRRPWire

/// A sender that advertises from a router's address and is not known to be the router: its MAC address, its TTL or its
/// numbering are others.
///
/// Its advertisements stay out of the story, until it proves to be the router itself, as after a failover of a bond.
package struct Stranger: Sendable {
    /// The position of the router whose address it uses.
    package let router: Int
    package let mac: MACAddress?
    package let ttl: UInt8
    /// Whether MAC address and TTL are the router's own, so that its numbering alone tells it apart.
    package let isToldByNumbers: Bool
    package internal(set) var occurrences: Occurrences
    /// The number of priorities 0 among its advertisements.
    package internal(set) var resignations = 0
    /// The number of times that the router went on as though the stranger had said nothing.
    package internal(set) var contradictions = 0
    /// The number of its advertisements that do not say what the router's latest one said.
    package internal(set) var differing = 0
    /// Its highest priority, and the longest interval that it advertised.
    package internal(set) var highestPriority: UInt8
    package internal(set) var longestInterval: TimeSpan
    /// The most advertisements in a row that kept one cadence.
    package internal(set) var steadiest = 0
    /// Whether it advertises in the router's place since the router fell silent, and nothing shows that it is the router.
    package internal(set) var isSuccessor = false
    /// Its advertisements of one cadence in a row up to the latest, and those since the router spoke last.
    var steady = 0
    var unanswered = 0
    /// The IPv4 identification of its latest advertisement.
    var number: UInt16?
    /// The latest advertisements of which it is open whose they are, at most ``mostPending``.
    var pending: [Word] = []

    static let mostPending = 4
    /// Advertisements at one cadence that make a sender: a single one may be anybody's.
    package static let cadence = 3

    /// The number of new senders within a time of ``crowding`` that is a crowd, of which none is believed at once.
    static let crowd = 4
    static let crowding = TimeSpan.seconds(2)

    /// The time for which an advertisement may belong to a router that was in doubt when it came.
    static func patience(_ content: Advertisement) -> TimeSpan {
        ElectionTimes.longestPatience(content.cadence) * 4
    }

    /// An advertisement that is kept until it is known whose it is.
    struct Word: Sendable {
        var content: Advertisement
        var sighting: Sighting
        var identification: UInt16?
        var checksum: UInt16
    }

    /// Whether it is a machine that advertises steadily beside the router.
    package var isSteady: Bool { steadiest >= Self.cadence && ttl == 255 && !isSuccessor }

    /// Whether it is the sender of an advertisement.
    func sent(_ mac: MACAddress?, _ ttl: UInt8, as router: Int, _ isToldByNumbers: Bool) -> Bool {
        self.router == router && self.mac == mac && self.ttl == ttl && self.isToldByNumbers == isToldByNumbers
    }

    /// Counts an advertisement.
    mutating func add(_ word: Word) {
        let content = word.content
        let gap = word.sighting.instant - occurrences.end
        // One that is held back by advertisements that it rejects shows by its numbers that it sent nothing meanwhile.
        let isNext = IdentificationSeries.isNext(word.identification, after: number)
        number = word.identification
        let isSteady =
            content.priority > 0 && steady > 0 && gap >= content.cadence * 3 / 4
            && (isNext || gap <= ElectionTimes.longestGapOnTime(content.cadence))
        occurrences.add(word.sighting)
        if content.priority == 0 { resignations += 1 }
        steady = isSteady ? steady + 1 : content.priority > 0 ? 1 : 0
        unanswered = isSteady ? unanswered + 1 : steady
        steadiest = max(steadiest, steady)
        highestPriority = max(highestPriority, content.priority)
        longestInterval = max(longestInterval, content.interval)
    }

    /// Keeps an advertisement until it is known whose it is.
    mutating func keep(_ word: Word) {
        if pending.count == Self.mostPending { pending.removeFirst() }
        pending.append(word)
    }
}
