package import VRRPWire

/// A VRRP advertisement in an Ethernet frame.
///
/// Every field can be set, also to values that no router would send. The defaults are those of keepalived: multicast, TTL
/// 255, no authentication.
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
    /// The Type of Service or the Traffic Class; 0xc0 is Internetwork Control, as keepalived and FRR mark theirs.
    package var trafficClass: UInt8 = 0xc0
    package var isFragmentable = true
    package var version: UInt8
    package var type: UInt8 = 1
    package var virtualRouterID: UInt8
    package var priority: UInt8
    /// The interval, sent in whole seconds by version 2 and in centiseconds by version 3; bits that do not fit the field
    /// are cut off.
    package var interval: TimeSpan
    package var addresses: [IPAddress]
    /// The value of the count field; `nil` for the number of ``addresses``.
    package var claimedAddressCount: UInt8?
    package var authentication: Authentication = .none
    /// The convention that the checksum follows.
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
        return ip(
            from: source,
            to: destination,
            next,
            ttl: ttl,
            trafficClass: trafficClass,
            identification: identification,
            isFragmentable: isFragmentable,
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
