internal import VRRPFacts
package import VRRPWire

/// The way of a router's advertisements to a point: how many of those that were sent were seen there.
///
/// An advertisement counts where the point captured at that time, and where the sender's own point did, if it has one.
package struct PathTrace: Sendable {
    /// A stretch in which all goes well, or nothing arrives.
    package struct Episode: Hashable, Sendable {
        package internal(set) var start: CaptureInstant
        package internal(set) var end: CaptureInstant
        package internal(set) var sent = 0
        package internal(set) var seen = 0
        /// The number that each point saw, by its position.
        package internal(set) var seenAt: [Int] = []

        /// Whether nothing arrives.
        package var isBroken: Bool { seen == 0 }
    }

    /// Advertisements in a row that did not arrive, though others before and behind them did.
    package struct Loss: Hashable, Sendable {
        /// The instants of the first and the last one that was lost.
        package internal(set) var start: CaptureInstant
        package internal(set) var end: CaptureInstant
        package internal(set) var count = 1
        /// The instant of the one before that arrived; `nil` for none.
        package internal(set) var before: CaptureInstant?
        /// The instant of the one behind that arrived; `nil` for none.
        package internal(set) var after: CaptureInstant?
        /// The number that each point saw of them, by its position.
        package internal(set) var seenAt: [Int]
    }

    /// The way in which advertisements are lost; the raw values stand in the JSON report.
    package enum Pattern: String, Hashable, Sendable {
        case none, single
        /// Each by itself, as where a way loses some of all packets.
        case steady
        /// Several in a row, as where a way is cut again and again, or a queue is full for a while.
        case bursts
        /// Nothing arrives.
        case all
    }

    /// From as many missing advertisements in a row on, the path is broken: a Backup has waited long enough by then.
    package static let fewest = 3
    /// Beyond this many, two episodes that follow each other are joined.
    package static let mostEpisodes = 64
    /// The number of losses that are kept, the first ones.
    package static let mostLosses = 64
    /// The fewest lost advertisements by which bursts are told from steady loss.
    private static let fewestForBursts = 4

    /// In order of time.
    package private(set) var episodes: [Episode] = []
    /// The advertisements at the end that were not seen, too few as yet to say that the path is broken.
    private var missed: Episode?
    /// Losses in order of time, at most ``mostLosses``.
    package private(set) var losses: [Loss] = []
    /// The number of all losses, and of advertisements in all and in the longest of them.
    package private(set) var lossCount = 0
    package private(set) var lost = 0
    package private(set) var longestLoss = 0
    /// The loss that has no end yet.
    private var latestLoss: Loss?
    /// The instant of the latest advertisement that arrived.
    private var arrived: CaptureInstant?
    /// The times from the sender's own point to this one.
    private var delays = DeviationHistogram()
    package private(set) var delayCount = 0
    package private(set) var longestDelay: TimeSpan?

    package var sent: Int { episodes.reduce(missed?.sent ?? 0) { $0 + $1.sent } }

    /// The episodes with what was not seen at the end.
    package var all: [Episode] {
        guard let missed else { return episodes }
        guard var last = episodes.last else { return [missed] }
        last.extend(by: missed)
        return episodes.dropLast() + [last]
    }

    /// The delay that the given share of the advertisements, 0 to 1, does not exceed; `nil` where none was measured.
    package func delay(_ share: Double) -> TimeSpan? {
        delayCount > 0 ? delays.quantile(share, of: delayCount) : nil
    }

    /// Whether advertisements are lost one by one or several in a row.
    ///
    /// Where each is lost with the same likelihood, whatever became of the one before, a row of losses has a length that
    /// follows from the share of all that is lost. Rows that are half as long again are bursts.
    package var pattern: Pattern {
        guard lost > 0 else { return .none }
        let sent = sent
        guard lost < sent else { return .all }
        guard lost > 1 else { return .single }
        let steady = Double(sent) / Double(sent - lost)
        let isLong = Double(lost) / Double(max(1, lossCount)) >= steady * 1.5
        return lost >= Self.fewestForBursts && isLong || lossCount == 1 ? .bursts : .steady
    }

    /// Notes the time that an advertisement took from the sender's own point, by one clock.
    mutating func add(delay: TimeSpan) {
        delays.add(delay)
        delayCount += 1
        longestDelay = max(longestDelay ?? delay, delay)
    }

    private mutating func noteLoss(_ instant: CaptureInstant, isSeen: Bool, at points: [Int]) {
        if isSeen {
            if var loss = latestLoss {
                loss.after = instant
                if losses.count < Self.mostLosses { losses.append(loss) }
                latestLoss = nil
            }
            arrived = instant
            return
        }
        lost += 1
        if latestLoss == nil {
            lossCount += 1
            latestLoss = Loss(start: instant, end: instant, before: arrived, seenAt: points)
        } else {
            latestLoss?.end = instant
            latestLoss?.count += 1
            for point in points.indices { latestLoss?.seenAt[point] += points[point] }
        }
        longestLoss = max(longestLoss, latestLoss?.count ?? 0)
    }

    mutating func add(_ instant: CaptureInstant, isSeen: Bool, at points: [Int]) {
        noteLoss(instant, isSeen: isSeen, at: points)
        // Nearly always this is all, and nothing needs to be made.
        if isSeen, missed == nil, let last = episodes.indices.last, episodes[last].seen > 0 {
            episodes[last].extend(to: instant, at: points)
            return
        }
        let one = Episode(start: instant, end: instant, sent: 1, seen: isSeen ? 1 : 0, seenAt: points)
        guard isSeen else {
            if let last = episodes.last, last.isBroken {
                episodes[episodes.count - 1].extend(by: one)
            } else if var run = missed {
                run.extend(by: one)
                missed = run
            } else {
                missed = one
            }
            if let run = missed, run.sent >= Self.fewest {
                append(run)
                missed = nil
            }
            return
        }
        if let last = episodes.last, !last.isBroken {
            if let missed { episodes[episodes.count - 1].extend(by: missed) }
            episodes[episodes.count - 1].extend(by: one)
        } else {
            var next = missed ?? one
            if missed != nil { next.extend(by: one) }
            append(next)
        }
        missed = nil
    }

    private mutating func append(_ episode: Episode) {
        if episodes.count < Self.mostEpisodes {
            episodes.append(episode)
        } else {
            episodes[episodes.count - 1].extend(by: episode)
        }
    }
}

