internal import VRRPFacts
internal import VRRPWire

/// The comparison of a clock with one that is known, by the frames that both stamped.
///
/// A frame takes the same way to both points but for the last part, so the difference of its two stamps is the offset of the
/// clocks and the difference of the ways. Frames that come from the one side first and frames that come from the other
/// side first bound the offset from below and from above; in the middle the ways cancel. Coarse: the difference that most
/// frames agree about. Fine: the median over a stretch, with a line for drift.
struct ClockAlignment {
    /// A frame, by a point's clock.
    struct Sight {
        var identity: UInt64
        var instant: Int64
        var speaker: Int32
        var isNumbered: Bool
        var isAdvertisement: Bool
        /// The place of the file among those of its point, and the frame's number.
        var file: Int
        var number: Int

        init(_ record: Survey.Record, file: Int) {
            (identity, instant, speaker) = (record.identity, record.instant, record.speaker)
            (isNumbered, isAdvertisement, number) = (record.isNumbered, record.isAdvertisement, record.number)
            self.file = file
        }
    }

    /// A frame that both saw: its stamp by the clock in question, and by how much that is ahead.
    struct Match {
        var identity: UInt64
        var instant: Int64
        var ahead: Int64
        var speaker: Int32
        var isNumbered: Bool
        /// Its place among the frames of the point.
        var place: Int
        /// The place of the first frame that bears a stamp of the clock as this one does: where the clock was set between the match
        /// before and this one, a frame that nobody else saw may be the first.
        var start: Int
        /// Whether the clock was set between the match before and this one.
        var isStep = false
        /// Whether the stamps themselves show that it was set.
        var isSeen = false
    }

    /// The width of a vote, in nanoseconds: more than ways and jitter differ.
    private static let bin: Int64 = 50_000_000
    /// The most frames of one identity that vote.
    private static let mostEqual = 512
    private static let mostCandidates = 12
    /// The number of frames that must agree that the clock was set.
    private static let witnesses = 4
    private static let least = 2
    /// The fewest frames that may look alike by which one distance of the clocks is told from all others.
    private static let fewestToDecide = 8
    /// The number of frames by which it has to explain more than any other: a shift by one interval leaves out one at each change of
    /// the sender, and one at an end.
    private static let clearly = 3
    /// The farthest that clocks are apart without better evidence, in nanoseconds: ten minutes.
    private static let farthest: Int64 = 600_000_000_000

    /// The number of frames of a point from which on some of them are enough.
    private static let mostCompared = 8192

    /// The frames of each point, or of more than enough the same ones of every point, by the ends of their identities.
    ///
    /// Frames that bear no number look alike, so that their identities choose none of them.
    static func samples(_ sights: [[Sight]]) -> [[Sight]] {
        let most = sights.map(\.count).max() ?? 0
        guard sights.count > 1, most > mostCompared else { return sights }
        var mask: UInt64 = 1
        while most / Int(mask + 1) > mostCompared { mask = mask << 1 | 1 }
        return sights.map { own in own.filter { !$0.isNumbered || $0.identity >> 32 & mask == 0 } }
    }

    /// In order of identity, then of time.
    private let known: [Sight]
    private let ranges: [UInt64: Range<Int>]
    /// In order of capture.
    private let own: [Sight]
    private let counts: [UInt64: Int]
    private let leap: ClockLeap

    init(_ known: [Sight], _ own: [Sight]) {
        self.known = Self.distinct(known)
        self.own = own
        leap = ClockLeap(own)
        var ranges: [UInt64: Range<Int>] = [:]
        var start = 0
        for index in self.known.indices {
            let isLast = index + 1 == self.known.count || self.known[index + 1].identity != self.known[index].identity
            guard isLast else { continue }
            ranges[self.known[index].identity] = start..<(index + 1)
            start = index + 1
        }
        self.ranges = ranges
        var counts: [UInt64: Int] = [:]
        for sight in Self.distinct(own) where ranges[sight.identity] != nil { counts[sight.identity, default: 0] += 1 }
        self.counts = counts
    }

    /// The sights in order of identity, then of time; of a frame that is in two files of a point, one.
    private static func distinct(_ sights: [Sight]) -> [Sight] {
        var distinct: [Sight] = []
        for sight in sights.sorted(by: { ($0.identity, $0.instant) < ($1.identity, $1.instant) }) {
            if let last = distinct.last, last.identity == sight.identity, last.instant == sight.instant { continue }
            distinct.append(sight)
        }
        return distinct
    }

