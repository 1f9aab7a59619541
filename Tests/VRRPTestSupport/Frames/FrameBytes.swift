// The headers around a message, for frames that tests make: Ethernet and IP, and integers as bytes.

package import VRRPWire

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

    var etherType: UInt16 { family == .ipv4 ? 0x0800 : 0x86dd }
}

/// An Ethernet frame with its VLAN tags outermost first, filled to 60 bytes where it is to be padded.
func ethernet(
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
func ip(
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
    mutating func append(bigEndian number: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func append(_ address: MACAddress) {
        append(bigEndian: UInt16(truncatingIfNeeded: address.bits >> 32))
        append(bigEndian: UInt32(truncatingIfNeeded: address.bits))
    }

    mutating func append(_ address: IPAddress) {
        switch address.family {
        case .ipv4: append(bigEndian: UInt32(truncatingIfNeeded: address.low))
        case .ipv6:
            append(bigEndian: address.high)
            append(bigEndian: address.low)
        }
    }
}
