internal import VRRPTracker
internal import VRRPWire

extension PacketRecord {
    /// The packet as `vrrpwatch.packet/1`.
    package var json: JSONValue {
        .object([
            ("schema", .string("vrrpwatch.packet/1")),
            ("capture", JSONValue(sighting.reference.capture)),
            ("frame", JSONValue(sighting.reference.frame)),
            ("time", JSONValue(sighting.instant)),
            ("interface", JSONValue(interface)),
            ("vlans", .array(vlans.map { JSONValue($0) })),
            ("tunnel", JSONValue(tunnel?.description)),
            ("sourceMAC", JSONValue(sourceMAC)),
            ("destinationMAC", JSONValue(destinationMAC)),
            ("source", JSONValue(ip?.source.description)),
            ("destination", JSONValue(ip?.destination.description)),
            ("ttl", JSONValue(ip?.ttl)),
            ("ipID", JSONValue(ip?.identification)),
            ("protocol", .string(protocolName)),
            ("vrrp", advertisementJSON),
            ("arp", arpJSON),
            ("nd", neighborAdvertisementJSON),
            ("carp", carpJSON),
            ("stop", stopJSON),
            ("outer", outerJSON),
        ])
    }

    private var outerJSON: JSONValue {
        guard let outer else { return .null }
        return .object([
            ("source", JSONValue(outer.source?.description)),
            ("destination", JSONValue(outer.destination?.description)),
            ("vlans", .array(outer.vlans.identifiers.map { JSONValue($0) })),
        ])
    }

    private var advertisementJSON: JSONValue {
        guard case .vrrp(let advertisement) = message else { return .null }
        return .object([
            ("version", JSONValue(advertisement.version)),
            ("vrid", JSONValue(advertisement.vrid)),
            ("priority", JSONValue(advertisement.priority)),
            ("advertIntervalMs", JSONValue(advertisement.interval)),
            ("addresses", JSONValue(advertisement.addresses)),
            ("authentication", .object(advertisement.authentication.members + trailerMembers(of: advertisement))),
            ("checksum", .string("0x" + hexadecimal(UInt64(advertisement.checksum), digits: 4))),
            ("checksumKind", .string(advertisement.checksumKind.rawValue)),
            ("ah", authenticationHeaderJSON),
            ("trailingBytes", JSONValue(advertisement.trailingBytes)),
        ])
    }

    private var authenticationHeaderJSON: JSONValue {
        guard let header = ip?.authenticationHeader else { return .null }
        let isSource = ip.map { $0.source.family == .ipv4 && UInt64(header.spi) == $0.source.low }
        return .object([
            ("spi", JSONValue(header.spi)),
            ("sequence", JSONValue(header.sequence)),
            ("spiIsSource", isSource.map(JSONValue.boolean) ?? .null),
        ])
    }

    /// The data behind the message: keepalived's trailer, Cisco's digest.
    private func trailerMembers(of advertisement: Advertisement) -> [(String, JSONValue)] {
        let trailer = advertisement.hmacTrailer.map { trailer in
            JSONValue.object([
                ("time", JSONValue(sighting.instant - trailer.clockLag(behind: sighting.instant))),
                ("counter", JSONValue(trailer.counter)),
                ("layout", JSONValue(trailer.hasFraction ? SenderClock.Layout.fraction.rawValue : nil)),
                ("lagMs", JSONValue(trailer.clockLag(behind: sighting.instant))),
            ])
        }
        return [("trailer", trailer ?? .null), ("ciscoMD5", .boolean(advertisement.hasCiscoMD5Block))]
    }

    private var arpJSON: JSONValue {
        guard case .arp(let packet) = message else { return .null }
        return .object([
            ("operation", .string(packet.operationName)),
            ("senderMAC", JSONValue(packet.senderMAC)),
            ("senderIP", .string(packet.senderIP.description)),
            ("targetMAC", JSONValue(packet.targetMAC)),
            ("targetIP", .string(packet.targetIP.description)),
            ("gratuitous", .boolean(packet.isGratuitous)),
        ])
    }

    private var neighborAdvertisementJSON: JSONValue {
        guard case .neighborAdvertisement(let packet) = message else { return .null }
        return .object([
            ("target", .string(packet.target.description)),
            ("router", .boolean(packet.isRouter)),
            ("solicited", .boolean(packet.isSolicited)),
            ("override", .boolean(packet.isOverride)),
            ("linkLayerAddress", JSONValue(packet.linkLayerAddress)),
        ])
    }

    private var carpJSON: JSONValue {
        guard case .carp(let packet) = message else { return .null }
        return .object([
            ("version", JSONValue(packet.version)),
            ("vhid", JSONValue(packet.vhid)),
            ("advskew", JSONValue(packet.advskew)),
            ("advbase", JSONValue(packet.advbase)),
        ])
    }

    private var stopJSON: JSONValue {
        guard let stop else { return .null }
        return .object([
            ("layer", .string(stop.layer.rawValue)), ("offset", JSONValue(stop.offset)),
            ("reason", .string(stop.description)),
        ])
    }
}

extension ARPPacket {
    /// `request`, `reply`, or the number.
    var operationName: String {
        switch operation {
        case 1: "request"
        case 2: "reply"
        default: String(operation)
        }
    }
}
