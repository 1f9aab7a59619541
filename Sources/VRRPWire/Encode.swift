// The inverse of decoding: frames from what they say, for tests, examples and tools that send.

/// A VRRP advertisement in an Ethernet frame.
///
/// Every field can be set, also to what no router would send. What is not asked for is as keepalived sends it: multicast,
/// TTL 255, no authentication.
package struct AdvertisementFrame: Hashable, Sendable {
    package enum Authentication: Hashable, Sendable {
        case none
        /// A password of eight bytes as a big-endian number (RFC 2338 section 5.3.10).
        case simpleText(UInt64)
        /// An IP Authentication Header in front, and Auth Type 2 in version 2.
        case ah(spi: UInt32, sequence: UInt32, integrityValue: [UInt8])
        /// Any Auth Type, with zeros as its data.
        case type(UInt8)
    }

    package var sourceMAC: MACAddress
    package var destinationMAC: MACAddress
    package var vlans: [UInt16] = []
    package var source: IPAddress
    package var destination: IPAddress
    /// TTL, or hop limit.
    package var ttl: UInt8 = 255
    /// The IPv4 identification; IPv6 has none.
    package var identification: UInt16 = 0
    package var version: UInt8
    package var type: UInt8 = 1
    package var virtualRouterID: UInt8
    package var priority: UInt8
    /// Sent in whole seconds by version 2, in centiseconds by version 3; what a field cannot hold is cut off.
    package var interval: TimeSpan
    package var addresses: [IPAddress]
    /// What the count field claims where it is not the number of ``addresses``.
    package var claimedAddressCount: UInt8?
    package var authentication: Authentication = .none
    /// Which convention the checksum follows.
    ///
    /// Three exist for version 3 over IPv4, where ``ChecksumKind/valid`` means the pseudo-header; elsewhere there is one,
    /// and only ``ChecksumKind/invalid`` differs from it.
    package var checksumKind: ChecksumKind = .valid
    /// Bytes behind the message that the IP length includes.
    package var trailer: [UInt8] = []
    /// Whether the frame is filled to the 60 bytes that Ethernet sends at least.
    package var isPadded = false

    package init(
        from source: IPAddress,
        version: UInt8,
        virtualRouterID: UInt8,
        priority: UInt8,
        interval: TimeSpan = .seconds(1),
        addresses: [IPAddress]
    ) {
        self.source = source
        self.version = version
        self.virtualRouterID = virtualRouterID
        self.priority = priority
        self.interval = interval
        self.addresses = addresses
        sourceMAC = .virtualRouter(virtualRouterID, source.family)
        destination = source.family == .ipv4 ? .vrrpMulticastIPv4 : .vrrpMulticastIPv6
        destinationMAC = .multicast(for: destination)
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        ethernet(from: sourceMAC, to: destinationMAC, vlans, source.etherType, packet, isPadded: isPadded)
    }

    /// The IP packet.
    package var packet: [UInt8] {
        var payload = message + trailer
        var next = IPProtocol.vrrp
        if case .ah(let spi, let sequence, let integrityValue) = authentication {
            // RFC 4302 section 2: its length in words, less two.
            var header: [UInt8] = [next.rawValue, UInt8(truncatingIfNeeded: (12 + integrityValue.count) / 4 - 2), 0, 0]
            header.append(bigEndian: spi)
            header.append(bigEndian: sequence)
            payload = header + integrityValue + payload
            next = .ah
        }
        // 0xc0 is Internetwork Control, as keepalived and FRR mark their advertisements.
        return ip(
            from: source,
            to: destination,
            next,
            ttl: ttl,
            trafficClass: 0xc0,
            identification: identification,
            payload
        )
    }

    /// The VRRP message with its checksum.
    package var message: [UInt8] {
        var bytes = uncheckedMessage
        let sum = checksum(of: bytes)
        bytes[6] = UInt8(sum >> 8)
        bytes[7] = UInt8(sum & 0xff)
        return bytes
    }

    private var uncheckedMessage: [UInt8] {
        var bytes: [UInt8] = [version << 4 | type & 0xf, virtualRouterID, priority]
        bytes.append(claimedAddressCount ?? UInt8(truncatingIfNeeded: addresses.count))
        if version == 2 {
            bytes.append(authenticationType)
            bytes.append(UInt8(truncatingIfNeeded: interval.nanoseconds / 1_000_000_000))
        } else {
            bytes.append(bigEndian: UInt16(truncatingIfNeeded: interval.nanoseconds / 10_000_000) & 0xfff)
        }
        bytes.append(bigEndian: UInt16(0))
        for address in addresses { bytes.append(address) }
        if version == 2, source.family == .ipv4 {
            if case .simpleText(let password) = authentication {
                bytes.append(bigEndian: password)
            } else {
                bytes.append(bigEndian: UInt64(0))
            }
        }
        return bytes
    }

    private var authenticationType: UInt8 {
        switch authentication {
        case .none: 0
        case .simpleText: 1
        case .ah: 2
        case .type(let type): type
        }
    }

    // MARK: Checksum

    private func checksum(of message: [UInt8]) -> UInt16 {
        var plain = InternetChecksum()
        plain.add(message.span)
        guard source.family == .ipv4 else {
            // keepalived's trailer is inside the sum over IPv6 only.
            plain.add(trailer.span)
            let right = ~withPseudoHeader(plain, to: destination, length: message.count + trailer.count).folded
            return checksumKind == .invalid ? right ^ 0x5555 : right
        }
        let messageOnly = ~plain.folded
        guard version == 3 else { return checksumKind == .invalid ? messageOnly ^ 0x5555 : messageOnly }
        let pseudo = ~withPseudoHeader(plain, to: destination, length: message.count).folded
        let multicast = ~withPseudoHeader(plain, to: .vrrpMulticastIPv4, length: message.count).folded
        switch checksumKind {
        case .messageOnly: return messageOnly
        case .multicastPseudoHeader: return multicast
        case .valid, .pseudoHeader, .unknown: return pseudo
        case .invalid:
            // Zero and 0xffff are one number in ones' complement, so neither is tried.
            let right = [messageOnly, pseudo, multicast]
            return (1...4).first { !right.contains($0) } ?? 5
        }
    }

    private func withPseudoHeader(
        _ sum: InternetChecksum,
        to destination: IPAddress,
        length: Int
    ) -> InternetChecksum {
        var sum = sum
        sum.add(source)
        sum.add(destination)
        sum.add(Int(IPProtocol.vrrp.rawValue))
        sum.add(length)
        return sum
    }
}

