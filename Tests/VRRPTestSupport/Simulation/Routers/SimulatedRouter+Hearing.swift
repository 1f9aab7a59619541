package import VRRPWire

extension SimulatedRouter {
    /// The result of a receiver's checks.
    enum Check: Hashable {
        case accepted, rejected
        /// Only the interval of version 2 differs.
        case otherInterval
    }

    /// Whether an advertisement passes the checks (RFC 9568 section 7.1, keepalived `vrrp_check_packet`, FRR
    /// `vrrp_pkt_parse_datagram`).
    func check(_ advert: SimulatedAdvert) -> Check {
        let theirs = advert.settings
        guard settings.isUnicast || theirs.ttl == 255 else { return .rejected }
        guard theirs.version == settings.version else { return .rejected }
        if daemon.ownerIsDeaf, priority == 255 { return .rejected }
        if settings.version == 2, address.family == .ipv4 {
            guard theirs.passwordField == (daemon.knowsPasswords ? settings.passwordField : nil) else {
                return .rejected
            }
        }
        if settings.version == 3, address.family == .ipv4, theirs.checksum != settings.checksum {
            // keepalived with v3_checksum_as_v2 accepts what it reads either way.
            guard daemon.knowsPasswords, settings.checksum == .messageOnly else { return .rejected }
        }
        if daemon.comparesAddresses {
            guard
                theirs.addresses.count == settings.addresses.count,
                settings.addresses.allSatisfy(theirs.addresses.contains)
            else { return .rejected }
        }
        return settings.version == 2 && theirs.interval != settings.interval ? .otherInterval : .accepted
    }

    /// Hears an advertisement.
    package mutating func hear(_ advert: SimulatedAdvert, at now: TimeSpan) {
        // A socket for the group gets nothing that is for the host alone, nor the other way round.
        guard now >= deafUntil, advert.settings.isUnicast == settings.isUnicast else { return }
        takeUpPriority(at: now)
        let check = check(advert)
        switch state {
        case .backup:
            if check == .accepted || (check == .otherInterval && !daemon.backupMindsInterval) {
                hearAsBackup(advert, at: now)
            } else if daemon.waitsAnewOnRejection {
                setTimer(claims ? settings.interval : masterDownInterval, from: now)
            }
        case .master:
            if check == .accepted { hearAsMaster(advert, at: now) }
            if state == .master, daemon.restartsIntervalOnHearing { setTimer(settings.interval, from: now) }
        case .off, .fault: break
        }
    }

    // MARK: Backup

    private mutating func hearAsBackup(_ advert: SimulatedAdvert, at now: TimeSpan) {
        if claims, daemon.honoursInitialMaster, settings.beginsAsMaster {
            // keepalived 1.x in its state GOTO_MASTER takes any word for the signal.
            becomeMaster(at: now)
        } else if advert.priority == 0 {
            setTimer(skewTime, from: now)
        } else if !settings.preempts || advert.priority >= priority || isHeldBack(by: advert, at: now) {
            learntInterval = advert.settings.interval
            setTimer(claims ? settings.interval : masterDownInterval, from: now)
        } else if daemon.preemptsAtOnce {
            claims = true
            advertise(priority: priority)
            setTimer(settings.interval, from: now)
        }
    }

    /// Whether keepalived's `preempt_delay`, which counts from the first lesser advertisement, makes it wait.
    private mutating func isHeldBack(by advert: SimulatedAdvert, at now: TimeSpan) -> Bool {
        guard settings.preemptDelay > .zero else { return false }
        if preemptFrom == nil { preemptFrom = now + settings.preemptDelay }
        return now < preemptFrom ?? now
    }

    // MARK: Master

    private mutating func hearAsMaster(_ advert: SimulatedAdvert, at now: TimeSpan) {
        if advert.priority == 0 {
            advertise(priority: priority)
            // RFC 9568 section 6.4.3: only this answer starts the interval anew.
            setTimer(settings.interval, from: now)
        } else if advert.priority > priority || (advert.priority == priority && advert.source > address) {
            yield(to: advert, at: now)
        } else if advert.source != address {
            answerLesser()
        }
    }

    private mutating func yield(to advert: SimulatedAdvert, at now: TimeSpan) {
        state = .backup
        beginAsBackup(at: now)
        learntInterval = advert.settings.interval
        setTimer(masterDownInterval, from: now)
        announcementGeneration += 1
        outbox.append(.enter(.backup))
    }

    private mutating func answerLesser() {
        guard daemon.answerToLesser != .none else { return }
        advertise(priority: priority)
        guard daemon.answerToLesser == .advertAndAnnouncements, settings.announcesToLesser else { return }
        announce()
        announceAgainLater()
    }
}
