internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// A program that speaks VRRP, by the habits that no other one shares, or by the configuration that was given.
///
/// Here alone findings learn which commands and settings a router has. A vendor whose advertisements look like those of
/// others is not named: a wrong command costs more time than none.
enum Implementation: Hashable, Sendable {
    case keepalived, frr, cisco, mikroTik

    var name: String {
        switch self {
        case .keepalived: "keepalived"
        case .frr: "FRR"
        case .cisco: "Cisco"
        case .mikroTik: "RouterOS"
        }
    }

    /// The commands that show the log.
    var log: String {
        switch self {
        case .keepalived: "`journalctl -u keepalived`"
        case .frr: "`journalctl -u frr`"
        case .cisco: "`show logging`"
        case .mikroTik: "`/log print where topics~\"vrrp\"`"
        }
    }

    /// The command that shows the state of the virtual routers.
    var state: String {
        switch self {
        case .keepalived: "/tmp/keepalived.data, which `kill -USR1 $(cat /run/keepalived.pid)` writes"
        case .frr: "`vtysh -c 'show vrrp'`"
        case .cisco: "`show vrrp`"
        case .mikroTik: "`/interface vrrp print detail`"
        }
    }

    /// The command that shows whether the program runs.
    var service: String {
        switch self {
        case .keepalived: "`systemctl status keepalived`"
        case .frr: "`systemctl status frr`, with vrrpd=yes in /etc/frr/daemons"
        case .cisco, .mikroTik: state
        }
    }

    /// The setting of a virtual router; `nil` where the program has none.
    func setting(_ setting: Setting, vrid: UInt8) -> String? {
        switch self {
        case .keepalived:
            switch setting {
            case .interval: "advert_int"
            case .version: "vrrp_version"
            case .priority: "priority"
            case .addresses: "virtual_ipaddress"
            case .authentication: "auth_type and auth_pass"
            case .checksum: "v3_checksum_as_v2"
            case .preemption: "nopreempt and preempt_delay"
            case .announcements: "garp_master_refresh and garp_master_repeat"
            case .peers: "unicast_peer"
            }
        case .frr:
            switch setting {
            case .interval: "`vrrp \(vrid) advertisement-interval`"
            case .version: "`vrrp \(vrid) version`"
            case .priority: "`vrrp \(vrid) priority`"
            case .addresses: "`vrrp \(vrid) ip`"
            case .checksum: "`vrrp \(vrid) checksum-with-ipv4-pseudoheader`"
            case .preemption: "`no vrrp \(vrid) preempt`"
            case .authentication, .announcements, .peers: nil
            }
        case .cisco:
            switch setting {
            case .interval: "`vrrp \(vrid) timers advertise`"
            case .version: "`fhrp version vrrp`"
            case .priority: "`vrrp \(vrid) priority`"
            case .addresses: "`vrrp \(vrid) ip`"
            case .authentication: "`vrrp \(vrid) authentication`"
            case .preemption: "`no vrrp \(vrid) preempt`"
            case .checksum, .announcements, .peers: nil
            }
        case .mikroTik:
            switch setting {
            case .interval: "`interval=` of `/interface vrrp`"
            case .version: "`version=` of `/interface vrrp`"
            case .priority: "`priority=` of `/interface vrrp`"
            case .addresses: "`/ip address` of the VRRP interface"
            case .authentication: "`authentication=` and `password=` of `/interface vrrp`"
            case .preemption: "`preemption-mode=` of `/interface vrrp`"
            case .checksum, .announcements, .peers: nil
            }
        }
    }

    enum Setting: Hashable, Sendable {
        case interval, version, priority, addresses, authentication, checksum, preemption, announcements, peers

        /// The words where nothing shows the program.
        var words: String {
            switch self {
            case .interval: "the advertisement interval"
            case .version: "the version of VRRP"
            case .priority: "the priority"
            case .addresses: "the virtual addresses"
            case .authentication: "the authentication"
            case .checksum: "the checksum convention"
            case .preemption: "preemption and its delay"
            case .announcements: "the announcements"
            case .peers: "the list of unicast peers"
            }
        }
    }
}

// MARK: - Evidence

extension Implementation {
    /// The number of steps by one from which on a router counts its advertisements.
    private static let fewestSteps = 3
    /// The Type of Service of routing protocols, Internetwork Control (RFC 791 section 3.1).
    private static let internetworkControl: UInt8 = 0xc0
    /// The identification of all of RouterOS's advertisements, measured.
    private static let identificationOfRouterOS: UInt16 = 0x1234

    /// The program that a router's advertisements show; `nil` where they could be another's, too.
    ///
    /// - Parameters:
    ///   - router: the router.
    ///   - observation: what was seen beside its advertisements.
    init?(of router: Router, in observation: Observation) {
        let kinds = router.authentications.map(\.kind)
        // keepalived alone has the trailer (`vrrp_auth_hmac_sign` in vrrp_auth_hmac.c).
        if kinds.contains(.hmac) {
            self = .keepalived
        } else if kinds.contains(.ciscoMD5) || Self.speaksHSRP(router, observation) {
            self = .cisco
        } else if router.address.family == .ipv4, let found = Self.byHeader(of: router) {
            self = found
        } else {
            return nil
        }
    }

