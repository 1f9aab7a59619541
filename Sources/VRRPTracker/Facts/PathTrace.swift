internal import VRRPFacts
package import VRRPWire

/// The way of a router's advertisements to a point: how many of those that were sent were seen there.
///
/// An advertisement counts where the point captured at that time, and where the sender's own point did, if it has one.
package struct PathTrace: Hashable, Sendable {
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

    /// From as many missing advertisements in a row on, the path is broken: a Backup has waited long enough by then.
    package static let fewest = 3
    /// Beyond this many, two episodes that follow each other are joined.
    package static let mostEpisodes = 64

    /// In order of time.
    package private(set) var episodes: [Episode] = []
    /// The advertisements at the end that were not seen, too few as yet to say that the path is broken.
    private var missed: Episode?

    package var sent: Int { episodes.reduce(missed?.sent ?? 0) { $0 + $1.sent } }

    /// The episodes with what was not seen at the end.
    package var all: [Episode] {
        guard let missed else { return episodes }
        guard var last = episodes.last else { return [missed] }
        last.extend(by: missed)
        return episodes.dropLast() + [last]
    }

    mutating func add(_ instant: CaptureInstant, isSeen: Bool, at points: [Int]) {
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
        return vantage.points.firstIndex { $0.at == address || $0.hosts.contains(address) }
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
        if let own = point(of: position), !vantage.points[own].isOpen(at: sent.instant) { return }
        let count = min(vantage.points.count, Vantage.mostPoints)
        while routers[position].paths.count < count { routers[position].paths.append(PathTrace()) }
        let seen = (0..<count).map { sent.observers.contains($0) ? 1 : 0 }
        for point in 0..<count where vantage.points[point].isOpen(at: sent.instant) {
            routers[position].paths[point].add(sent.instant, isSeen: seen[point] > 0, at: seen)
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
