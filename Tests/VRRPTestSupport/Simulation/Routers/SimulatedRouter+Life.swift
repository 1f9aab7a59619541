package import VRRPWire

extension SimulatedRouter {
    /// Begins to run (RFC 9568 section 6.4.1).
    package mutating func start(at now: TimeSpan) {
        if !isFresh { beginCounting() }
        isFresh = false
        priority = settings.priority
        comingPriority = nil
        state = .backup
        beginAsBackup(at: now + settings.startDelay)
        deafUntil = now + settings.startDelay
        if priority == 255 {
            setTimer(.zero, from: deafUntil)
        } else if daemon.honoursInitialMaster, settings.beginsAsMaster {
            claims = true
            setTimer(settings.interval, from: deafUntil)
        } else {
            outbox.append(.enter(.backup))
        }
    }

    /// Ends, with a resignation if it is master.
    package mutating func stop() {
        if state == .master { advertise(priority: 0) }
        kill()
    }

    /// Ends without a word.
    package mutating func kill() {
        state = .off
        stopTimer()
        announcementGeneration += 1
    }

    /// Loses its link; its resignations go nowhere, and count.
    package mutating func loseLink() {
        guard state == .backup || state == .master else { return }
        if state == .master { for _ in 0..<daemon.resignationsAtFault { advertise(priority: 0) } }
        state = .fault
        stopTimer()
        announcementGeneration += 1
        outbox.append(.enter(.fault))
    }

    package mutating func regainLink(at now: TimeSpan) {
        guard state == .fault else { return }
        state = .backup
        beginAsBackup(at: now)
        outbox.append(.enter(.backup))
    }

    /// Is told to read its configuration anew; ``takeUp(_:at:)`` follows when it has.
    package mutating func prepareReload() {
        if state == .master, daemon.advertisesBeforeReload { advertise(priority: priority) }
    }

    /// Takes up new settings.
    package mutating func takeUp(_ new: RouterSettings, at now: TimeSpan) {
        if daemon.reloads, daemon.beginsAnewOnOtherDelivery, new.isUnicast != settings.isUnicast, state == .master {
            advertise(priority: 0)
            state = .backup
            outbox.append(.enter(.backup))
        }
        let hasMore = !Set(new.addresses).isSubset(of: settings.addresses)
        settings = new
        if daemon.takesUpPriorityLate, state != .off, priority != 255, new.priority != 255 {
            comingPriority = (new.priority, now + new.interval)
        } else {
            priority = new.priority
        }
        guard daemon.reloads else {
            if state == .backup { learntInterval = new.interval }
            return
        }
        beginCounting()
        announcementGeneration += 1
        claims = false
        preemptFrom = nil
        learntInterval = new.interval
        switch state {
        case .master:
            if hasMore { announce() }
            setTimer(.zero, from: now)
        case .backup: setTimer(priority == 255 ? .zero : masterDownInterval, from: now)
        case .off, .fault: break
        }
    }

    /// Lets a priority hold whose time has come.
    mutating func takeUpPriority(at now: TimeSpan) {
        guard let coming = comingPriority, now >= coming.from else { return }
        priority = coming.value
        comingPriority = nil
    }

    /// Lets tracking change the priority; it shows in the next advertisement.
    package mutating func track(priority new: UInt8) {
        guard settings.priority != 255 else { return }
        comingPriority = nil
        priority = min(max(new, 1), 254)
    }

    private mutating func beginCounting() {
        if daemon.identification != .byKernel { nextIdentification = 1 }
    }

    mutating func beginAsBackup(at now: TimeSpan) {
        claims = false
        owesAnnouncements = false
        preemptFrom = nil
        learntInterval = settings.interval
        setTimer(masterDownInterval, from: now)
    }
}
