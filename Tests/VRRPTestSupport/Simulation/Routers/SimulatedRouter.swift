package import VRRPWire

/// A router as a state machine: what it hears and when its timer ends decide what it does, and nothing else.
///
/// It has no clock. Whoever drives it says what time it is, ends its timer at ``deadline``, and takes what it has done
/// from ``outbox``.
package struct SimulatedRouter: Sendable {
    package enum State: Hashable, Sendable {
        /// Not running.
        case off
        /// Running, without a link.
        case fault
        case backup, master
    }

    /// Something that a router does.
    package enum Act: Hashable, Sendable {
        case advertise(SimulatedAdvert)
        case announce(IPAddress)
        /// The next block of announcements is due after that time, by the router's clock.
        case announceAgain(after: TimeSpan)
        /// It calls itself so, as in its log.
        case enter(State)
    }

    package let index: Int
    package let address: IPAddress
    package let mac: MACAddress
    package var daemon: Daemon
    package internal(set) var settings: RouterSettings
    package internal(set) var state = State.off
    /// The priority that it uses: the configured one, or what tracking made of it.
    package internal(set) var priority: UInt8
    /// The number of seconds on the router's own clock that pass in a second.
    let clockRate: Double

    /// The instant at which its timer ends: the next advertisement of a master, the takeover of a Backup.
    package internal(set) var deadline: TimeSpan?
    /// Counts the times that the timer was set.
    package internal(set) var timerGeneration = 0
    /// Counts what makes announcements that are due be forgotten.
    package internal(set) var announcementGeneration = 0
    package var outbox: [Act] = []

    var nextIdentification: UInt16
    /// Whether it never ran; its first start goes on with the series that it was given.
    var isFresh = true
    /// The interval by which a Backup measures the master.
    var learntInterval: TimeSpan
    /// Whether it speaks as a Backup already, or at the next word it hears (keepalived 1.x).
    var claims = false
    /// Whether it has not announced its addresses as a master yet (keepalived 1.x).
    var owesAnnouncements = false
    /// The end of keepalived's `preempt_delay`, once it has begun.
    var preemptFrom: TimeSpan?
    /// A priority that holds from an instant on (keepalived 1.x after a reload).
    var comingPriority: (value: UInt8, from: TimeSpan)?
    /// Until then it is deaf and silent.
    var deafUntil = TimeSpan.zero

    package init(
        index: Int,
        address: IPAddress,
        daemon: Daemon,
        settings: RouterSettings,
        clockRate: Double,
        firstIdentification: UInt16
    ) {
        self.index = index
        self.address = address
        self.daemon = daemon
        self.settings = settings
        self.clockRate = clockRate
        mac = MACAddress(bits: 0x0200_0000_0000 | address.low & 0xffff_ffff)
        priority = settings.priority
        learntInterval = settings.interval
        nextIdentification = firstIdentification
    }

    var sourceMAC: MACAddress {
        daemon.usesVirtualMAC ? .virtualRouter(settings.virtualRouterID, address.family) : mac
    }

    // MARK: Times

    /// Skew_Time (RFC 3768 and RFC 9568 section 6.1).
    var skewTime: TimeSpan {
        let unit = settings.version == 2 ? TimeSpan.seconds(1) : learntInterval
        return rounded(unit * Int64(256 - Int(priority)) / 256)
    }

    /// Master_Down_Interval.
    var masterDownInterval: TimeSpan {
        (settings.version == 2 ? settings.interval : learntInterval) * 3 + skewTime
    }

    private func rounded(_ span: TimeSpan) -> TimeSpan {
        TimeSpan(nanoseconds: span.nanoseconds / daemon.timerStep.nanoseconds * daemon.timerStep.nanoseconds)
    }

    mutating func setTimer(_ span: TimeSpan, from now: TimeSpan) {
        deadline = now + TimeSpan(nanoseconds: Int64(Double(span.nanoseconds) / clockRate))
        timerGeneration += 1
    }

    mutating func stopTimer() {
        deadline = nil
        timerGeneration += 1
    }

    // MARK: Speaking

    mutating func advertise(priority: UInt8) {
        var settings = settings
        if !daemon.knowsPasswords { settings.password = nil }
        outbox.append(
            .advertise(
                SimulatedAdvert(
                    sender: index,
                    source: address,
                    sourceMAC: sourceMAC,
                    priority: priority,
                    identification: nextIdentification,
                    settings: settings
                )
            )
        )
        if nextIdentification == .max, case .counted(let afterLast) = daemon.identification {
            nextIdentification = afterLast
        } else {
            nextIdentification &+= 1
        }
    }

    mutating func announce() {
        for _ in 0..<daemon.announcementRounds { outbox += settings.addresses.map(Act.announce) }
    }

    mutating func announceAgainLater() {
        guard daemon.announcesAgain, settings.announcementDelay > .zero else { return }
        outbox.append(
            .announceAgain(
                after: TimeSpan(nanoseconds: Int64(Double(settings.announcementDelay.nanoseconds) / clockRate))
            )
        )
    }
}
