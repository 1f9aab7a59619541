internal import VRRPFacts
internal import VRRPWire

/// All that the forward passes of a virtual router look at and do not change.
///
/// It is a class so that passes and paths share one instead of copying it.
final class StoryFacts {
    let log: StoryLog
    let costs: Costs
    /// By position: the stretches in which nobody could have seen the router, and all such stretches together.
    private let blindness: [Blindness]
    private let allBlindness: Blindness
    /// By position: the point at the router, which sees what the router hears.
    private let points: [Int?]
    private let vantage: Vantage
    /// Up to where it is told.
    let end: CaptureInstant
    /// By position: addresses.
    let addresses: [IPAddress]
    /// By position: the instant of its first advertisement, though it be in no story.
    let firstSeen: [CaptureInstant]
    /// By position: whether its identifications count adverts.
    let counts: [Bool]
    private let macs: [SmallList<MACAddress>]
    private let virtualMAC: MACAddress
    /// By position: whether it is known to keep its cadence through adverts that it rejects.
    let keepsCadence: [Bool]
    /// By position: the latest claim of a virtual address, a sign of life of a master.
    let claimed: [CaptureInstant]
    /// Whether the observation shows announcements of the virtual addresses at all.
    let showsAnnouncements: Bool
    /// The entries of each router that are of its own cadence.
    let own: [[Int]]
    /// The settings that each router shows.
    let shown: [[UInt8]]
    /// The same as sets.
    let settings: [SettingSet]
    private let crowd: RouterSet

    init(_ virtualRouter: VirtualRouter, until end: CaptureInstant, _ blindSpots: [BlindSpot]) {
        log = virtualRouter.story.ordered
        costs = virtualRouter.costs
        self.end = end
        vantage = virtualRouter.vantage
        points = vantage.hasSeveral ? virtualRouter.routers.indices.map(virtualRouter.point) : []
        addresses = virtualRouter.routers.indices.map { virtualRouter.routers[$0].address }
        firstSeen = virtualRouter.routers.indices.map { virtualRouter.routers[$0].firstSeen }
        counts = virtualRouter.routers.indices.map { virtualRouter.routers[$0].identifications.mayCount }
        macs = virtualRouter.routers.indices.map { virtualRouter.routers[$0].macs }
        virtualMAC = virtualRouter.virtualMAC
        keepsCadence = virtualRouter.routers.indices.map { !virtualRouter.routers[$0].belief.isHeldBackByRejected }
        showsAnnouncements = !virtualRouter.announcements.isEmpty
        claimed = virtualRouter.routers.indices.map { virtualRouter.routers[$0].belief.claimed }
        (own, shown) = Self.own(log, count: addresses.count)
        settings = shown.map(SettingSet.init)
        crowd = Self.crowd(log, own)
        let common = Self.blindness(of: virtualRouter, until: end, blindSpots)
        if vantage.hasSeveral {
            let each = Self.blindness(of: virtualRouter, own, common)
            blindness = each.map(Blindness.init)
            allBlindness = Blindness(each.flatMap(\.self))
        } else {
            allBlindness = Blindness(common)
            blindness = own.map { [allBlindness] _ in allBlindness }
        }
    }

    /// The stretches in which nobody could have seen any router.
    private static func blindness(
        of virtualRouter: VirtualRouter,
        until end: CaptureInstant,
        _ blindSpots: [BlindSpot]
    ) -> [VantagePoint.Stretch] {
        guard !blindSpots.isEmpty else { return [] }
        let interface = virtualRouter.key.segment.interface
        let beginning = virtualRouter.story.beginning ?? end
        return blindSpots.filter { $0.concerns(interface) && $0.end >= beginning && $0.start <= end }
            .map { VantagePoint.Stretch(from: $0.start, to: $0.end) }
    }