    /// The frames that both saw, in order; empty where the clocks cannot be compared.
    ///
    /// Frames that look all the same fit at any distance that their sender's interval divides. So they count only where the
    /// captures are of one time or one distance explains them far better than any other, and clocks that are further apart than
    /// minutes need frames that are the only ones of their kind. And where none of those that agree is numbered, most that both
    /// should have seen must agree: announcements of one address look alike whenever they are made.
    func matches() -> [Match] {
        let (matches, isDecided) = mostMatches()
        guard matches.count(where: \.isNumbered) >= Self.least || agrees(matches, atLeast: 0.5) else { return [] }
        let unique = matches.count { counts[$0.identity] == 1 && ranges[$0.identity]?.count == 1 }
        guard let first = matches.first, unique < Self.witnesses else { return matches }
        let isFar = abs(first.ahead) > Self.farthest
        return isFar || (unique < Self.least && !overlap && !isDecided) ? [] : matches
    }

    /// Whether both show one stretch of time, by frames that may look alike whenever they are sent.
    func showOneStretch() -> Bool {
        let (matches, isDecided) = mostMatches()
        return isDecided && abs(matches[0].ahead) <= Self.farthest
    }

    /// Whether at least that share of the frames that lie within the time of both captures, by these matches, is among them.
    private func agrees(_ matches: [Match], atLeast share: Double) -> Bool {
        guard let first = matches.first, let start = known.map(\.instant).min(), let end = known.map(\.instant).max()
        else {
            return false
        }
        let within = own.count { start...end ~= $0.instant &- first.ahead }
        return Double(matches.count) >= Double(within) * share
    }

    /// Whether the captures are of one time by their own clocks.
    private var overlap: Bool {
        guard let first = own.map(\.instant).min(), let last = own.map(\.instant).max(),
            let start = known.map(\.instant).min(), let end = known.map(\.instant).max()
        else { return false }
        return first <= end && start <= last
    }

    /// The frames that both saw by the likeliest distance of the clocks, and whether no other distance comes near.
    ///
    /// Each step of the clock has to explain as many frames as are needed to believe in one.
    private func mostMatches() -> (matches: [Match], isDecided: Bool) {
        let found = candidates().map { follow(from: $0) }.filter { $0.count >= Self.least }
        let worth = found.map { matches in matches.count - matches.count(where: \.isStep) * Self.witnesses }
        guard let most = worth.max() else { return ([], false) }
        let likely = found.indices.filter { worth[$0] * 10 >= most * 9 }
        guard let best = likely.min(by: { Self.unrest(of: found[$0]) < Self.unrest(of: found[$1]) }) else {
            return ([], false)
        }
        let matches = found[best]
        let rival = found.filter { abs($0[0].ahead &- matches[0].ahead) > Self.bin * 4 }.map(\.count).max() ?? 0
        let isDecided =
            matches.count >= Self.fewestToDecide && rival + Self.clearly <= matches.count
            && matches.count * 2 >= min(own.count, known.count) && agrees(matches, atLeast: 0.8)
        return (matches, isDecided)
    }

    // MARK: Coarse

    /// Differences that many frames agree about, in nanoseconds, the most likely first.
    private func candidates() -> [Int64] {
        var votes: [Int64: Double] = [:]
        var seen: [UInt64: Int] = [:]
        for sight in own {
            guard let range = ranges[sight.identity] else { continue }
            seen[sight.identity, default: 0] += 1
            guard seen[sight.identity, default: 0] <= Self.mostEqual else { continue }
            let weight = 1 / Double(max(range.count, counts[sight.identity] ?? 1))
            for other in range.prefix(Self.mostEqual) {
                let ahead = sight.instant &- known[other].instant
                votes[ahead >= 0 ? ahead / Self.bin : (ahead - Self.bin + 1) / Self.bin, default: 0] += weight
            }
        }
        // What lies on the border of two bins counts for both together.
        let scores = votes.map { (bin: $0.key, score: $0.value + (votes[$0.key + 1] ?? 0)) }
        let most = scores.map(\.score).max() ?? 0
        return scores.filter { $0.score >= most * 3 / 4 }.sorted { ($1.score, $0.bin) < ($0.score, $1.bin) }
            .prefix(Self.mostCandidates).map { ($0.bin + 1) * Self.bin }
    }

    /// The unrest of differences from frame to frame: least where the frames are the same ones.
    private static func unrest(of matches: [Match]) -> Int64 {
        var latest: [Int32: Int64] = [:]
        var steps: [Int64] = []
        for match in matches {
            if let before = latest[match.speaker] { steps.append(abs(match.ahead - before)) }
            latest[match.speaker] = match.ahead
        }
        return steps.isEmpty ? .max : median(steps)
    }

