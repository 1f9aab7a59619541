/// The words by which daemons say what happened to them.
///
/// The words of keepalived are in vrrp.c, vrrp_scheduler.c, vrrp_track.c, vrrp_daemon.c, keepalived_netlink.c, main.c and
/// process.c, from 1.2.24 to 2.4.3; those of FRR in vrrp.c (`vrrp_change_state`, `vrrp_recv_advertisement`); those of uvrrpd
/// in vrrp_state.c; those of vrrpd in vrrpd.c.
struct Phrase {
    var words: [UInt8]
    var kind: Statement.Kind

    init(_ words: StaticString, _ kind: Statement.Kind) {
        self.words = Array("\(words)".utf8)
        self.kind = kind
    }

    static let keepalived = Array("keepalived".utf8)
    static let vrrp = Array("vrrp".utf8)
    static let initial = Array("(init)".utf8)

    /// In the order in which they are looked for: the first that is in a message tells its kind.
    static let all: [Self] = [
        // States.
        Self("Entering MASTER STATE", .master),
        Self("Transition to MASTER STATE", .master),
        Self("Entering BACKUP STATE", .backup),
        Self("Entering FAULT STATE", .fault),
        Self("Now in FAULT state", .fault),
        Self("we are now the master router", .master),
        Self("we are now a backup router", .backup),
        Self(" -> Master", .master),
        Self(" -> master", .master),
        Self(" -> Backup", .backup),
        Self(" -> backup", .backup),
        Self(" -> Initialize", .initialize),
        // Its life.
        Self("Starting VRRP child process", .started),
        Self("Starting Keepalived", .started),
        Self("VRRP child process(", .died),
        Self("exited due to segmentation fault", .died),
        Self("Stopped Keepalived", .stopped),
        Self("Stopped - used", .stopped),
        Self("Stopping", .stopped),
        Self("Terminating VRRP child process", .stopped),
        Self("Terminating on signal", .stopped),
        Self("Reloading", .reload),
        Self("Got SIGHUP, reloading", .reload),
        // Reasons for a change of state.
        Self("sent 0 priority", .resigned),
        Self("sending 0 priority", .resigned),
        Self("Receive advertisement timeout", .timeout),
        Self("Master_Down_Timer expired", .timeout),
        Self("masterdown_timer expired", .timeout),
        Self("with higher priority", .better),
        Self("with same priority", .better),
        Self("Received higher prio advert", .better),
        Self("; switching to Backup", .better),
        Self("with lower priority", .lesser),
        Self("Received lower prio advert", .lesser),
        Self("received lower priority", .lesser),
        Self("forcing new election", .lesser),
        Self("received priority 0", .timeout),
        Self("Discarding advertisement from", .lesser),
        Self("entering FAULT state", .tracking),
        Self("Changing effective priority", .priority),
        Self("Effective priority =", .priority),
        Self("Setting our priority to", .priority),
        Self("Restoring our priority to", .priority),
        Self("reducing our priority", .priority),
        Self("thread timer expired", .stalled),
        Self("Kernel is reporting: interface", .interface),
        Self("Netlink reports", .interface),
        Self("Linkbeat reports", .interface),
        Self("failed (exited with status", .tracking),
        Self("VRRP_Script(", .tracking),
        Self("now returning", .tracking),
        Self("Quorum lost for tracked process", .tracking),
        Self("Quorum gained for tracked process", .tracking),
        Self("Tracked BFD", .tracking),
        Self("to FAULT state", .tracking),
        Self("to MASTER state", .tracking),
        Self("to BACKUP state", .tracking),
        Self("'Shutdown' event", .stopped),
        Self("'Startup' event", .started),
        // Advertisements that it refuses, complained about once a kind.
        Self("received an invalid passwd", .rejected),
        Self("auth, expecting", .rejected),
        Self("Invalid auth type", .rejected),
        Self("AH header", .rejected),
        Self("IPSEC-AH", .rejected),
        Self("IPSEC AH", .rejected),
        Self("authentication trailer", .rejected),
        Self("authentication HMAC", .rejected),
        Self("authentication key id", .rejected),
        Self("authentication clock skew", .rejected),
        Self("wrong VRRP version", .rejected),
        Self("advertisement interval mismatch", .rejected),
        Self("Invalid packet type", .rejected),
        Self("ip_tot_len mismatch", .rejected),
        Self("Invalid VRRPv", .rejected),
        Self("cast packet but received", .rejected),
        Self("cast packet on", .rejected),
        Self("TTL/HL", .rejected),
        Self("vrrp packet from", .rejected),
        Self("not a unicast peer", .rejected),
        Self("Dropping packet(s)", .rejected),
        Self("bogus VRRP packet", .rejected),
        Self("VIPs but received", .rejected),
        Self("ip address associated with VRID", .rejected),
        Self("Dropping received VRRP packet", .rejected),
        Self("Unknown VRID(", .rejected),
        Self("Datagram invalid", .rejected),
        Self("an invalid advertisement packet", .rejected),
        // Trouble.
        Self("send advert error", .trouble),
        Self("Cant send advert", .trouble),
        Self("Failed to send VRRP Advertisement", .trouble),
        Self("both configured as address owner", .trouble),
        Self("with our IP address", .trouble),
        Self("Delaying VRRP advertisement", .trouble),
    ]
}