    /// By position: the stretches in which nobody could have seen a router, where there are several points.
    private static func blindness(
        of virtualRouter: VirtualRouter,
        _ own: [[Int]],
        _ common: [VantagePoint.Stretch]
    ) -> [[VantagePoint.Stretch]] {
        let log = virtualRouter.story
        return own.indices.map { position in
            var stretches = common
            let firstSeen = virtualRouter.routers[position].firstSeen
            let mayCount = virtualRouter.routers[position].identifications.mayCount
            var before = log.memories.indices.contains(position) ? log.memories[position]?.own : nil
            for index in own[position] {
                let entry = log.entries[index]
                // A router that is new may have advertised before its first entry, while nobody knew what it is.
                let isKnown = before != nil || firstSeen == entry.instant
                stretches += virtualRouter.blindness(
                    of: position,
                    after: before.map { ($0.instant, $0.observers) },
                    before: (entry.instant, entry.observers),
                    sentUnseen: isKnown && mayCount && log.sentUnseen(from: before, to: entry)
                )
                before = entry
            }
            return stretches
                + virtualRouter.blindness(of: position, after: before.map { ($0.instant, $0.observers) }, before: nil)
        }
    }

    /// Whether each point has blind spots of its own.
    var hasSeveralPoints: Bool { vantage.hasSeveral }

    enum Arrival {
        case arrives
        /// The way was broken before, and only a point that is blind could have seen whether it still was.
        case mayArrive
        case doesNotArrive
    }

    /// Whether an advertisement reaches a router.
    ///
    /// The point at the router saw what the router hears. While that point is blind, the others say whether the
    /// advertisement left its sender, and what was so before counts for as long as the router goes on as before.
    func arrival(at position: Int, of index: Int) -> Arrival {
        let entry = log.entries[index]
        guard entry.addressee == nil || entry.addressee == addresses[position] else { return .doesNotArrive }
        guard vantage.hasSeveral, let point = points[position], point < Vantage.mostPoints else { return .arrives }
        guard !vantage.points[point].isOpen(at: entry.instant) else {
            return entry.observers.contains(point) ? .arrives : .doesNotArrive
        }
        let others = vantage.points.indices.prefix(Vantage.mostPoints).filter { other in
            other != point && other != points[Int(entry.router)] && vantage.points[other].isOpen(at: entry.instant)
        }
        if !others.isEmpty { return others.contains { entry.observers.contains($0) } ? .arrives : .doesNotArrive }
        guard wasCutOff(position, from: Int(entry.router), before: index, point) else { return .arrives }
        return goesOn(position, at: index) ? .doesNotArrive : .mayArrive
    }

    /// Whether a router advertises behind an advertisement as before it.
    private func goesOn(_ position: Int, at index: Int) -> Bool {
        let following = own[position].partitioningIndex { $0 >= index }
        guard following > 0 else { return false }
        let latest = log.entries[own[position][following - 1]]
        // Where the log ends, nobody knows yet.
        guard following < own[position].count else { return keepsCadence(from: latest, to: end, position) }
        let next = log.entries[own[position][following]]
        if counts[position], let first = latest.identification, let second = next.identification, !next.goesOn {
            let missing = ((next.instant - latest.instant) / cadence(of: latest)).rounded()
            guard abs(Double(IdentificationSeries.step(from: first, to: second)) - missing) <= 1 else { return false }
        }
        return keepsCadence(from: latest, to: next.instant, position)
    }

    /// Whether none of the latest advertisements of a sender arrived that a router's point could see.
    private func wasCutOff(_ position: Int, from sender: Int, before index: Int, _ point: Int) -> Bool {
        let entries = log.entries
        var missed = 0
        for entry in entries[..<index].reversed() where Int(entry.router) == sender {
            guard vantage.points[point].isOpen(at: entry.instant) else { continue }
            guard !entry.observers.contains(point) else { return false }
            missed += 1
            if missed >= PathTrace.fewest { return true }
        }
        return false
    }

    /// Whether a router that spoke at two instants spoke at its cadence between them, as far as anybody could see.
    private func keepsCadence(from latest: StoryLog.Entry, to next: CaptureInstant, _ position: Int) -> Bool {
        let (gap, interval) = (next - latest.instant, cadence(of: latest))
        if gap <= ElectionTimes.overdue(interval) { return true }
        let inStep = interval * Int64((gap / interval).rounded())
        return (gap - inStep).magnitude <= ElectionTimes.tolerance(interval)
            && isBlind(from: latest.instant + interval, to: next, for: position)
    }

