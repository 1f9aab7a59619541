package import VRRPWire

/// An implementation of VRRP, as the ways in which it differs from others.
///
/// Facts are from the daemons' sources: keepalived's `vrrp.c` and `vrrp_scheduler.c` of the version named, FRR's
/// `vrrpd/vrrp.c`, and RFC 9568 section 6.4; the recordings in the fixtures agree.
package struct Daemon: Hashable, Sendable {
    /// The course of the IPv4 identification.
    package enum Identification: Hashable, Sendable {
        /// From 1 at each start and reload, and up by one for each advertisement.
        ///
        /// Behind the last one comes 0 where a wider number is cut (keepalived 2.0 and later `vrrp_update_pkt`), or 2
        /// (keepalived 1.x `vrrp_build_ip4`).
        case counted(afterLast: UInt16)
        /// Given by the kernel, which adds some for other packets in between.
        case byKernel
    }

    /// The moment at which a new master announces its addresses.
    package enum Announcing: Hashable, Sendable {
        /// Just before its first advertisement (keepalived 2.0 `vrrp_state_master_tx`).
        case beforeFirstAdvert
        /// Just after it (keepalived 2.2 and later, FRR).
        case afterFirstAdvert
        /// Just before its second one (keepalived 1.x).
        case beforeSecondAdvert
    }

    /// Conduct on an advertisement that is lesser than a master's own.
    package enum AnswerToLesser: Hashable, Sendable {
        case none
        /// An advertisement at once; the own cadence goes on (RFC 9568 section 6.4.3).
        case advert
        /// An advertisement at once, from which the next interval counts, and announcements (keepalived
        /// `vrrp_state_master_rx`).
        case advertAndAnnouncements
    }

    package var name: String
    package var identification = Identification.counted(afterLast: 0)
    package var announcing = Announcing.afterFirstAdvert
    /// The number of announcements of each address, in rounds over all addresses (`garp_master_repeat`).
    package var announcementRounds = 5
    /// Whether a second block of announcements follows (`garp_master_delay`).
    package var announcesAgain = true
    package var answerToLesser = AnswerToLesser.advertAndAnnouncements
    /// Whether each advertisement that a master hears starts its interval anew, a rejected one too (keepalived
    /// `vrrp_dispatcher_read`).
    package var restartsIntervalOnHearing = true
    /// Whether a Backup waits for the whole Master_Down_Interval after a rejected advertisement (keepalived 1.x
    /// `vrrp_state_backup`).
    package var waitsAnewOnRejection = false
    /// Whether a Backup minds an unequal interval of version 2; keepalived 1.x then takes the advertisement for a good one.
    package var backupMindsInterval = true
    /// Whether an unequal number of addresses, or an own one that is missing, is a reason to reject.
    package var comparesAddresses = true
    /// Whether it ever uses a password, and rejects those who use none or another.
    package var knowsPasswords = true
    /// Whether an address owner accepts nothing at all (FRR `vrrp_recv_advertisement`).
    package var ownerIsDeaf = false
    /// Whether it answers a lesser advertisement also as a Backup, and calls itself master one interval later (keepalived 1.x
    /// `vrrp_state_backup`).
    package var preemptsAtOnce = false
    /// Whether a router that is configured to begin as master does so after one interval (keepalived 1.x).
    package var honoursInitialMaster = false
    /// Whether a master about to read its configuration anew first repeats the old one (keepalived 2.0 and later
    /// `send_reload_advert_thread`).
    package var advertisesBeforeReload = true
    /// Whether new settings are read by a reload, which starts timers and identification anew; else they are changed as it
    /// runs.
    package var reloads = true
    /// Whether a reload from multicast to unicast or back takes away the instance and makes a new one (keepalived 2.2 and
    /// later `vrrp_exist`).
    package var beginsAnewOnOtherDelivery = true
    /// Whether a changed priority holds an interval after the reload only (keepalived 1.x `restore_vrrp_state`,
    /// `vrrp_update_priority`).
    package var takesUpPriorityLate = false
    /// The number of resignations of a master whose link fails (keepalived: `vrrp_state_leave_master`, then
    /// `vrrp_restore_interface`).
    package var resignationsAtFault = 2
    /// The step in which its timers count.
    package var timerStep = TimeSpan(nanoseconds: 1000)
    /// Whether adverts come from the virtual MAC address.
    package var usesVirtualMAC = false

    /// keepalived 1.3 and 1.4.
    package static let keepalived1: Self = {
        var daemon = Self(name: "keepalived-1.4")
        daemon.identification = .counted(afterLast: 2)
        daemon.announcing = .beforeSecondAdvert
        daemon.waitsAnewOnRejection = true
        daemon.backupMindsInterval = false
        daemon.preemptsAtOnce = true
        daemon.honoursInitialMaster = true
        daemon.advertisesBeforeReload = false
        daemon.beginsAnewOnOtherDelivery = false
        daemon.takesUpPriorityLate = true
        daemon.resignationsAtFault = 1
        return daemon
    }()

    package static let keepalived20: Self = {
        var daemon = Self(name: "keepalived-2.0")
        daemon.announcing = .beforeFirstAdvert
        daemon.beginsAnewOnOtherDelivery = false
        return daemon
    }()

    package static let keepalived22 = Self(name: "keepalived-2.2")

    /// keepalived 2.3 and later.
    package static let keepalived24: Self = {
        var daemon = Self(name: "keepalived-2.4")
        daemon.comparesAddresses = false
        return daemon
    }()

    package static let frr: Self = {
        var daemon = rfc9568
        daemon.name = "frr"
        daemon.answerToLesser = .none
        daemon.ownerIsDeaf = true
        daemon.timerStep = .centiseconds(1)
        return daemon
    }()

    package static let rfc9568: Self = {
        var daemon = Self(name: "rfc9568")
        daemon.identification = .byKernel
        daemon.announcementRounds = 1
        daemon.announcesAgain = false
        daemon.answerToLesser = .advert
        daemon.restartsIntervalOnHearing = false
        daemon.comparesAddresses = false
        daemon.knowsPasswords = false
        daemon.advertisesBeforeReload = false
        daemon.reloads = false
        daemon.resignationsAtFault = 1
        daemon.usesVirtualMAC = true
        return daemon
    }()

    package static let all = [keepalived1, keepalived20, keepalived22, keepalived24, frr, rfc9568]
    package static let keepalived = [keepalived1, keepalived20, keepalived22, keepalived24]
}
