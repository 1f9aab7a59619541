internal import VRRPFacts
internal import VRRPWire

/// The advertisements of a virtual router that are still open to what comes later.
struct StoryLog: Sendable {
    /// An advert, as everybody could hear it.
    struct Entry: Sendable {
        var instant: CaptureInstant
        var evidence: FrameReference
        /// Whom alone it reaches; `nil` where everybody.
        var addressee: IPAddress?
        /// The position of its settings.
        var settings: UInt8
        var router: UInt8
        var priority: UInt8
        /// It says the same to somebody else, or in another version, and is none of the sender's cadence.
        var isRepetition = false
        /// Its sender kept its cadence since the entry before.
        var goesOn = false
        var identification: UInt16?
        /// The points that saw it.
        var observers = RouterSet()
    }

    /// The state of a router where the open stretch begins.
    struct Memory: Sendable {
        var costs: StateCosts
        /// Its latest advert before.
        var own: Entry?
        /// The position of the reign that is open there.
        var reign: Int?
        /// Whether it announced the addresses together with an advert behind a silence: keepalived 1.x never does.
        var announcesWithFirst = false
        var heard = Heard()
        var due = Due()
    }

    /// The latest adverts of others that a router heard and accepted.
    struct Heard: Sendable {
        /// An advert of no lesser priority than its own.
        var better: CaptureInstant?
        /// The one before, by more than what crosses on the way.
        var betterBefore: CaptureInstant?
        /// Whether its own latest advert only said that it will be master.
        var claimedAhead = false
        /// The first that a master must yield to, since its own latest.
        var summons: CaptureInstant?
        /// A resignation that nobody followed yet, and the latest that somebody followed.
        var resigned: CaptureInstant?
        var resignedBefore: CaptureInstant?
        /// The latest of all that it accepted.
        var accepted: CaptureInstant?
        /// Whether it accepted none for so long that a Backup would have become master.
        var isOverdue = false
        var last: Entry?
    }

    /// The instants at which a router's next advert is due, and the number of those that are missing.
    struct Due: Sendable {
        var deaf = CaptureInstant.distantFuture
        var deafCount = 0
        var hearing = CaptureInstant.distantFuture
        var hearingCount = 0
        /// The instant at which the first of those was due that a master that hears has missed.
        var missing: CaptureInstant?
        /// The earliest instant at which the next may come: an advert that arrives just when the timer runs out holds nobody back.
        var earliest = CaptureInstant.distantPast
        /// Whether an advert that it rejected put ``hearing`` off.
        var isPutOff = false
        var isReplaced: Bool?
    }

    /// Two settings, as positions: whether a router of the one accepts adverts of the other.
    struct Pair: Hashable, Sendable {
        var receiver: UInt8
        var sender: UInt8
    }

    /// In order of time.
    private(set) var entries: [Entry] = []
    /// The content of adverts beside their priority; a position stands for each.
    private(set) var settings: [Advertisement] = []
    /// Pairs of settings that are accepted, or not, against their looks.
    var exceptions: [Pair] = []
    /// Whether a Backup rejects adverts of another interval, as a master does.
    var backupsMindInterval = true
    /// Routers that reject another's adverts, or did, for a key that does not show: positions of routers.
    var keyRejections: [Pair] = []
    /// By the router's position.
    var memories: [Memory?] = []
    /// The instant at which the open stretch begins.
    private(set) var beginning: CaptureInstant?
    /// Announcements of the addresses that are not settled, and claims that are not judged, in order.
    var announcements: [Claim] = []
    var unjudged: [Claim] = []
    /// The instant before which no claim is judged, because telling the story cost more than ``credit`` when one was due last.
    var postponed = CaptureInstant.distantPast
    /// The entries, once for each router, that may be gone through for claims: what frames paid in and no judgement spent.
    var credit = 0

    /// The entries that may be gone through to find what settings mean, likewise.
    private(set) var readingCredit = mostCredit / 4

    /// The credit that a frame brings: the first judgement among as many routers is never postponed.
    private static let payment = 16
    /// The cost of the longest story.
    private static let mostCredit = mostEntries * Tracker.mostRoutersEach