extension PathTrace.Episode {
    /// Adds an advertisement that arrived.
    fileprivate mutating func extend(to instant: CaptureInstant, at points: [Int]) {
        end = max(end, instant)
        sent += 1
        seen += 1
        for point in points.indices where point < seenAt.count { seenAt[point] += points[point] }
    }

    fileprivate mutating func extend(by other: Self) {
        end = max(end, other.end)
        sent += other.sent
        seen += other.seen
        for point in other.seenAt.indices where point < seenAt.count { seenAt[point] += other.seenAt[point] }
    }
}

extension VirtualRouter {
    /// The point that a router's host is at; `nil` where none is known to be there.
    package func point(of router: Int) -> Int? {
        let address = routers[router].address
        // By position: points are not copied to be looked at.
        for point in vantage.points.indices
        where vantage.points[point].at == address || vantage.points[point].hosts.contains(address) {
            return point
        }
        return nil
    }

    /// Notes which point saw an advertisement first, and counts an older one that every point has had time to see.
    mutating func noteSight(of received: borrowing ReceivedAdvertisement, from position: Int) {
        guard vantage.hasSeveral, let sent = routers[position].sightings.add(received) else { return }
        count(sent, of: position)
    }

    /// Counts the latest advertisements, for none will come any more.
    mutating func finishPaths() {
        guard vantage.hasSeveral else { return }
        for position in routers.indices {
            for sent in routers[position].sightings.removeAll() { count(sent, of: position) }
        }
    }

    private mutating func count(_ sent: SightedAdvertisements.Sent, of position: Int) {
        let own = point(of: position)
        let isOpen = !hasBlindPoint
        if let own, !isOpen, !vantage.points[own].isOpen(at: sent.instant) { return }
        let count = min(vantage.points.count, Vantage.mostPoints)
        while routers[position].paths.count < count { routers[position].paths.append(PathTrace()) }
        let seen = (0..<count).map { sent.observers.contains($0) ? 1 : 0 }
        for point in 0..<count where isOpen || vantage.points[point].isOpen(at: sent.instant) {
            routers[position].paths[point].add(sent.instant, isSeen: seen[point] > 0, at: seen)
        }
        guard let own, let start = sent.arrivals.first(where: { $0.point == own }) else { return }
        let isCompared = vantage.points[own].clockOffset != nil
        for arrival in sent.arrivals where arrival.point != own && arrival.point < count && isCompared {
            guard vantage.points[arrival.point].clockOffset != nil else { continue }
            routers[position].paths[arrival.point].add(delay: arrival.instant - start.instant)
        }
    }
}

extension PathTrace {
    /// All episodes as one; `nil` without advertisements.
    package var whole: Episode? {
        let all = all
        guard var whole = all.first else { return nil }
        for episode in all.dropFirst() { whole.extend(by: episode) }
        return whole
    }
}