/// An ARP packet for IPv4 in an Ethernet frame.
package struct ARPFrame: Hashable, Sendable {
    package var sourceMAC: MACAddress
    package var destinationMAC: MACAddress
    package var vlans: [UInt16] = []
    /// 1 request, 2 reply.
    package var operation: UInt16
    package var senderMAC: MACAddress
    package var senderIP: IPAddress
    package var targetMAC: MACAddress
    package var targetIP: IPAddress
    package var isPadded = false

    /// The gratuitous request by which keepalived announces an address.
    package static func announcement(of address: IPAddress, at mac: MACAddress) -> Self {
        Self(
            sourceMAC: mac,
            destinationMAC: .broadcast,
            operation: 1,
            senderMAC: mac,
            senderIP: address,
            targetMAC: .broadcast,
            targetIP: address
        )
    }

    /// The answer to a host that asked for an address.
    package static func reply(
        _ address: IPAddress,
        at mac: MACAddress,
        to host: IPAddress,
        at hostMAC: MACAddress
    ) -> Self {
        Self(
            sourceMAC: mac,
            destinationMAC: hostMAC,
            operation: 2,
            senderMAC: mac,
            senderIP: address,
            targetMAC: hostMAC,
            targetIP: host
        )
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        // Ethernet, IPv4, and the lengths of their addresses (RFC 826).
        var packet: [UInt8] = [0, 1, 8, 0, 6, 4]
        packet.append(bigEndian: operation)
        packet.append(senderMAC)
        packet.append(senderIP)
        packet.append(targetMAC)
        packet.append(targetIP)
        return ethernet(from: sourceMAC, to: destinationMAC, vlans, 0x0806, packet, isPadded: isPadded)
    }
}