    /// The stretches in which nobody could have seen a router.
    func blindness(of position: Int) -> Blindness { blindness[position] }

    /// The entries of each router that are of its own cadence, and the settings that each shows.
    private static func own(_ log: StoryLog, count: Int) -> (own: [[Int]], shown: [[UInt8]]) {
        var numbers = [Int](repeating: 0, count: count)
        for index in log.entries.indices where !log.entries[index].isRepetition {
            numbers[Int(log.entries[index].router)] += 1
        }
        var own: [[Int]] = []
        var shown: [[UInt8]] = []
        own.reserveCapacity(count)
        shown.reserveCapacity(count)
        for position in 0..<count {
            var entries: [Int] = []
            entries.reserveCapacity(numbers[position])
            own.append(entries)
            let before = log.memories.indices.contains(position) ? log.memories[position]?.own : nil
            shown.append(before.map { [$0.settings] } ?? [])
        }
        var known = shown.map(SettingSet.init)
        for index in log.entries.indices where !log.entries[index].isRepetition {
            let (router, settings) = (Int(log.entries[index].router), log.entries[index].settings)
            own[router].append(index)
            if known[router].insert(settings) { shown[router].append(settings) }
        }
        return (own, shown)
    }

    /// Whether a router shows settings.
    func shows(_ router: Int, _ settings: UInt8) -> Bool { self.settings[router].contains(settings) }

    /// Whether a router has no part in the story: it has said nothing, now or before.
    func isAbsent(_ router: Int) -> Bool {
        own[router].isEmpty && (log.memories.indices.contains(router) ? log.memories[router] == nil : true)
    }

    /// Whether a router is one of several that were heard for a moment: such senders say nothing of what others accept.
    func isOfTheCrowd(_ router: Int) -> Bool { crowd.contains(router) }

    private static func crowd(_ log: StoryLog, _ own: [[Int]]) -> RouterSet {
        var crowd = RouterSet()
        var count = 0
        for router in own.indices {
            guard let first = own[router].first, let last = own[router].last,
                log.entries[last].instant - log.entries[first].instant
                    < log.settings[Int(log.entries[last].settings)].cadence * 3 / 4, !log.entries[last].goesOn
            else { continue }
            if log.memories.indices.contains(router), log.memories[router] != nil { continue }
            crowd.insert(router)
            count += 1
        }
        return count > 1 ? crowd : RouterSet()
    }

    func settings(of entry: StoryLog.Entry) -> Advertisement { log.settings[Int(entry.settings)] }

    // No advertisement is copied only to ask it for its cadence.
    func cadence(of entry: StoryLog.Entry) -> TimeSpan { log.settings[Int(entry.settings)].cadence }

    func version(of entry: StoryLog.Entry) -> UInt8 { log.settings[Int(entry.settings)].version }

    /// Whether an instant lies where nobody could see a router.
    func isBlind(at instant: CaptureInstant, within tolerance: TimeSpan, for position: Int) -> Bool {
        blindness[position].end(at: instant, within: tolerance) != nil
    }

    /// Whether nobody could see a router in part of a stretch; without a router, whether nobody could see some router.
    func isBlind(from start: CaptureInstant, to end: CaptureInstant, for position: Int? = nil) -> Bool {
        (position.map { blindness[$0] } ?? allBlindness).touches(from: start, to: end)
    }

    /// Whether an advert wins against a router (RFC 9568 section 6.4.3: greater, or equal with the greater address).
    func isBetter(_ entry: StoryLog.Entry, than priority: UInt8, of router: Int) -> Bool {
        (entry.priority, addresses[Int(entry.router)]) > (priority, addresses[router])
    }

    func masterDownInterval(_ entry: StoryLog.Entry, interval: TimeSpan) -> TimeSpan {
        ElectionTimes.masterDownInterval(
            priority: entry.priority,
            interval: interval,
            version: version(of: entry)
        )
    }

