internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension PacketRecord {
    /// The packet on one line, in the manner of tcpdump, without a line break.
    ///
    /// Quiet shows senders and messages only; verbose adds frame number, MAC addresses and IP identification.
    package func text(_ options: TextReport.Options) -> String {
        var parts = [options.time.text(sighting.instant, decimals: 6)]
        if let interface { parts.append(interface.escapedForTerminal) }
        if let tunnel { parts.append(Self.text(of: tunnel, outer)) }
        if !vlans.isEmpty { parts.append("vlan " + vlans.map { "\($0)" }.joined(separator: ".")) }
        if options.isVerbose {
            if let sourceMAC { parts.append("\(sourceMAC)" + (destinationMAC.map { " > \($0)" } ?? "")) }
            parts.append("frame \(sighting.reference.capture):\(sighting.reference.frame)")
        }
        if let ip { parts.append("\(ip.source) > \(ip.destination):") }
        parts.append(details(options).joined(separator: ", "))
        return parts.joined(separator: " ")
    }

    /// `[vxlan:5001 10.0.0.1 > 10.0.0.2]`, with the VLANs outside of the tunnel before it.
    private static func text(of tunnel: Tunnel, _ outer: OuterPath?) -> String {
        var parts: [String] = []
        if let outer, !outer.vlans.isEmpty {
            parts.append("vlan " + outer.vlans.identifiers.map { "\($0)" }.joined(separator: "."))
        }
        parts.append(tunnel.description)
        if let source = outer?.source, let destination = outer?.destination {
            parts.append("\(source) > \(destination)")
        }
        return "[" + parts.joined(separator: " ") + "]"
    }

    private func details(_ options: TextReport.Options) -> [String] {
        var details: [String]
        switch message {
        case .unreadable: details = ["VRRP"]
        case .vrrp(let advertisement): details = advertisement.details(options)
        case .carp(let packet):
            details = [
                "CARPv\(packet.version)", "vhid \(packet.vhid)", "advskew \(packet.advskew)",
                "advbase \(packet.advbase)s",
            ]
        case .arp(let packet): details = packet.details
        case .neighborAdvertisement(let packet): details = packet.details
        case .hsrp(let packet): details = packet.details
        case .glbp(let packet):
            details = ["GLBP hello", "group \(packet.group)", packet.stateName, "prio \(packet.priority)"]
        case .icmpError(let error): details = error.details
        }
        if case .vrrp(let advertisement) = message, let trailer = advertisement.hmacTrailer, !options.isQuiet {
            let lag = trailer.clockLag(behind: sighting.instant)
            let direction = lag < .zero ? "ahead" : "behind"
            details.append("clock \(lag.magnitude.inMilliseconds) \(direction), counter \(trailer.counter)")
        }
        if let stop {
            let place = "\(stop.layer.rawValue.uppercased()) offset \(stop.offset)"
            details.append(options.style.paint("[stopped at \(place): \(stop)]", .warning))
        }
        guard !options.isQuiet, let ip else { return details }
        if let header = ip.authenticationHeader {
            details.append("AH spi 0x\(hexadecimal(UInt64(header.spi), digits: 8)) seq \(header.sequence)")
        }
        if case .vrrp = message { details.append(options.style.paint("ttl \(ip.ttl)", ip.ttl == 255 ? nil : .warning)) }
        if options.isVerbose, let identification = ip.identification { details.append("id \(identification)") }
        return details
    }
}

extension PacketRecord.Advertisement {
    fileprivate func details(_ options: TextReport.Options) -> [String] {
        var details = ["VRRPv\(version)", "vrid \(vrid)", "prio \(priority)" + (priority == 0 ? " (resigns)" : "")]
        guard !options.isQuiet else { return details }
        details.append("intvl " + interval.inExactSeconds.filter { $0 != " " })
        if authentication.kind != .none || authentication.verification != .unchecked {
            let words = "auth " + authentication.text(showsSecrets: options.showsSecrets)
            details.append(options.style.paint(words, authentication.verification == .invalid ? .warning : nil))
        }
        let list = addresses.map(\.description).joined(separator: " ")
        details.append(addressCount == 1 ? "addr \(list)" : "addrs(\(addressCount)) \(list)")
        let number = "0x" + hexadecimal(UInt64(checksum), digits: 4)
        details.append(
            options.style.paint(
                "checksum \(number) \(checksumKind.rawValue)",
                checksumKind == .invalid ? .warning : nil
            )
        )
        if hasCiscoMD5Block {
            details.append("Cisco MD5 digest")
        } else if trailingBytes > 0, hmacTrailer == nil {
            details.append("\(trailingBytes) trailing bytes")
        }
        return details
    }
}

extension ARPPacket {
    fileprivate var details: [String] {
        guard !isGratuitous else { return ["ARP gratuitous \(operationName) \(senderIP) is at \(senderMAC)"] }
        switch operation {
        case 1: return ["ARP request who has \(targetIP), tell \(senderIP) (\(senderMAC))"]
        case 2: return ["ARP reply \(senderIP) is at \(senderMAC), to \(targetIP)"]
        default: return ["ARP operation \(operation) from \(senderIP) (\(senderMAC)) to \(targetIP) (\(targetMAC))"]
        }
    }
}

extension HSRPPacket {
    fileprivate var details: [String] {
        let operation =
            switch operation {
            case .hello: "hello"
            case .coup: "coup"
            case .resign: "resign"
            }
        let address = virtualAddress.map { ["addr \($0)"] } ?? []
        return ["HSRPv\(version) \(operation)", "group \(group)", stateName, "prio \(priority)"] + address
    }
}

extension ICMPError {
    fileprivate var details: [String] {
        let vrid = virtualRouterID.map { ["vrid \($0)"] } ?? []
        return ["ICMP \(words)", "refuses VRRP \(source) > \(destination)"] + vrid
    }
}

extension NeighborAdvertisement {
    fileprivate var details: [String] {
        var flags: [String] = []
        if isRouter { flags.append("router") }
        if isSolicited { flags.append("solicited") }
        if isOverride { flags.append("override") }
        let place = linkLayerAddress.map { " is at \($0)" } ?? ""
        let title = "NA \(isSolicited ? "" : "unsolicited ")\(target)\(place)"
        return [title] + (flags.isEmpty ? [] : ["flags " + flags.joined(separator: " ")])
    }
}
