internal import VRRPWire

/// The filter in front of the tracker: masters in steady state, each with the frame that it sends again and again.
///
/// A master repeats its advertisement byte for byte, but for the IPv4 identification and the header checksum over it.
/// A frame that equals its sender's latest, one interval after it, says nothing new beyond its time. Its protocol:
///
/// - ``expect(_:_:)`` tells it the frame of a master, and lends it the statistics that each advertisement adds to.
/// - ``take(_:_:at:)`` takes a frame that was expected, undecoded, and counts it.
/// - ``handBack(_:)`` ends the expectation for a virtual router and gives back what was lent and counted. It comes before
///   anything else happens to that virtual router, so nobody can tell which way a frame took.
/// - ``nextRepetitions()`` gives out what was counted since the last time, while the expectations stand.
struct SteadyMasters: Sendable {
    /// More masters than this take the ordinary way.
    private static let most = 1 << 18
    /// The number of places of the table that are looked at for one sender, so that senders made to collide cost little.
    private static let probes = 32

    /// One for each virtual router that had a master in steady state.
    private var entries: [SteadyMaster] = []
    /// The frames of the entries, in words from ``SteadyMaster/wordsStart`` on.
    private var words: [UInt64] = []
    /// Positions in ``entries`` by the position of a virtual router, −1 where there is none.
    private var entriesOfVirtualRouters: [Int32] = []
    /// Positions in ``entries`` of masters that repeated themselves since they were listed last, each once.
    private var listed: [Int32] = []
    /// Positions in ``entries`` by the hash of a sender's headers, −1 where there is none.
    ///
    /// Their number is a power of two, of which at most a quarter are taken, also by senders that others have replaced.
    /// If more were taken, some senders would find no place.
    private var places = [Int32](repeating: -1, count: 64)
    private var takenPlaces = 0
    /// The entry whose master was heard last.
    private var latest = 0
    /// The number of masters of which a frame is expected.
    private(set) var expectedCount = 0

    /// Takes a frame that repeats its sender's latest one and comes when it is due; false for any other, which is
    /// ignored.
    @inline(__always)
    mutating func take(_ captured: Span<UInt8>, _ sighting: Sighting, at instant: CaptureInstant) -> Bool {
        guard expectedCount > 0, let position = position(of: captured, sighting),
            entries[position].count(at: instant, sighting.reference, captured)
        else { return false }
        if !entries[position].isListed { list(position) }
        return true
    }

    @inline(never)
    private mutating func list(_ position: Int) {
        entries[position].isListed = true
        listed.append(Int32(truncatingIfNeeded: position))
    }

    /// Returns the master that is expected to send just this frame.
    @inline(__always)
    mutating func position(of captured: Span<UInt8>, _ sighting: Sighting) -> Int? {
        // Masters with the same interval are heard in the same order again and again.
        let follower = Int(entries[latest].follower)
        if isRepetition(captured, of: follower, sighting) {
            latest = follower
            return follower
        }
        // One of these masters may have sent something else, or nothing.
        let next = Int(entries[follower].follower)
        if isRepetition(captured, of: next, sighting) {
            latest = next
            return next
        }
        guard let frame = SteadyFrame(captured, interface: sighting.interface), let position = position(of: frame.hash),
            isRepetition(captured, of: position, sighting)
        else { return nil }
        follow(with: position)
        return position
    }

    /// Notes the master that was heard next.
    private mutating func follow(with position: Int) {
        entries[latest].follower = Int32(truncatingIfNeeded: position)
        latest = position
    }