    /// Takes the credit of a frame, which several virtual routers may share.
    mutating func pay(sharedBy number: Int = 1) {
        let payment = max(1, Self.payment / number)
        credit = min(credit + payment, Self.mostCredit)
        readingCredit = min(readingCredit + 4 * payment, Self.mostCredit)
    }

    /// Lets frames pay for going through settled reigns, each of which costs less than an entry, and returns whether they can.
    mutating func pays(forReigns number: Int) -> Bool {
        let price = number / 2
        guard price <= credit else { return false }
        credit -= price
        return true
    }

    /// Spends what was gone through to find what settings mean.
    mutating func spend(onReading price: Int) { readingCredit -= price }

    static let mostSettings = 64
    static let mostEntries = 1024

    mutating func add(
        _ advertisement: Advertisement,
        from router: Int,
        _ sighting: Sighting,
        identification: UInt16?,
        isRepetition: Bool = false
    ) {
        if beginning == nil { beginning = sighting.instant }
        entries.append(
            Entry(
                instant: sighting.instant,
                evidence: sighting.reference,
                addressee: advertisement.isMulticast ? nil : advertisement.destination,
                settings: position(of: advertisement),
                router: UInt8(router),
                priority: advertisement.priority,
                isRepetition: isRepetition,
                identification: identification,
                observers: RouterSet(Vantage.place(of: sighting.observer))
            )
        )
    }

    /// Notes that another point saw an advertisement as well.
    mutating func add(observer: Int, of router: Int, at instant: CaptureInstant) {
        var index = entries.count
        while index > 0, entries[index - 1].instant >= instant {
            index -= 1
            guard Int(entries[index].router) == router, entries[index].instant == instant else { continue }
            entries[index].observers.insert(Vantage.place(of: observer))
        }
    }

    /// Adds an advertisement that was kept until it was known whose it is, at its place in time.
    mutating func insert(
        _ advertisement: Advertisement,
        from router: Int,
        _ sighting: Sighting,
        identification: UInt16?
    ) {
        if let beginning, sighting.instant < beginning { return }
        let place = entries.partitioningIndex { $0.instant > sighting.instant }
        add(advertisement, from: router, sighting, identification: identification)
        if place < entries.count - 1 { entries.insert(entries.removeLast(), at: place) }
    }

    /// The log in an order that does not hang on a tap: of two adverts that are seen at once the lesser one comes first.
    ///
    /// Both routers sent before they heard the other, and the lesser one yields behind its own advert.
    var ordered: Self {
        var log = self
        for index in entries.indices.dropFirst() {
            let (before, after) = (log.entries[index - 1], log.entries[index])
            guard after.instant - before.instant <= ElectionTimes.seenLate, after.router != before.router,
                after.priority < before.priority, !log.isRun(index - 1), !log.isRun(index)
            else { continue }
            log.entries.swapAt(index - 1, index)
            // The better one keeps its time, for what it began may have been told.
            log.entries[index - 1].instant = before.instant
        }
        return log
    }

    /// Whether an entry stands for several adverts, of which it is the latest.
    private func isRun(_ index: Int) -> Bool {
        let entry = entries[index]
        guard entry.goesOn else { return false }
        let router = Int(entry.router)
        let memory = memories.indices.contains(router) ? memories[router]?.own : nil
        guard let before = entries[..<index].last(where: { $0.router == entry.router }) ?? memory else { return true }
        return entry.instant - before.instant > ElectionTimes.overdue(settings[Int(entry.settings)].cadence)
    }

    /// Forgets a router, whose place another one takes.
    mutating func forget(router: Int) {
        entries.removeAll { Int($0.router) == router }
        if memories.indices.contains(router) { memories[router] = nil }
        keyRejections.removeAll { Int($0.receiver) == router || Int($0.sender) == router }
    }

    /// Finds the reigns that are open where the open stretch begins.
    mutating func findOpenReigns(in reigns: [Reign]) {
        var open = [Int?](repeating: nil, count: memories.count)
        for index in reigns.indices where reigns[index].end == nil && open.indices.contains(reigns[index].router) {
            open[reigns[index].router] = index
        }
        for position in memories.indices { memories[position]?.reign = open[position] }
    }

