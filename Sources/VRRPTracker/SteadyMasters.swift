internal import VRRPWire

/// Masters in steady state, each with the frame that it sends again and again.
///
/// A master repeats its advertisement byte for byte, but for the IPv4 identification and the header checksum over it.
/// A frame that equals its sender's latest, one interval after it, says nothing new beyond its time; it is recognised here
/// and noted without being decoded. What was noted so is handed back to the virtual router before anything else happens to
/// it (``VirtualRouter/resume(from:)``), so that nobody can tell which way a frame took.
struct SteadyMasters: Sendable {
    /// More masters than this are heard the ordinary way.
    private static let most = 1 << 18
    /// How many places of the table are looked at for one sender, so that senders made to collide cost little.
    private static let probes = 8

    private var entries: [SteadyMaster] = []
    /// The bytes of the entries' frames, as many for each as the longest has.
    private var bytes: [UInt8] = []
    /// Positions in ``entries``, −1 where there is none; a power of two of them, at most half of which are taken.
    private var places = [Int32](repeating: -1, count: 64)
    /// The entries that a virtual router relies on at the moment, so that all of them are found again.
    private(set) var armedCount = 0

    /// The master that sends a frame, where it is known to send just that.
    @inline(__always)
    mutating func position(of frame: SteadyFrame, _ captured: Span<UInt8>, _ sighting: Sighting) -> Int? {
        let mask = places.count - 1
        var place = frame.hash & mask
        for _ in 0..<Self.probes {
            let position = Int(places[place])
            guard position >= 0 else { return nil }
            if entries[position].frame.hash == frame.hash {
                guard entries[position].isArmed, entries[position].capture == sighting.reference.capture,
                    entries[position].observer == sighting.observer, entries[position].interface == sighting.interface,
                    entries[position].frame == frame
                else { return nil }
                return isEqual(frame, captured, position &* SteadyFrame.longest) ? position : nil
            }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Whether a captured frame is the one kept at a place but for the IPv4 identification and the header checksum over it.
    @inline(__always)
    private mutating func isEqual(_ frame: SteadyFrame, _ captured: Span<UInt8>, _ place: Int) -> Bool {
        var kept = bytes.mutableSpan
        // What may differ is taken over, so that one comparison without branches does for all.
        if frame.isIPv4 {
            let offsets = frame.identificationAndChecksum
            for index in offsets.indices { kept[place &+ offsets[index]] = captured[offsets[index]] }
        }
        let known = kept.span.extracting(place..<place &+ frame.end)
        var difference: UInt8 = 0
        guard captured.count >= known.count else { return false }
        for index in known.indices { difference |= captured[index] ^ known[index] }
        return difference == 0
    }

    /// Notes that a master was heard once more.
    @inline(__always)
    mutating func hear(_ position: Int, at instant: CaptureInstant, _ number: Int, _ identification: UInt16) -> Bool {
        entries[position].hear(at: instant, number, identification)
    }

    /// What is noted about a master.
    subscript(position: Int) -> SteadyMaster {
        get { entries[position] }
        _modify { yield &entries[position] }
    }

    /// Expects a master to send the frame that it sent just now, and returns the place of what is noted about it.
    mutating func arm(_ master: SteadyMaster, _ captured: Span<UInt8>) -> Int? {
        guard let position = place(for: master.frame.hash) else { return nil }
        let start = position * SteadyFrame.longest
        for index in 0..<master.frame.end { bytes[start + index] = captured[index] }
        entries[position] = master
        entries[position].isArmed = true
        armedCount += 1
        return position
    }

    /// Ends the expectation, and returns what was noted.
    mutating func disarm(_ position: Int) -> SteadyMaster {
        let master = entries[position]
        entries[position].isArmed = false
        entries[position].cadence = Cadence()
        armedCount -= 1
        return master
    }

    /// The entry of a sender, made where there is none; `nil` where there is no room for it.
    private mutating func place(for hash: Int) -> Int? {
        if entries.count * 2 >= places.count { grow() }
        let mask = places.count - 1
        var place = hash & mask
        for _ in 0..<Self.probes {
            let position = Int(places[place])
            if position < 0 {
                guard entries.count < Self.most else { return nil }
                places[place] = Int32(entries.count)
                entries.append(SteadyMaster())
                bytes.append(contentsOf: repeatElement(0, count: SteadyFrame.longest))
                return entries.count - 1
            }
            // Of two senders of one hash the first keeps the place.
            if entries[position].frame.hash == hash { return entries[position].isArmed ? nil : position }
            place = (place + 1) & mask
        }
        return nil
    }

    private mutating func grow() {
        places = [Int32](repeating: -1, count: places.count * 2)
        let mask = places.count - 1
        for position in entries.indices {
            var place = entries[position].frame.hash & mask
            while places[place] >= 0 { place = (place + 1) & mask }
            places[place] = Int32(position)
        }
    }
}

/// What is noted about a master while it repeats itself.
struct SteadyMaster: Sendable {
    var frame = SteadyFrame()
    var isArmed = false
    /// The position of the master in its virtual router.
    var router = 0
    var capture = 0
    var observer = 0
    var interface = 0
    /// Between which lengths a gap is neither early nor late.
    var shortest = TimeSpan.zero
    var longest = TimeSpan.zero
    var interval = TimeSpan.zero
    /// The latest advertisement.
    var spoke = CaptureInstant.distantPast
    var number = 0
    /// Advertisements since the first.
    var count = 0
    /// The identifications of the latest, by ``count`` modulo their number.
    var recent = SIMD8<UInt16>()
    var identifications = IdentificationSeries()
    var cadence = Cadence()

    @inline(__always)
    fileprivate mutating func hear(at instant: CaptureInstant, _ number: Int, _ identification: UInt16) -> Bool {
        let gap = instant - spoke
        // An identification of 1 may be a restart.
        guard gap >= shortest, gap <= longest, identification != 1 || !frame.isIPv4 else { return false }
        spoke = instant
        self.number = number
        recent[count & 7] = identification
        count &+= 1
        if frame.isIPv4 { identifications.add(identification) }
        cadence.add(gap, interval: interval)
        return true
    }
}

/// What an advertisement over Ethernet looks like from outside, by which it is looked for among those known.
struct SteadyFrame: Hashable, Sendable {
    /// Bytes of the longest frame that is kept; more addresses than fit are heard the ordinary way.
    static let longest = 192

    /// Of what tells senders apart: interface, MAC address, VLAN, addresses, VRID.
    private(set) var hash = 0
    private(set) var isIPv4 = false
    /// Where IP begins and where it ends.
    private var start = 0
    private(set) var end = 0

    init() {}

    /// Looks at the headers of a frame; `nil` for all that is no advertisement in one piece behind at most one VLAN tag.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, interface: Int) {
        guard bytes.count >= 54 else { return nil }
        let start = bytes.uint16(at: 12) == 0x8100 ? 18 : 14
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
        self.start = start
        guard end >= start + 28, end <= bytes.count, end <= Self.longest else { return nil }
        let link = bytes.uint64(at: start - 8)
        let vrid = UInt64(bytes[start + (isIPv4 ? 21 : 41)])
        let mix = (sender ^ vrid << 24 ^ UInt64(truncatingIfNeeded: interface) << 56) &* 0x9e37_79b9_7f4a_7c15
        let whole = (mix ^ link ^ mix >> 29) &* 0xff51_afd7_ed55_8ccd
        hash = Int(truncatingIfNeeded: whole >> 20)
    }

    /// The bytes that differ from one advertisement over IPv4 to the next.
    @inline(__always)
    fileprivate var identificationAndChecksum: [4 of Int] { [start &+ 4, start &+ 5, start &+ 10, start &+ 11] }

    /// The IPv4 identification; 0 for IPv6, which has none.
    @inline(__always)
    func identification(_ bytes: Span<UInt8>) -> UInt16 { isIPv4 ? bytes.uint16(at: start + 4) : 0 }
}