    /// The evidence of the identification about the time between two adverts of a router.
    func numberStep(from before: StoryLog.Entry, to after: StoryLog.Entry) -> NumberStep? {
        guard counts[Int(after.router)], !after.goesOn, let first = before.identification,
            let second = after.identification
        else { return after.goesOn ? .next : nil }
        let step = Int(IdentificationSeries.step(from: first, to: second))
        let missing = (after.instant - before.instant) / cadence(of: before)
        if step == 1 { return .next }
        // keepalived numbers from 1 when it starts (`vrrp_build_ip4`); one that comes around may have sent as many as were due.
        if second == 1, first > 0, first < .max - 1 { return step == Int(missing.rounded()) ? nil : .restarted }
        if step > 1, isPlausible(step, from: before, to: after, missing) {
            let isAll = Double(step) - 1 >= 0.7 * (missing - 1) - 0.5
            guard let isInStep = isInStep(from: before, to: after) else { return isAll ? .sent(step - 1) : .some }
            return isInStep && step == Int(missing.rounded()) ? .sent(step - 1) : .some
        }
        return second < first ? .restarted : nil
    }

    /// The evidence of the identification of the first advert that is seen of a router: one that counts begins with 1.
    func firstNumber(of entry: StoryLog.Entry) -> NumberStep? {
        counts[Int(entry.router)] && entry.identification == 1 ? .restarted : nil
    }

    /// Whether an advert comes when a master would have sent it that kept its cadence unheard since another; `nil` where
    /// something heard may have started its timer anew, or none was due in between.
    func isInStep(from before: StoryLog.Entry, to after: StoryLog.Entry) -> Bool? {
        let (gap, interval) = (after.instant - before.instant, cadence(of: before))
        let count = (gap / interval).rounded()
        guard before.priority > 0, count >= 2 || gap > ElectionTimes.overdue(interval) else { return nil }
        guard before.settings == after.settings, !after.goesOn else { return nil }
        let entries = log.entries
        var index = entries.partitioningIndex { $0.instant > before.instant }
        while index < entries.count, entries[index].instant < after.instant {
            if entries[index].router != after.router { return nil }
            index += 1
        }
        guard !isBlind(from: before.instant, to: after.instant) else { return nil }
        return isWhole(gap, interval, count: Int(count))
    }

    /// Whether a timer that ran out so many times in a row takes so long: each time a little late, and never early.
    func isWhole(_ gap: TimeSpan, _ interval: TimeSpan, count: Int) -> Bool {
        let lateness = gap - interval * Int64(count)
        return lateness <= ElectionTimes.exactness(interval) + min(.milliseconds(1) * Int64(count), interval / 8)
            && lateness + gap / 2000 + ElectionTimes.seenLate >= .zero
    }

    /// By position: the instants at which a router announces the addresses by a MAC address of its own, each at least an
    /// interval behind the one before.
    private(set) lazy var announced: [[CaptureInstant]] = {
        var announced = macs.map { _ in [CaptureInstant]() }
        var makers: (mac: MACAddress, positions: [Int])?
        for claim in log.announcements where claim.mac != virtualMAC {
            // Mostly several in a row are of one MAC address.
            if makers?.mac != claim.mac { makers = (claim.mac, self.makers(by: claim.mac)) }
            for position in makers?.positions ?? [] {
                let instant = claim.sighting.instant
                guard let settings = shown[position].last else { continue }
                let interval = log.settings[Int(settings)].cadence
                let isApart = announced[position].last.map { instant - $0 >= interval } ?? true
                if isApart { announced[position].append(instant) }
            }
        }
        return announced
    }()

    /// Whether a router announces the addresses also when nothing that it sends calls for it: keepalived can be told to
    /// (`garp_master_refresh`), and answers lesser adverts with it.
    func announcesUnasked(_ router: Int) -> Bool { unasked.contains(router) }