    private static func byHeader(of router: Router) -> Self? {
        let (style, series) = (router.style, router.identifications)
        let isVirtual = !router.macs.isEmpty && router.macs.allSatisfy(\.isVirtualRouter)
        let isReal = router.macs.contains { !$0.isVirtualRouter }
        if style.trafficClass == internetworkControl {
            // It makes its own header and counts in it (keepalived, `vrrp_build_ip4` and `vrrp_update_pkt` in vrrp.c). Others
            // that count send from the virtual MAC address.
            if !style.forbidsFragments, isReal, series.counts, series.steps.byOne >= fewestSteps { return .keepalived }
            // It leaves the header to Linux, and sends from a macvlan and by multicast only (FRR, `vrrp_socket` in vrrp.c).
            if style.forbidsFragments, isVirtual, router.deliveries.allSatisfy(\.isMulticast), !series.counts {
                return .frr
            }
        }
        if style.trafficClass == 0, series.isConstant, router.identification == identificationOfRouterOS {
            return .mikroTik
        }
        return nil
    }

    /// Whether a router speaks HSRP or GLBP besides, which Cisco's routers alone do.
    private static func speaksHSRP(_ router: Router, _ observation: Observation) -> Bool {
        observation.otherProtocols.contains { group in
            group.speakers.contains { speaker in
                speaker.address == router.address && speaker.mac.map { router.macs.contains($0) } ?? false
            }
        }
    }
}

// MARK: - Words

/// The words of remedies where the program may be unknown: then they name the commands of each.
extension Implementation? {
    /// The log, with the command that shows it.
    var log: String {
        map(\.log)
            ?? "the log of the VRRP daemon (`journalctl -u keepalived`, `journalctl -u frr`; on a switch or router `show logging`)"
    }

    /// The log and the state, with the commands that show them.
    var logAndState: String {
        map { "\($0.log) and \($0.state)" }
            ?? "the log and state of the VRRP daemon (keepalived: `journalctl -u keepalived`; FRR: `vtysh -c 'show vrrp'`; a "
            + "switch or router: `show vrrp` or `display vrrp`)"
    }

    /// The command that shows the addresses that a router holds.
    var addresses: String {
        switch self {
        case .keepalived, .frr, nil: "`ip addr`"
        case .cisco: "`show vrrp`"
        case .mikroTik: "`/ip address print`"
        }
    }

    /// The command that shows whether the program runs.
    var service: String {
        map(\.service) ?? "`systemctl status keepalived` or `systemctl status frr`; on a switch or router `show vrrp`"
    }

    /// The settings that keep the program running on a busy machine, as a sentence with a blank in front; empty for none.
    var shield: String {
        switch self {
        case .keepalived: " In keepalived.conf vrrp_rt_priority and vrrp_no_swap protect the process."
        case nil: " In keepalived.conf vrrp_rt_priority and vrrp_no_swap protect the process."
        case .frr, .cisco, .mikroTik: ""
        }
    }

    /// The advice for a master that must announce its addresses more often, as a sentence.
    var refresh: String {
        switch self {
        case .keepalived:
            "To prevent this, set garp_master_refresh, garp_lower_prio_repeat or use_vmac in keepalived.conf."
        case nil:
            "To prevent this, let masters announce from time to time, or use the virtual MAC address (keepalived: garp_master_refresh, "
                + "garp_lower_prio_repeat, use_vmac)."
        case .frr, .cisco, .mikroTik: "To prevent this, let all routers send from the virtual MAC address."
        }
    }
}

extension Subject {
    /// The program that a configured router runs.
    static func implementation(of member: ExpectedInstance) -> Implementation? {
        switch member.dialect {
        case .keepalived: .keepalived
        case .frr: .frr
        case .other: nil
        }
    }

    /// The program on a router, by its configuration or else by its advertisements; `nil` where nothing shows it.
    func implementation(of position: Int) -> Implementation? {
        roster?.member(of: position).flatMap(Self.implementation)
            ?? Implementation(of: routers[position], in: observation)
    }

    /// The program that several routers have in common; `nil` where they differ or nothing shows it.
    func implementation(of positions: some Sequence<Int>) -> Implementation? {
        let all = Set(positions.map { implementation(of: $0) })
        return all.count == 1 ? all.first ?? nil : nil
    }

    /// The names of a setting on several routers: `advert_int on 10.0.0.1 and 10.0.0.2 (keepalived)`.
    func settings(_ setting: Implementation.Setting, on positions: [Int]) -> String {
        list(settingsByProgram(setting, on: positions))
    }

    /// The request to make a setting equal: `Set the same advert_int on A and B (keepalived)`, without a full stop.
    ///
    /// - Parameters:
    ///   - setting: the setting, by the name that the program of each router gives it.
    ///   - positions: the routers of this virtual router.
    /// - Returns: a sentence; it names each setting where the routers' programs differ.
    func equalizing(_ setting: Implementation.Setting, on positions: [Int]) -> String {
        let settings = settingsByProgram(setting, on: positions)
        guard settings.count == 1, let one = settings.first else {
            return "Make these settings equal: \(list(settings))"
        }
        return "Set the same \(one.hasPrefix("the ") ? String(one.dropFirst(4)) : one)"
    }

    private func settingsByProgram(_ setting: Implementation.Setting, on positions: [Int]) -> [String] {
        var groups: [(program: Implementation?, positions: [Int])] = []
        for position in positions {
            let program = implementation(of: position)
            if let group = groups.firstIndex(where: { $0.program == program }) {
                groups[group].positions.append(position)
            } else {
                groups.append((program, [position]))
            }
        }
        return groups.map { program, positions in
            let name = program?.setting(setting, vrid: virtualRouter.key.vrid) ?? setting.words
            return "\(name) on \(names(positions))" + (program.map { " (\($0.name))" } ?? "")
        }
    }
}
