internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The masters of a virtual router in the last minutes, one mark for each ``slot``.
///
/// A mark is a router's letter, `!` for several masters, `-` for none, `?` for a time that nothing shows, and a space for
/// the time before the first advertisement. Slots begin at whole multiples of their length, so that the marks keep their
/// contents while time goes on.
struct RecentMasters: Sendable {
    /// The time that a mark stands for.
    static let slot = TimeSpan.seconds(5)
    /// The number of marks that a row of the list has at most.
    static let inRow = 24

    /// The latest of ``marks``, as a number of slots since the epoch.
    private var latest: Int64
    /// A byte a mark.
    private var marks: String

    /// Draws up the last marks of a timeline.
    ///
    /// - Parameters:
    ///   - timeline: the timeline.
    ///   - now: the instant of the latest mark.
    ///   - count: the number of marks.
    init(_ timeline: [TimelineInterval], until now: CaptureInstant, count: Int) {
        let latest = Self.number(now)
        let first = latest - Int64(count) + 1
        var marks = [Character](repeating: " ", count: count)
        for interval in timeline.reversed() {
            let begin = Self.number(interval.start)
            let last = max(interval.start.nanoseconds, interval.end.nanoseconds - 1) / Self.slot.nanoseconds
            let end = min(latest, last)
            guard end >= first else { break }
            guard begin <= end else { continue }
            for number in max(begin, first)...end {
                let place = Int(number - first)
                marks[place] = Self.graver(Self.mark(interval), marks[place])
            }
        }
        self.latest = latest
        self.marks = String(marks)
    }

    /// Draws up the marks up to a later instant.
    ///
    /// - Parameters:
    ///   - now: the instant.
    ///   - lastHeard: the instant up to which all went on as it was.
    ///   - before: the mark of the time up to then.
    ///   - since: the mark of the time from then on.
    /// - Returns: as many marks as were asked for at first.
    func text(at now: CaptureInstant, lastHeard: CaptureInstant, before: Character, since: Character) -> String {
        let later = max(0, min(Self.number(now) - latest, Int64(marks.utf8.count)))
        let heard = Self.number(lastHeard)
        let added = (0..<later).map { step in
            Self.number(now) - later + 1 + step <= heard ? before : since
        }
        var all = Array(marks).dropFirst(Int(later)) + added
        // What goes on now shows at once, and not from the next slot on.
        if let last = all.popLast() { all.append(Self.graver(since, last)) }
        return String(all)
    }

    var text: String { marks }

    private static func number(_ instant: CaptureInstant) -> Int64 { instant.nanoseconds / slot.nanoseconds }

    // MARK: Marks

    static func mark(_ interval: TimelineInterval) -> Character {
        switch interval.state {
        case .master: letter(interval.masters.first ?? 0)
        case .split: "!"
        case .none: "-"
        case .notObserved, .uncertain: "?"
        }
    }

    /// The letter of a router, by its position in its virtual router.
    static func letter(_ router: Int) -> Character {
        Character(UnicodeScalar(UInt8(ascii: "A") + UInt8(router % 26)))
    }

    /// The graver of two marks for one place; of two masters the later one, which is there already.
    private static func graver(_ mark: Character, _ present: Character) -> Character {
        let order: [Character] = ["!", "-", "?"]
        let rank = { (mark: Character) in order.firstIndex(of: mark) ?? (mark == " " ? 9 : 8) }
        return rank(mark) < rank(present) ? mark : present
    }
}
