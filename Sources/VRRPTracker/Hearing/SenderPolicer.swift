internal import VRRPWire

/// Decides which advertisements are judged where more come than a program can judge that must keep up with the wire.
///
/// Whoever was heard before is heard again, up to a pace that no router exceeds. Of senders that are not known, so many a second are
/// let in; a crowd takes these places, so some are kept for hardware that brought no crowd. Only the frames and their times
/// decide, so the same frames are always judged alike.
struct SenderPolicer: Sendable {
    /// The advertisements of one sender in its interval: one for each of many unicast peers, and copies of them.
    private static let eachInterval: Int64 = 32
    /// The bounds of the interval that counts: the sender itself states it.
    private static let shortestInterval = TimeSpan.milliseconds(100)
    private static let longestInterval = TimeSpan.seconds(1)
    /// The intervals in which a sender must be heard to keep its place against new ones.
    private static let established: UInt8 = 3
    /// New senders of one MAC address lately, beyond which it brings a crowd.
    private static let crowd = 8

    /// The senders that were heard, in sets of ``ways`` by their hash.
    private var senders: [Sender]
    private static let ways = 8
    private static let sets = 2048
    /// New senders by MAC address, in two rows, so that two addresses seldom share both counts.
    private var newByMAC: [FadingCount]
    private static let rowLength = 1024
    private var anybody = Pace(of: 512, atOnce: 2048)
    private var seldom = Pace(of: 256, atOnce: 512)

    init() {
        senders = Array(repeating: Sender(), count: Self.ways * Self.sets)
        newByMAC = Array(repeating: FadingCount(), count: 2 * Self.rowLength)
    }

    /// Whether an advertisement is to be judged; instants must not decrease from call to call.
    mutating func admits(_ frame: borrowing DecodedFrame, interface: Int, at instant: CaptureInstant) -> Bool {
        guard case .vrrp(let packet) = frame.payload, let source = frame.ip?.source else { return true }
        let mac = Self.mixed(frame.sourceMAC?.bits ?? 0)
        let place = frame.vlans.hashWord ^ UInt64(truncatingIfNeeded: interface) << 40
        let hash = Self.mixed(Self.mixed(source.low ^ source.high ^ mac) ^ place ^ UInt64(packet.virtualRouterID) << 56)
        let first = Int(truncatingIfNeeded: hash % UInt64(Self.sets)) * Self.ways
        let interval = min(max(packet.advertisementInterval, Self.shortestInterval), Self.longestInterval)
        for index in first..<first + Self.ways where senders[index].hash == hash {
            return senders[index].takes(at: instant, interval, interval / Self.eachInterval)
        }
        guard letsIn(newOf: mac, at: instant) else { return false }
        let ranks = (first..<first + Self.ways).map { (senders[$0].matters(Self.established), $0) }
        if let least = ranks.min(by: { $0.0 < $1.0 }) { senders[least.1] = Sender(hash, at: instant) }
        return true
    }

    /// Whether a sender that is not known is let in.
    private mutating func letsIn(newOf mac: UInt64, at instant: CaptureInstant) -> Bool {
        let (one, other) = (
            Int(mac % UInt64(Self.rowLength)), Int((mac >> 32) % UInt64(Self.rowLength)) + Self.rowLength
        )
        let count = min(newByMAC[one].add(at: instant), newByMAC[other].add(at: instant))
        if anybody.takes(at: instant) { return true }
        return count <= Self.crowd && seldom.takes(at: instant)
    }

    private static func mixed(_ word: UInt64) -> UInt64 {
        let mixed = (word ^ word >> 31) &* 0x9e37_79b9_7f4a_7c15
        return (mixed ^ mixed >> 29) &* 0xff51_afd7_ed55_8ccd
    }
}

/// A sender that was let in.
private struct Sender: Sendable {
    private(set) var hash: UInt64 = 0
    /// The instant up to which its advertisements are spent in advance.
    private var spent = CaptureInstant.distantPast
    /// The instant at which an interval was counted last.
    private var counted = CaptureInstant.distantPast
    /// The intervals in which it was heard, as far as they matter.
    private var intervals: UInt8 = 0

    init() {}

    init(_ hash: UInt64, at instant: CaptureInstant) {
        self.hash = hash
        spent = instant
        counted = instant
    }

    /// The measure by which it keeps its place: whether it was heard again and again, and how lately it was.
    func matters(_ established: UInt8) -> (Int, CaptureInstant) { (intervals >= established ? 1 : 0, counted) }

    /// Whether it may send another one at an instant: one each `step`, and those of an interval at once.
    mutating func takes(at instant: CaptureInstant, _ interval: TimeSpan, _ step: TimeSpan) -> Bool {
        if instant - counted >= interval / 2 {
            counted = instant
            intervals = intervals == .max ? intervals : intervals + 1
        }
        guard spent - instant <= interval else { return false }
        spent = max(spent, instant) + step
        return true
    }
}

/// So many of a kind in a second, and so many at once.
private struct Pace: Sendable {
    private let step: TimeSpan
    private let reserve: TimeSpan
    private var spent = CaptureInstant.distantPast

    init(of perSecond: Int64, atOnce: Int64) {
        step = TimeSpan.seconds(1) / perSecond
        reserve = step * atOnce
    }

    mutating func takes(at instant: CaptureInstant) -> Bool {
        guard spent - instant <= reserve else { return false }
        spent = max(spent, instant) + step
        return true
    }
}

/// A count of which half is forgotten in each second.
private struct FadingCount: Sendable {
    private var count: UInt16 = 0
    private var second: Int64 = 0

    /// Counts one more, and returns how many there are.
    mutating func add(at instant: CaptureInstant) -> Int {
        let now = instant.nanoseconds / 1_000_000_000
        count = now - second < 16 ? count >> UInt16(now - second) : 0
        second = now
        if count < .max { count += 1 }
        return Int(count)
    }
}