    private lazy var unasked: RouterSet = {
        var unasked = RouterSet()
        for router in announced.indices {
            let isUnasked = announced[router].contains { instant in
                let next = own[router].partitioningIndex { log.entries[$0].instant >= instant }
                let interval = shown[router].last.map { log.settings[Int($0)].cadence } ?? .seconds(1)
                if next < own[router].count,
                    log.entries[own[router][next]].instant - instant <= ElectionTimes.announcementBefore(interval),
                    !log.entries[own[router][next]].goesOn
                {
                    return false
                }
                guard next > 0 else { return true }
                let latest = log.entries[own[router][next - 1]]
                // keepalived announces again behind a delay (`vrrp_garp_master_delay`).
                return latest.goesOn || instant - latest.instant > ElectionTimes.leavingAddresses(interval) + interval
            }
            if isUnasked { unasked.insert(router) }
        }
        return unasked
    }()

    /// The instants of all announcements, in order: by position those by a MAC address of the router's own, and behind them
    /// those by the virtual MAC address, which is everybody's.
    private lazy var announcements: [[CaptureInstant]] = {
        var instants = Array(repeating: [CaptureInstant](), count: macs.count + 1)
        var makers: (mac: MACAddress, positions: [Int])?
        for claim in log.announcements {
            if makers?.mac != claim.mac { makers = (claim.mac, self.makers(by: claim.mac)) }
            for position in makers?.positions ?? [] { instants[position].append(claim.sighting.instant) }
        }
        // Those that came before anybody knew the address were added late.
        return instants.map { $0.sorted() }
    }()

    private func makers(by mac: MACAddress) -> [Int] {
        mac == virtualMAC ? [macs.count] : macs.indices.filter { macs[$0].contains(mac) }
    }

    /// Whether a router announces the addresses within a stretch of time.
    func announces(_ router: Int, from start: CaptureInstant, to end: CaptureInstant) -> Bool {
        firstAnnouncement(of: router, from: start, to: end) != nil
    }

    /// The first instant within a stretch of time at which a router announces the addresses.
    func firstAnnouncement(of router: Int, from start: CaptureInstant, to end: CaptureInstant) -> CaptureInstant? {
        guard !log.announcements.isEmpty else { return nil }
        func first(in place: Int) -> CaptureInstant? {
            let first = announcements[place].partitioningIndex { $0 >= start }
            guard first < announcements[place].count, announcements[place][first] <= end else { return nil }
            return announcements[place][first]
        }
        return [first(in: router), first(in: macs.count)].lazy.compactMap(\.self).min()
    }

    /// Whether a router announces the addresses together with an advert.
    func announcesAtOnce(_ router: Int, at instant: CaptureInstant, _ interval: TimeSpan) -> Bool {
        let crossing = ElectionTimes.crossing(interval)
        return announces(router, from: instant - crossing, to: instant + crossing)
    }

    /// Whether a router can have sent so many adverts: one an interval, and one more for each lesser advert that it could
    /// hear meanwhile, for keepalived answers those at once (`vrrp_state_master_rx`).
    private func isPlausible(
        _ step: Int,
        from before: StoryLog.Entry,
        to after: StoryLog.Entry,
        _ intervals: Double
    ) -> Bool {
        var room = intervals + 1.6 - Double(step)
        guard room < 0 else { return true }
        let (entries, router) = (log.entries, Int(after.router))
        var index = entries.partitioningIndex { $0.instant > before.instant }
        while room < 0, index < entries.count, entries[index].instant < after.instant {
            let entry = entries[index]
            index += 1
            guard Int(entry.router) != router, entry.priority > 0,
                entry.addressee == nil || entry.addressee == addresses[router],
                !isBetter(entry, than: after.priority, of: router)
            else { continue }
            room += 1
        }
        return room >= 0
    }
}

extension StoryLog {
    /// Whether the identifications of two advertisements show that their sender, which counts, sent several that nobody saw.
    ///
    /// So no way led to those who look. Without an earlier advertisement, since the log began.
    fileprivate func sentUnseen(from before: Entry?, to entry: Entry) -> Bool {
        guard let number = entry.identification, !entry.goesOn else { return false }
        let cadence = settings[Int(entry.settings)].cadence
        guard let before else {
            // keepalived numbers from 1 when it starts (`vrrp_build_ip4`).
            guard number > PathTrace.fewest, let beginning else { return false }
            return cadence * Int64(number - 1) <= entry.instant - beginning
        }
        guard let first = before.identification else { return false }
        let step = IdentificationSeries.step(from: first, to: number)
        let longest = entry.instant - before.instant + ElectionTimes.overdue(cadence)
        return step > PathTrace.fewest && cadence * Int64(step) <= longest
    }
}

