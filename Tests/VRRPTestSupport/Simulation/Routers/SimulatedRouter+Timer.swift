package import VRRPWire

extension SimulatedRouter {
    /// Does what is due when the timer ends.
    package mutating func timerEnded(at now: TimeSpan) {
        takeUpPriority(at: now)
        switch state {
        case .backup: becomeMaster(at: now)
        case .master:
            if owesAnnouncements { announceAsNewMaster() }
            advertise(priority: priority)
            setTimer(settings.interval, from: now)
        case .off, .fault: break
        }
    }

    /// Sends the second block of announcements.
    package mutating func announceAgain() {
        if state == .master { announce() }
    }

    mutating func becomeMaster(at now: TimeSpan) {
        state = .master
        claims = false
        switch daemon.announcing {
        case .beforeFirstAdvert:
            outbox.append(.enter(.master))
            announceAsNewMaster()
            advertise(priority: priority)
        case .afterFirstAdvert:
            advertise(priority: priority)
            outbox.append(.enter(.master))
            announceAsNewMaster()
        case .beforeSecondAdvert:
            advertise(priority: priority)
            outbox.append(.enter(.master))
            owesAnnouncements = true
        }
        setTimer(settings.interval, from: now)
    }

    private mutating func announceAsNewMaster() {
        owesAnnouncements = false
        announce()
        announceAgainLater()
    }
}
