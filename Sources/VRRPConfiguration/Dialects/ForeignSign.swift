/// A line that only one vendor's configurations have, by the vendors' command references.
struct ForeignSign: Sendable {
    var vendor: String
    /// The words that such a line begins with: `#` fits a number, `*` any word, `text*` what begins so, `*text` what ends so,
    /// and `$` the end of the line.
    private var words: [Substring]

    private init(_ vendor: String, _ pattern: String) {
        self.vendor = vendor
        words = pattern.split(separator: " ")
    }

    /// Whether a line, by its words, is one.
    func fits(_ line: [Substring]) -> Bool {
        if words.last == "$" {
            guard line.count == words.count - 1 else { return false }
        } else if line.count < words.count {
            return false
        }
        return zip(words, line).allSatisfy { Self.fits($0, $1) }
    }

    private static func fits(_ pattern: Substring, _ word: Substring) -> Bool {
        if pattern == "*" { return true }
        if pattern == "#" { return Int(word) != nil }
        if pattern.hasPrefix("*") { return word.hasSuffix(pattern.dropFirst()) }
        if pattern.hasSuffix("*") { return word.hasPrefix(pattern.dropLast()) }
        return pattern == word
    }

    /// The signs, the surest first: vendors have taken over one another's commands.
    static let all: [Self] = [
        (
            "VyOS or EdgeOS",
            [
                "set high-availability vrrp *", "set interfaces ethernet *", "set interfaces bonding *",
                "high-availability {", "ethernet eth* {",
            ]
        ),
        ("Juniper Junos", ["vrrp-group # {", "vrrp-inet6-group # {", "family inet {", "set interfaces * unit #"]),
        ("MikroTik RouterOS", ["/interface*", "/ip *", "/ip/*", "/ipv6*", "/system*", "/routing*"]),
        (
            "Huawei VRP or H3C Comware",
            ["vrrp vrid # *", "vrrp6 vrid # *", "vrrp ipv6 vrid # *", "admin-vrrp vrid # *", "sysname *"]
        ),
        ("Arista EOS", ["vrrp # ipv4 *", "vrrp # priority-level #", "vrrp # advertisement interval #"]),
        ("Cisco NX-OS", ["feature vrrp*", "vrrpv3 # address-family *"]),
        ("Cisco IOS XR", ["router vrrp $", "router hsrp $", "ipv4 address * 255.*", "interface Bundle-Ether*"]),
        (
            "HPE ArubaOS",
            [
                "router vrrp *", "virtual-ip-address *", "vrrp vrid # $", "master-redundancy", "vlan trunk native *",
                "vlan access #",
            ]
        ),
        ("Dell OS10", ["vrrp-group #", "vrrp-ipv6-group #", "virtual-address *"]),
        ("Ruckus or Brocade ICX", ["ip vrrp vrid #", "ip vrrp-extended *", "ipv6 vrrp vrid #"]),
        ("Extreme EXOS", ["create vrrp vlan *", "configure vrrp vlan *", "enable vrrp *"]),
        ("Fortinet FortiOS", ["config vrrp", "config system *", "set vrip *"]),
        ("Check Point Gaia", ["set vrrp *", "add mcvr *", "set mcvr *"]),
        ("NVIDIA Cumulus Linux", ["nv set *", "net add *", "address-virtual *"]),
        ("pfSense or OPNsense", ["<pfsense>", "<opnsense>", "<?xml*"]),
        ("CARP of BSD", ["inet * * * vhid #", "inet * vhid #", "ifconfig_* vhid *", "carpdev *"]),
        (
            "Cisco IOS",
            [
                "ip address * 255.*", "vrrp # timers *", "vrrp # authentication *", "vrrp # track *",
                "vrrp # description *", "vrrp # preempt delay *", "vrrp # address-family *", "vrrp # name *",
                "standby # ip", "standby version #", "fhrp version vrrp *", "interface GigabitEthernet*",
                "interface FastEthernet*", "interface TenGigabitEthernet*", "service timestamps *",
            ]
        ),
        // Several vendors have the same commands, and nothing else in the file tells which of them it is.
        ("a switch or router (EOS, NX-OS, ArubaOS or the like)", ["vrrp # $", "interface Ethernet*", "no switchport"]),
    ].flatMap { vendor, patterns in patterns.map { Self(vendor, $0) } }
}