/// The meaning of pairs of settings to those who receive, with exceptions that a hypothesis adds.
struct AcceptanceTable {
    private let count: Int
    private var accepts: [Bool]
    /// Whether the numbers of addresses differ, and nothing else.
    private var differInAddresses: [Bool] = []
    /// Whether looks do not decide it.
    private var isOpen: [Bool]
    /// Whether the intervals of VRRPv2 differ, which a master minds.
    private var differInInterval: [Bool] = []
    /// Whether a Backup minds it, too: keepalived 1.x does not (`vrrp_state_backup`).
    var backupsMindInterval: Bool

    init(_ log: StoryLog) {
        count = log.settings.count
        accepts = []
        isOpen = []
        backupsMindInterval = log.backupsMindInterval
        accepts.reserveCapacity(count * count)
        isOpen.reserveCapacity(count * count)
        differInAddresses.reserveCapacity(count * count)
        differInInterval.reserveCapacity(count * count)
        for receiver in log.settings.indices {
            for sender in log.settings.indices {
                let verdict = Acceptance(
                    by: log.settings[receiver],
                    at: log.settings[sender].destination,
                    of: log.settings[sender]
                )
                let looks = verdict.byLooks(of: log.settings[receiver], of: log.settings[sender])
                accepts.append(looks.accepts)
                isOpen.append(looks.isOpen)
                differInAddresses.append(verdict == .dependsOnImplementation(.addressCount))
                differInInterval.append(verdict == .rejects(.interval))
            }
        }
        for pair in log.exceptions { flip(pair) }
    }

    private func index(_ pair: StoryLog.Pair) -> Int { Int(pair.receiver) * count + Int(pair.sender) }

    mutating func flip(_ pair: StoryLog.Pair) { accepts[index(pair)].toggle() }

    func accepts(_ pair: StoryLog.Pair) -> Bool { accepts[index(pair)] }

    /// Whether a Backup of the one settings waits anew at adverts of the other, though a master may reject them.
    func acceptsAsBackup(_ pair: StoryLog.Pair) -> Bool {
        accepts[index(pair)] || (!backupsMindInterval && differInInterval[index(pair)])
    }

    /// The settings that differ from others in the interval, as those of who receives.
    var receiversOfOtherIntervals: [UInt8] {
        guard differInInterval.contains(true) else { return [] }
        return (0..<count).filter { differInInterval[$0 * count..<($0 + 1) * count].contains(true) }.map { UInt8($0) }
    }

    func differsInAddresses(_ pair: StoryLog.Pair) -> Bool { differInAddresses[index(pair)] }

    func isOpen(_ pair: StoryLog.Pair) -> Bool { isOpen[index(pair)] }
}

extension Acceptance {
    /// Whether an advert is accepted as far as looks go, and whether they do not decide.
    ///
    /// Keys of Authentication Headers and trailers do not show. About the number of addresses implementations differ:
    /// keepalived before 2.3 rejects it (`vrrp_check_packet`); about checksums as well.
    fileprivate func byLooks(
        of receiver: Advertisement,
        of sender: Advertisement
    ) -> (accepts: Bool, isOpen: Bool) {
        let hidesKeys = receiver.hidesItsKey && sender.hidesItsKey
        return switch self {
        case .accepts: (true, hidesKeys && !receiver.credential.isDecided(against: sender.credential))
        case .dependsOnImplementation: (true, true)
        case .rejects(.checksum): (false, true)
        case .rejects, .notAddressed: (false, false)
        }
    }
}

extension Credential {
    /// Whether given keys tell for certain that two are of one key, or of two.
    fileprivate func isDecided(against other: Self) -> Bool {
        verification.proof != nil && other.verification.proof != nil
    }
}