    private func position(of hash: Int) -> Int? {
        let mask = places.count - 1
        var place = hash & mask
        for _ in 0..<Self.probes {
            let position = Int(places[place])
            guard position >= 0 else { return nil }
            if entries[position].frame.hash == hash { return position }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Whether a captured frame is the one kept for a master but for the IPv4 identification and the header checksum over
    /// it.
    @inline(__always)
    private func isRepetition(_ captured: Span<UInt8>, of position: Int, _ sighting: Sighting) -> Bool {
        let entry = entries.span[position]
        guard entry.isExpected, entry.source == SteadyMaster.Source(sighting), captured.count >= entry.frame.end else {
            return false
        }
        let start = Int(entry.wordsStart)
        return entry.frame.isRepeated(by: captured, words.span.extracting(start..<start + entry.frame.wordCount))
    }

    /// The entry of a master, for lending.
    subscript(position: Int) -> SteadyMaster {
        get { entries[position] }
        _modify { yield &entries[position] }
    }

    /// Expects a master to send the frame that it sent just now.
    ///
    /// The entry of the virtual router's previous master is used again, so masters lie in memory in the order in which
    /// they are heard.
    ///
    /// - Parameters:
    ///   - master: the facts about it.
    ///   - captured: the frame.
    /// - Returns: the position of its entry, to which statistics are to be lent; `nil` where there is no room for it.
    mutating func expect(_ master: SteadyMaster, _ captured: Span<UInt8>) -> Int? {
        let known = entry(of: master.virtualRouter)
        guard let position = position(for: master.frame.hash, insteadOf: known) else { return nil }
        let before = entries[position]
        entries[position] = master
        entries[position].follower = before.follower
        entries[position].wordsStart = before.wordsStart
        entries[position].room = before.room
        entries[position].isListed = before.isListed
        entries[position].isExpected = true
        makeRoom(for: master.frame.wordCount, at: position)
        let start = Int(entries[position].wordsStart)
        master.frame.forEachWord(of: captured) { index, word in words[start + index] = word }
        if !before.isExpected { expectedCount += 1 }
        if known == nil {
            let missing = master.virtualRouter + 1 - entriesOfVirtualRouters.count
            if missing > 0 { entriesOfVirtualRouters.append(contentsOf: repeatElement(-1, count: missing)) }
            entriesOfVirtualRouters[master.virtualRouter] = Int32(truncatingIfNeeded: position)
            // A master that takes an entry again is where the one before it was in the order.
            follow(with: position)
        }
        return position
    }

    /// Ends the expectation for a virtual router, and gives back its master; `nil` where nothing was expected.
    @inline(__always)
    mutating func handBack(_ virtualRouter: Int) -> SteadyMaster? {
        guard let position = entry(of: virtualRouter), entries.span[position].isExpected else { return nil }
        let master = entries[position]
        entries[position].isExpected = false
        entries[position].count = 0
        entries[position].cadence = Cadence()
        expectedCount -= 1
        return master
    }

    /// Whether something was counted that was not given out.
    var hasRepetitions: Bool { !listed.isEmpty }

    /// Gives out a master that repeated itself since the last time, and expects more of the same; `nil` when there is none.
    mutating func nextRepetitions() -> SteadyMaster? {
        while let position = listed.popLast().map(Int.init) {
            entries[position].isListed = false
            guard entries[position].count > 0 else { continue }
            defer { entries[position].count = 0 }
            return entries[position]
        }
        return nil
    }

    @inline(__always)
    private func entry(of virtualRouter: Int) -> Int? {
        guard virtualRouter < entriesOfVirtualRouters.count else { return nil }
        let position = Int(entriesOfVirtualRouters[virtualRouter])
        return position < 0 ? nil : position
    }

    /// The entry for a sender's hash: the known one of its virtual router, or a new one; `nil` where there is no room for it.
    private mutating func position(for hash: Int, insteadOf known: Int?) -> Int? {
        if takenPlaces * 2 >= places.count { rebuildPlaces() }
        let mask = places.count - 1
        var place = hash & mask
        for _ in 0..<Self.probes {
            let position = Int(places[place])
            if position < 0 {
                guard let position = known ?? appendEntry() else { return nil }
                places[place] = Int32(position)
                takenPlaces += 1
                return position
            }
            if position == known { return position }
            // Of two senders of one hash the first keeps the place.
            if entries[position].frame.hash == hash { return nil }
            place = (place + 1) & mask
        }
        return nil
    }

    private mutating func appendEntry() -> Int? {
        guard entries.count < Self.most else { return nil }
        entries.reserveRoomForOneMore()
        entries.append(SteadyMaster())
        return entries.count - 1
    }

    /// Makes room for the words of an entry's frame: at first for as many as it has, and for the longest frame where
    /// that proves too little.
    private mutating func makeRoom(for count: Int, at position: Int) {
        let room = Int(entries[position].room)
        guard room < count else { return }
        let more = room == 0 ? count : SteadyFrame.mostWords
        entries[position].wordsStart = UInt32(words.count)
        entries[position].room = UInt8(more)
        for _ in 0..<more {
            words.reserveRoomForOneMore()
            words.append(0)
        }
    }

    /// Frees the places of masters that others have replaced, and makes more places where that does not free enough.
    private mutating func rebuildPlaces() {
        let count = entries.count * 8 >= places.count ? places.count * 2 : places.count
        places = [Int32](repeating: -1, count: count)
        takenPlaces = entries.count
        for position in entries.indices {
            var place = entries[position].frame.hash & (count - 1)
            while places[place] >= 0 { place = (place + 1) & (count - 1) }
            places[place] = Int32(position)
        }
    }
}

/// The facts kept about a master while it repeats itself.
///
/// Kept small: with thousands of entries, each access is a cache miss.
struct SteadyMaster: Sendable {
    /// The observer and the interface that its frames come from.
    struct Source: Hashable, Sendable {
        var observer: Int32
        var interface: Int32

        @inline(__always)
        init(_ sighting: Sighting) {
            observer = Int32(truncatingIfNeeded: sighting.observer)
            interface = Int32(truncatingIfNeeded: sighting.interface)
        }

        fileprivate init() { (observer, interface) = (0, 0) }
    }

    var frame = SteadyFrame()
    var source = Source()
    fileprivate(set) var isExpected = false
    /// Whether it is listed among the masters that repeated themselves.
    fileprivate(set) var isListed = false
    /// The position of the master in its virtual router.
    var router: UInt8 = 0
    /// The number of words for which there is room.
    fileprivate(set) var room: UInt8 = 0
    /// The position of the virtual router, in four bytes.
    private var position: Int32 = 0
    /// The entry of the master that was heard behind it the last time.
    fileprivate(set) var follower: Int32 = 0
    /// The position of the first word of its frame.
    fileprivate(set) var wordsStart: UInt32 = 0
    /// The latest advertisement.
    var spoke = CaptureInstant.distantPast
    /// The capture that shows it, which is another one from file to file of a ring, and its place there.
    var evidence = FrameReference(capture: 0, frame: 0)
    /// Advertisements since the first, or since they were given out.
    fileprivate(set) var count = 0
    /// The identifications of the latest, by ``count`` modulo their number.
    var recent: [8 of UInt16] = [8 of UInt16](repeating: 0)
    var identifications = IdentificationSeries()
    /// The nominal interval is the master's.
    var cadence = Cadence()

    var virtualRouter: Int {
        get { Int(position) }
        set { position = Int32(truncatingIfNeeded: newValue) }
    }

    /// Counts an advertisement that comes on time; false for any other.
    @inline(__always)
    fileprivate mutating func count(
        at instant: CaptureInstant,
        _ reference: FrameReference,
        _ captured: Span<UInt8>
    ) -> Bool {
        let gap = instant - spoke
        let interval = cadence.nominal
        guard ElectionTimes.isOnTime(gap, interval) else { return false }
        if frame.isIPv4 {
            let identification = frame.identification(captured)
            // An identification of 1 may be a restart, unless it is always the same, and one that is out of order an echo.
            guard identification != 1 || identifications.isConstant, identifications.isInOrder(identification) else {
                return false
            }
            recent[count & 7] = identification
            identifications.add(identification)
        }
        spoke = instant
        evidence = reference
        count &+= 1
        cadence.add(gap, interval: interval)
        return true
    }
}

/// The headers of an advertisement over Ethernet, by which it is looked up among the known ones.
struct SteadyFrame: Hashable, Sendable {
    /// Bytes of the longest frame that is kept; more addresses than fit are heard the ordinary way.
    private static let longest = 192
    /// Words that hold such a frame, the last of which may hold bytes of the one before again.
    static let mostWords = longest / 8

    /// The hash of the fields that tell senders apart: interface, MAC address, VLAN, addresses, VRID.
    private(set) var hash = 0
    private(set) var isIPv4 = false
    /// The offsets in the frame at which the IP packet begins and ends.
    private var ipStart: UInt8 = 0
    private var ipEnd: UInt8 = 0

    init() {}

    /// Reads the headers of a frame; `nil` unless it holds an unfragmented advertisement behind at most one VLAN tag.
    init?(_ bytes: Span<UInt8>, interface: Int) {
        guard bytes.count >= 54 else { return nil }
        let start = bytes.uint16(at: 12) == 0x8100 ? 18 : 14
        let end: Int
        let sender: UInt64
        switch bytes.uint16(at: start - 2) {
        case 0x0800:
            // Without options and not a fragment.
            guard bytes[start] == 0x45, bytes[start + 9] == IPProtocol.vrrp.rawValue,
                bytes.uint16(at: start + 6) & 0x3fff == 0
            else { return nil }
            isIPv4 = true
            end = start + Int(bytes.uint16(at: start + 2))
            sender = bytes.uint64(at: start + 12)
        case 0x86dd:
            guard bytes[start + 6] == IPProtocol.vrrp.rawValue, bytes.count >= start + 48 else { return nil }
            end = start + 40 + Int(bytes.uint16(at: start + 4))
            sender = bytes.uint64(at: start + 16)
        default: return nil
        }
        guard end >= start + 28, end <= bytes.count, end <= Self.longest else { return nil }
        (ipStart, ipEnd) = (UInt8(start), UInt8(end))
        let link = bytes.uint64(at: start - 8)
        let vrid = UInt64(bytes[start + (isIPv4 ? 21 : 41)])
        let mix = (sender ^ vrid << 24 ^ UInt64(truncatingIfNeeded: interface) << 56) &* 0x9e37_79b9_7f4a_7c15
        let whole = (mix ^ link ^ mix >> 29) &* 0xff51_afd7_ed55_8ccd
        hash = Int(truncatingIfNeeded: whole >> 20)
    }

    /// The number of bytes of the frame without the padding at its end.
    @inline(__always)
    var end: Int { Int(ipEnd) }

    /// The IPv4 identification of a frame that looks like this one.
    @inline(__always)
    func identification(_ bytes: Span<UInt8>) -> UInt16 { bytes.uint16(at: Int(ipStart) &+ 4) }

    /// The number of words of the frame.
    @inline(__always)
    var wordCount: Int { end / 8 + 1 }

    /// The words of a frame that looks like this one.
    func forEachWord(of bytes: Span<UInt8>, _ body: (Int, UInt64) -> Void) {
        for index in 0..<end / 8 { body(index, bytes.uint64(at: index * 8)) }
        body(end / 8, bytes.uint64(at: end - 8))
    }

    /// Whether a frame of at least ``end`` bytes has the given words but for the IPv4 identification and the header checksum
    /// over it.
    @inline(__always)
    func isRepeated(by captured: Span<UInt8>, _ words: Span<UInt64>) -> Bool {
        let bytes = captured.extracting(0..<end)
        let count = end / 8
        // The identification lies in the third word, the checksum in the fourth, behind a tag four bytes further.
        let checksum: UInt64 = isIPv4 ? ipStart == 14 ? 0xffff << 48 : 0xffff << 16 : 0
        var difference = (bytes.uint64(at: 16) ^ words[2]) & ~(checksum >> 16)
        difference |= (bytes.uint64(at: 24) ^ words[3]) & ~checksum
        difference |= bytes.uint64(at: 0) ^ words[0]
        difference |= bytes.uint64(at: 8) ^ words[1]
        difference |= bytes.uint64(at: end &- 8) ^ words[count]
        for index in 4..<count { difference |= bytes.uint64(at: index &* 8) ^ words[index] }
        return difference == 0
    }
}
