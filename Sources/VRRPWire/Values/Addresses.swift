/// An IEEE 802 MAC address in the low 48 bits of an integer.
public struct MACAddress: Hashable, Comparable, Sendable {
    public let bits: UInt64

    @inlinable
    public init(bits: UInt64) {
        self.bits = bits & 0xffff_ffff_ffff
    }

    /// The address at an offset of a packet, six bytes that must be in bounds.
    @inlinable
    public init(_ bytes: Span<UInt8>, at offset: Int) {
        bits = UInt64(bytes.uint32(at: offset)) << 16 | UInt64(bytes.uint16(at: offset + 4))
    }

    /// The virtual router MAC address, 00-00-5E-00-01-{VRID} or 00-00-5E-00-02-{VRID} (RFC 9568 section 7.3).
    public static func virtualRouter(_ vrid: UInt8, _ family: AddressFamily) -> Self {
        Self(bits: 0x0000_5e00_0000 | (family == .ipv4 ? 0x100 : 0x200) | UInt64(vrid))
    }

    /// Whether this is the virtual MAC of any VRID of either family.
    public var isVirtualRouter: Bool {
        bits >> 16 == 0x0000_5e00 && (bits >> 8 & 0xff == 1 || bits >> 8 & 0xff == 2)
    }

    /// Whether one host can have it: neither a group's address nor zero.
    package var isOfHost: Bool { bits >> 40 & 1 == 0 && bits != 0 }

    public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension MACAddress: CustomStringConvertible {
    /// Lower-case hexadecimal with colons.
    public var description: String {
        var text = ""
        for shift in stride(from: 40, through: 0, by: -8) {
            let byte = UInt8(truncatingIfNeeded: bits >> UInt64(shift))
            if !text.isEmpty { text += ":" }
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
        return text
    }
}

public enum AddressFamily: String, Hashable, Sendable {
    case ipv4, ipv6
}

/// An IPv4 or IPv6 address.
///
/// Addresses order as VRRP compares them, as unsigned integers in network byte order (RFC 9568 section 6.4.3).
public struct IPAddress: Hashable, Comparable, Sendable {
    public let family: AddressFamily
    /// The upper half of an IPv6 address; zero for IPv4.
    public let high: UInt64
    /// The lower half of an IPv6 address, or an IPv4 address in the low 32 bits.
    public let low: UInt64

    @inlinable
    public init(ipv4 bits: UInt32) {
        family = .ipv4
        high = 0
        low = UInt64(bits)
    }

    @inlinable
    public init(ipv6High high: UInt64, low: UInt64) {
        family = .ipv6
        self.high = high
        self.low = low
    }

    /// The address of a family at an offset of a packet, whose 4 or 16 bytes must be in bounds.
    @inlinable
    public init(_ family: AddressFamily, _ bytes: Span<UInt8>, at offset: Int) {
        switch family {
        case .ipv4: self.init(ipv4: bytes.uint32(at: offset))
        case .ipv6: self.init(ipv6High: bytes.uint64(at: offset), low: bytes.uint64(at: offset + 8))
        }
    }

    public static let vrrpMulticastIPv4 = Self(ipv4: 0xe000_0012)
    public static let vrrpMulticastIPv6 = Self(ipv6High: 0xff02_0000_0000_0000, low: 0x12)
    public static let unspecifiedIPv4 = Self(ipv4: 0)

    public var isMulticast: Bool {
        switch family {
        case .ipv4: low >> 28 == 0xe
        case .ipv6: high >> 56 == 0xff
        }
    }

    /// Whether this is in fe80::/10; never true of IPv4.
    public var isLinkLocalIPv6: Bool { family == .ipv6 && high >> 54 == 0x3fa }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        (left.family == .ipv6 ? 1 : 0, left.high, left.low) < (right.family == .ipv6 ? 1 : 0, right.high, right.low)
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the canonical text of RFC 5952.
    public var description: String {
        switch family {
        case .ipv4:
            return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
        case .ipv6:
            let groups = (0..<8).map { index in
                UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index % 4)))
            }
            return Self.text(of: groups)
        }
    }

    private static func text(of groups: [UInt16]) -> String {
        // RFC 5952 section 4.2: the longest run of two or more zero groups, the first of equals, becomes "::".
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = max(end, start + 1)
        }
        let hex = groups.map { String($0, radix: 16) }
        guard !longest.isEmpty else { return hex.joined(separator: ":") }
        return hex[..<longest.lowerBound].joined(separator: ":") + "::"
            + hex[longest.upperBound...].joined(separator: ":")
    }
}
