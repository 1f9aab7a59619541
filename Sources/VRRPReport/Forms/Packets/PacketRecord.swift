package import VRRPTracker
package import VRRPWire

/// One relevant packet as `decode` shows it: the values of a decoded frame, kept beyond it.
package struct PacketRecord: Sendable {
    /// The kind of a packet; its names are the values of `protocol` in `vrrpwatch.packet/1`.
    package enum Message: Sendable {
        /// A packet of IP protocol 112 whose first eight bytes could not be read.
        case unreadable
        case vrrp(Advertisement)
        case carp(CARPPacket)
        case arp(ARPPacket)
        case neighborAdvertisement(NeighborAdvertisement)
        case hsrp(HSRPPacket)
        case glbp(GLBPPacket)
        case icmpError(ICMPError)
    }

    package struct Advertisement: Sendable {
        package var version: UInt8
        package var vrid: UInt8
        package var priority: UInt8
        package var interval: TimeSpan
        /// The addresses that could be read.
        package var addresses: [IPAddress]
        /// The number of addresses that the header states.
        package var addressCount: Int
        package var authentication: AuthenticationDetails
        package var hmacTrailer: HMACTrailer?
        package var hasCiscoMD5Block: Bool
        package var checksum: UInt16
        package var checksumKind: ChecksumKind
        package var trailingBytes: Int
    }

    package var sighting: Sighting
    /// The interface's name, where the capture has one.
    package var interface: String?
    package var vlans: [UInt16]
    package var tunnel: Tunnel?
    package var outer: OuterPath?
    package var sourceMAC: MACAddress?
    package var destinationMAC: MACAddress?
    package var ip: IPHeader?
    package var message: Message
    package var stop: DecodeError?

    /// Keeps the values of a frame that are shown; `nil` for a frame of other protocols.
    ///
    /// - Parameters:
    ///   - frame: what could be decoded.
    ///   - sighting: when and where it was seen.
    ///   - interface: the interface's name, where it is known.
    ///   - keys: the labels of the passwords seen so far in this run.
    ///   - givenKeys: the labels of the keys that the frame was held against.
    package init?(
        _ frame: borrowing DecodedFrame,
        _ sighting: Sighting,
        interface: String?,
        keys: inout AuthenticationKeys,
        givenKeys: [String] = []
    ) {
        switch frame.payload {
        case .vrrp(let packet):
            var authentication = AuthenticationDetails(
                kind: packet.authentication,
                verification: sighting.verification,
                givenKeys: givenKeys
            )
            if let header = frame.ip { authentication.note(spi: header.authenticationHeader?.spi, from: header.source) }
            message = .vrrp(Advertisement(packet, authentication, keys: &keys))
        case .carp(let packet): message = .carp(packet)
        case .arp(let packet): message = .arp(packet)
        case .neighborAdvertisement(let packet): message = .neighborAdvertisement(packet)
        case .hsrp(let packet): message = .hsrp(packet)
        case .glbp(let packet): message = .glbp(packet)
        case .icmpError(let error): message = .icmpError(error)
        case .none:
            guard frame.stop != nil, let header = frame.ip else { return nil }
            guard header.payloadProtocol == .vrrp || header.payloadProtocol == .ah else { return nil }
            message = .unreadable
        }
        self.sighting = sighting
        self.interface = interface
        vlans = frame.vlans.identifiers
        tunnel = frame.tunnel
        outer = frame.outer
        sourceMAC = frame.sourceMAC
        destinationMAC = frame.destinationMAC
        ip = frame.ip
        stop = frame.stop
    }

    /// The name of the protocol.
    package var protocolName: String {
        switch message {
        case .unreadable, .vrrp: "vrrp"
        case .carp: "carp"
        case .arp: "arp"
        case .neighborAdvertisement: "nd"
        case .hsrp: "hsrp"
        case .glbp: "glbp"
        case .icmpError: "icmp"
        }
    }
}

extension PacketRecord.Advertisement {
    fileprivate init(
        _ packet: borrowing VRRPPacket,
        _ authentication: AuthenticationDetails,
        keys: inout AuthenticationKeys
    ) {
        self.authentication = authentication
        hmacTrailer = packet.hmacTrailer
        hasCiscoMD5Block = packet.hasCiscoMD5Block
        version = packet.version
        vrid = packet.virtualRouterID
        priority = packet.priority
        interval = packet.advertisementInterval
        var addresses: [IPAddress] = []
        for index in 0..<packet.readableAddressCount { addresses.append(packet.address(at: index)) }
        self.addresses = addresses
        addressCount = packet.addressCount
        if authentication.kind == .simpleText, let secret = packet.authenticationData {
            self.authentication.key = keys.key(for: secret)
        }
        self.authentication.keyID = hmacTrailer?.keyID
        checksum = packet.checksum
        checksumKind = packet.checksumKind
        trailingBytes = packet.trailingByteCount
    }
}