/// An IPv6 Neighbor Advertisement in an Ethernet frame.
package struct NeighborAdvertisementFrame: Hashable, Sendable {
    package var sourceMAC: MACAddress
    package var destinationMAC: MACAddress
    package var vlans: [UInt16] = []
    package var source: IPAddress
    package var destination: IPAddress
    package var target: IPAddress
    package var isRouter = false
    package var isSolicited = false
    package var isOverride = true
    /// The Target Link-Layer Address option; left out where `nil`.
    package var linkLayerAddress: MACAddress?

    /// The unsolicited advertisement by which keepalived announces an address to all nodes.
    package static func announcement(of address: IPAddress, at mac: MACAddress) -> Self {
        Self(
            sourceMAC: mac,
            destinationMAC: .multicast(for: .allNodes),
            source: address,
            destination: .allNodes,
            target: address,
            linkLayerAddress: mac
        )
    }

    /// The answer to a host that asked for an address.
    package static func reply(
        _ address: IPAddress,
        at mac: MACAddress,
        to host: IPAddress,
        at hostMAC: MACAddress
    ) -> Self {
        Self(
            sourceMAC: mac,
            destinationMAC: hostMAC,
            source: address,
            destination: host,
            target: address,
            isSolicited: true,
            linkLayerAddress: mac
        )
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        // RFC 4861 section 4.4.
        let flags: UInt8 = (isRouter ? 0x80 : 0) | (isSolicited ? 0x40 : 0) | (isOverride ? 0x20 : 0)
        var message: [UInt8] = [NeighborAdvertisement.messageType, 0, 0, 0, flags, 0, 0, 0]
        message.append(target)
        if let linkLayerAddress {
            message += [2, 1]
            message.append(linkLayerAddress)
        }
        var sum = InternetChecksum()
        sum.add(message.span)
        sum.add(source)
        sum.add(destination)
        sum.add(Int(IPProtocol.icmpv6.rawValue))
        sum.add(message.count)
        message[2] = UInt8(~sum.folded >> 8)
        message[3] = UInt8(~sum.folded & 0xff)
        let packet = ip(
            from: source,
            to: destination,
            .icmpv6,
            ttl: 255,
            trafficClass: 0,
            identification: 0,
            message
        )
        return ethernet(from: sourceMAC, to: destinationMAC, vlans, source.etherType, packet, isPadded: false)
    }
}

/// A CARP advertisement in an Ethernet frame.
package struct CARPFrame: Hashable, Sendable {
    package var vlans: [UInt16] = []
    package var source: IPAddress
    package var vhid: UInt8
    package var advskew: UInt8 = 0
    /// Seconds.
    package var advbase: UInt8 = 1
    package var counter: UInt64 = 0
    /// The HMAC-SHA1, 20 bytes; zeros where it is shorter.
    package var digest: [UInt8] = []
    package var isPadded = false

    package init(from source: IPAddress, vhid: UInt8) {
        self.source = source
        self.vhid = vhid
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        let destination = source.family == .ipv4 ? IPAddress.vrrpMulticastIPv4 : .vrrpMulticastIPv6
        let packet = ip(
            from: source,
            to: destination,
            .vrrp,
            ttl: 255,
            trafficClass: 0x10,
            identification: 0,
            isFragmentable: false,
            message
        )
        return ethernet(
            // CARP uses VRRP's virtual MAC address of IPv4 in both families.
            from: .virtualRouter(vhid, .ipv4),
            to: .multicast(for: destination),
            vlans,
            source.etherType,
            packet,
            isPadded: isPadded
        )
    }

    /// The CARP message with its checksum (`sys/netinet/ip_carp.h`).
    package var message: [UInt8] {
        // Version 2, type 1; 7 words of counter and digest.
        var bytes: [UInt8] = [0x21, vhid, advskew, 7, 0, advbase, 0, 0]
        bytes.append(bigEndian: counter)
        bytes += (digest + Array(repeating: 0, count: 20)).prefix(20)
        var sum = InternetChecksum()
        sum.add(bytes.span)
        bytes[6] = UInt8(~sum.folded >> 8)
        bytes[7] = UInt8(~sum.folded & 0xff)
        return bytes
    }
}

