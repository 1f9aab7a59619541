package import VRRPWire

/// A router's configuration of its virtual router.
package struct RouterSettings: Hashable, Sendable {
    package var version: UInt8 = 2
    package var virtualRouterID: UInt8 = 51
    /// 1 to 255; 255 is the address owner's.
    package var priority: UInt8
    package var interval: TimeSpan = .seconds(1)
    package var addresses: [IPAddress]
    /// The password of version 2 over IPv4, at most eight bytes; `nil` for no authentication.
    package var password: String?
    package var preempts = true
    /// keepalived's `preempt_delay`.
    package var preemptDelay = TimeSpan.zero
    /// keepalived's `vrrp_startup_delay`: neither heard nor said is anything until then.
    package var startDelay = TimeSpan.zero
    /// keepalived's `state MASTER`.
    package var beginsAsMaster = false
    /// The others' addresses, where advertisements go to each of them instead of to the group.
    package var peers: [IPAddress] = []
    package var checksum = ChecksumKind.pseudoHeader
    package var ttl: UInt8 = 255
    /// keepalived's `garp_master_delay`; zero for no second block.
    package var announcementDelay = TimeSpan.seconds(5)
    /// Whether a lesser advertisement is answered with announcements too (keepalived's `garp_lower_prio_repeat`).
    package var announcesToLesser = true

    package init(priority: UInt8, addresses: [IPAddress]) {
        self.priority = priority
        self.addresses = addresses
    }

    package var isUnicast: Bool { !peers.isEmpty }

    /// The password as the field of eight bytes (RFC 2338 section 5.3.10).
    var passwordField: UInt64? {
        password.map { text in
            (Array(text.utf8) + Array(repeating: 0, count: 8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}