    // MARK: Following the clock

    /// Follows the clock through all frames, from one that has about the given difference on.
    private func follow(from ahead: Int64) -> [Match] {
        let anchor = own.indices.first { index in
            nearest(to: ahead, own[index]).map { abs($0 - ahead) <= Self.bin } ?? false
        }
        guard let anchor else { return [] }
        let start = nearest(to: ahead, own[anchor]) ?? ahead
        let before = walk(own.indices.prefix(upTo: anchor).reversed(), from: start, anchor)
        var after = walk(own.indices.suffix(from: anchor), from: start, anchor)
        if before.first?.isStep == true, !after.isEmpty { after[0].isStep = true }
        return placed(Self.inOrder(before) + after)
    }

    /// Turns the matches of a walk backward around: a step lies in front of the later one of two.
    private static func inOrder(_ matches: [Match]) -> [Match] {
        var turned = Array(matches.reversed())
        for index in turned.indices.reversed() {
            let isStep = turned[index].isStep
            turned[index].isStep = false
            if isStep, index + 1 < turned.count { turned[index + 1].isStep = true }
        }
        return turned
    }

    /// The matches with the places at which the clock was set.
    private func placed(_ matches: [Match]) -> [Match] {
        var placed = matches
        for (index, match) in matches.enumerated().dropFirst() where match.isStep {
            let before = matches[index - 1]
            let step = match.ahead &- before.ahead
            placed[index].start = leap.place(between: before.place, and: match.place, step: step)
            placed[index].isSeen = leap.isSeen(between: before.place, and: match.place, step: step)
        }
        return placed
    }

    private func walk(_ indices: some Sequence<Int>, from start: Int64, _ anchor: Int) -> [Match] {
        var (ahead, latest) = (start, anchor)
        var matches: [Match] = []
        /// Frames that say that the clock was set, each of them the only one of its kind.
        var witnesses: [Match] = []
        for index in indices {
            guard let difference = nearest(to: ahead, own[index]) else { continue }
            let sight = own[index]
            let tolerance = Self.bin + min(abs(sight.instant &- own[latest].instant) / 1000, Self.bin * 8)
            var match = Match(
                identity: sight.identity,
                instant: sight.instant,
                ahead: difference,
                speaker: sight.speaker,
                isNumbered: sight.isNumbered,
                place: index,
                start: index
            )
            if abs(difference - ahead) <= tolerance {
                matches.append(match)
                (ahead, latest) = (difference, index)
                if isUnique(sight) { witnesses = [] }
            } else if isUnique(sight) {
                if let last = witnesses.last, abs(last.ahead - difference) > Self.bin { witnesses = [] }
                witnesses.append(match)
                guard witnesses.count >= needed(witnesses[0], behind: latest, ahead) else { continue }
                match = witnesses[0]
                match.isStep = true
                matches += [match] + witnesses.dropFirst()
                (ahead, latest) = (difference, index)
                witnesses = []
            }
        }
        return matches
    }

    /// The number of frames that must agree that the clock was set: fewer where the stamps themselves show that it was.
    private func needed(_ witness: Match, behind place: Int, _ ahead: Int64) -> Int {
        let isBehind = place < witness.place
        let step = isBehind ? witness.ahead &- ahead : ahead &- witness.ahead
        let isSeen = leap.isSeen(
            between: isBehind ? place : witness.place,
            and: isBehind ? witness.place : place,
            step: step
        )
        return isSeen ? Self.least : Self.witnesses
    }

    private func isUnique(_ sight: Sight) -> Bool {
        counts[sight.identity] == 1 && ranges[sight.identity]?.count == 1
    }

    /// The difference of a frame that lies nearest to the given one; `nil` where the other point did not see it.
    private func nearest(to ahead: Int64, _ sight: Sight) -> Int64? {
        guard let range = ranges[sight.identity] else { return nil }
        let wanted = sight.instant &- ahead
        let following = known[range].partitioningIndex { $0.instant >= wanted }
        var best: Int64?
        for place in [following - 1, following] where range.contains(place) {
            let difference = sight.instant &- known[place].instant
            if best == nil || abs(difference - ahead) < abs((best ?? 0) - ahead) { best = difference }
        }
        return best
    }
}

/// The middle one of some numbers, of which there is one at least.
func median(_ numbers: [Int64]) -> Int64 {
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
}