    /// Adds an advertisement that says what its router's latest said, and keeps its cadence: one entry for all of them in a row.
    mutating func goOn(
        _ advertisement: Advertisement,
        from router: Int,
        _ sighting: Sighting,
        identification: UInt16?
    ) {
        guard goesOn(router) else {
            add(advertisement, from: router, sighting, identification: identification)
            entries[entries.count - 1].goesOn = true
            return
        }
        entries[entries.count - 1].instant = sighting.instant
        entries[entries.count - 1].evidence = sighting.reference
        entries[entries.count - 1].identification = identification
    }

    /// Adds an advertisement that says what its router's latest said, and keeps its cadence, while others may still see it.
    mutating func goOnBeingSeen(
        _ advertisement: Advertisement,
        from router: Int,
        _ sighting: Sighting,
        identification: UInt16?
    ) {
        add(advertisement, from: router, sighting, identification: identification)
        entries[entries.count - 1].goesOn = true
    }

    /// The points that saw both of the latest two entries, where these go on from each other and no other point saw one of them;
    /// `nil` otherwise.
    var commonObservers: RouterSet? {
        guard entries.count > 1 else { return nil }
        let (before, after) = (entries.count - 2, entries.count - 1)
        guard entries[before].goesOn, entries[after].goesOn, entries[before].router == entries[after].router,
            entries[before].observers == entries[after].observers
        else { return nil }
        return entries[after].observers
    }

    /// Has the latest entry stand for the one before as well.
    mutating func joinLatest() { entries.remove(at: entries.count - 2) }

    /// The part of an advertisement that counts for those who hear it, whomever it is for.
    private static func normalized(_ advertisement: Advertisement) -> Advertisement {
        var settings = advertisement
        settings.priority = 0
        if !settings.isMulticast {
            settings.destination =
                settings.destination.family == .ipv4 ? .unspecifiedIPv4 : IPAddress(ipv6High: 0, low: 0)
        }
        return settings
    }

    func known(_ advertisement: Advertisement) -> UInt8? {
        let normal = Self.normalized(advertisement)
        return settings.firstIndex(of: normal).map { UInt8($0) }
    }

    private mutating func position(of advertisement: Advertisement) -> UInt8 {
        let normal = Self.normalized(advertisement)
        if let known = settings.lastIndex(of: normal) { return UInt8(known) }
        guard settings.count < Self.mostSettings else { return UInt8(Self.mostSettings - 1) }
        settings.append(normal)
        return UInt8(settings.count - 1)
    }

    /// Whether the latest entry stands for a run of a router's advertisements.
    func goesOn(_ router: Int) -> Bool {
        guard !entries.isEmpty else { return false }
        // An entry is not copied only to be looked at.
        return entries[entries.count - 1].goesOn && Int(entries[entries.count - 1].router) == router
    }

    /// The router of the latest entry.
    var latestRouter: Int? { entries.isEmpty ? nil : Int(entries[entries.count - 1].router) }

    /// The longest interval that is advertised in the open stretch.
    var longestInterval: TimeSpan { settings.lazy.map(\.cadence).max() ?? .seconds(1) }

    /// Forgets entries up to an instant, and settings that nothing refers to any more.
    mutating func forget(upTo instant: CaptureInstant) {
        entries.removeFirst(entries.partitioningIndex { $0.instant > instant })
        beginning = instant
        var places = [UInt8?](repeating: nil, count: settings.count)
        var kept: [Advertisement] = []
        func keep(_ position: inout UInt8) {
            if let place = places[Int(position)] { return position = place }
            places[Int(position)] = UInt8(kept.count)
            kept.append(settings[Int(position)])
            position = UInt8(kept.count - 1)
        }
        for index in entries.indices { keep(&entries[index].settings) }
        for index in memories.indices {
            guard var memory = memories[index] else { continue }
            if var own = memory.own {
                keep(&own.settings)
                memory.own = own
            }
            if var last = memory.heard.last {
                keep(&last.settings)
                memory.heard.last = last
            }
            memories[index] = memory
        }
        exceptions = exceptions.compactMap { pair in
            guard let receiver = places[Int(pair.receiver)], let sender = places[Int(pair.sender)] else { return nil }
            return Pair(receiver: receiver, sender: sender)
        }
        settings = kept
    }
}

extension Advertisement {
    /// The interval that its sender keeps; a second where it states none.
    var cadence: TimeSpan { interval == .zero ? .seconds(1) : interval }
}