extension MACAddress {
    package static let broadcast = Self(bits: 0xffff_ffff_ffff)

    /// The group address of an IP multicast address (RFC 1112 section 6.4, RFC 2464 section 7).
    package static func multicast(for address: IPAddress) -> Self {
        switch address.family {
        case .ipv4: Self(bits: 0x0100_5e00_0000 | address.low & 0x7f_ffff)
        case .ipv6: Self(bits: 0x3333_0000_0000 | address.low & 0xffff_ffff)
        }
    }
}

extension IPAddress {
    /// All nodes of an IPv6 link, ff02::1.
    package static let allNodes = Self(ipv6High: 0xff02_0000_0000_0000, low: 1)

    fileprivate var etherType: UInt16 { family == .ipv4 ? 0x0800 : 0x86dd }
}

private func ethernet(
    from source: MACAddress,
    to destination: MACAddress,
    _ vlans: [UInt16],
    _ type: UInt16,
    _ payload: [UInt8],
    isPadded: Bool
) -> [UInt8] {
    var frame: [UInt8] = []
    frame.append(destination)
    frame.append(source)
    for vlan in vlans {
        frame.append(bigEndian: UInt16(0x8100))
        frame.append(bigEndian: vlan & 0xfff)
    }
    frame.append(bigEndian: type)
    frame += payload
    if isPadded, frame.count < 60 { frame += Array(repeating: 0, count: 60 - frame.count) }
    return frame
}

/// An IPv4 (RFC 791) or IPv6 (RFC 8200) packet without options or extension headers.
private func ip(
    from source: IPAddress,
    to destination: IPAddress,
    _ next: IPProtocol,
    ttl: UInt8,
    trafficClass: UInt8,
    identification: UInt16,
    isFragmentable: Bool = true,
    _ payload: [UInt8]
) -> [UInt8] {
    var bytes: [UInt8] = []
    switch source.family {
    case .ipv4:
        bytes += [0x45, trafficClass]
        bytes.append(bigEndian: UInt16(truncatingIfNeeded: 20 + payload.count))
        bytes.append(bigEndian: identification)
        bytes.append(bigEndian: UInt16(isFragmentable ? 0 : 0x4000))
        bytes += [ttl, next.rawValue, 0, 0]
        bytes.append(source)
        bytes.append(destination)
        var sum = InternetChecksum()
        sum.add(bytes.span)
        bytes[10] = UInt8(~sum.folded >> 8)
        bytes[11] = UInt8(~sum.folded & 0xff)
    case .ipv6:
        bytes.append(bigEndian: 6 << 28 | UInt32(trafficClass) << 20)
        bytes.append(bigEndian: UInt16(truncatingIfNeeded: payload.count))
        bytes += [next.rawValue, ttl]
        bytes.append(source)
        bytes.append(destination)
    }
    return bytes + payload
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    fileprivate mutating func append(_ address: MACAddress) {
        append(bigEndian: UInt16(truncatingIfNeeded: address.bits >> 32))
        append(bigEndian: UInt32(truncatingIfNeeded: address.bits))
    }

    fileprivate mutating func append(_ address: IPAddress) {
        switch address.family {
        case .ipv4: append(bigEndian: UInt32(truncatingIfNeeded: address.low))
        case .ipv6:
            append(bigEndian: address.high)
            append(bigEndian: address.low)
        }
    }
}
