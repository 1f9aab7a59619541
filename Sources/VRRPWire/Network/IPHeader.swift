/// The fields of an IPv4 or IPv6 header that VRRP depends on.
public struct IPHeader: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    /// TTL, or hop limit.
    public var ttl: UInt8
    /// The IPv4 identification; `nil` for IPv6.
    public var identification: UInt16?
    /// The IPv4 Type of Service, or the IPv6 Traffic Class.
    public var trafficClass: UInt8
    /// Whether the IPv4 header has Don't Fragment (RFC 791 section 3.1); false over IPv6.
    public var forbidsFragments: Bool
    /// The protocol of the payload, behind extension headers and AH.
    public var payloadProtocol: IPProtocol
    /// The payload's length in bytes by the IP header, behind options, extension headers and AH.
    public var payloadLength: Int
    public var authenticationHeader: AuthenticationHeader?

    /// The layer that errors about this header name.
    var layer: DecodeError.Layer { source.family == .ipv4 ? .ipv4 : .ipv6 }

    /// Whether VRRP follows, or may be behind an Authentication Header that could not be read.
    var carriesVRRP: Bool { payloadProtocol == .vrrp || payloadProtocol == .ah }
}

/// An IP protocol or IPv6 next header number, an open set.
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    @inlinable public static var icmp: Self { Self(rawValue: 1) }
    @inlinable public static var hopByHop: Self { Self(rawValue: 0) }
    /// IPv4 inside of IP (RFC 2003).
    @inlinable public static var ipv4: Self { Self(rawValue: 4) }
    @inlinable public static var tcp: Self { Self(rawValue: 6) }
    @inlinable public static var udp: Self { Self(rawValue: 17) }
    /// IPv6 inside of IP (RFC 2473, RFC 4213).
    @inlinable public static var ipv6: Self { Self(rawValue: 41) }
    @inlinable public static var routing: Self { Self(rawValue: 43) }
    @inlinable public static var fragment: Self { Self(rawValue: 44) }
    @inlinable public static var gre: Self { Self(rawValue: 47) }
    @inlinable public static var ah: Self { Self(rawValue: 51) }
    @inlinable public static var icmpv6: Self { Self(rawValue: 58) }
    @inlinable public static var destinationOptions: Self { Self(rawValue: 60) }
    @inlinable public static var vrrp: Self { Self(rawValue: 112) }
    @inlinable public static var mobility: Self { Self(rawValue: 135) }
    @inlinable public static var hip: Self { Self(rawValue: 139) }
    @inlinable public static var shim6: Self { Self(rawValue: 140) }
}

/// An IP Authentication Header (RFC 4302 section 2) without its integrity check value.
public struct AuthenticationHeader: Hashable, Sendable {
    public var spi: UInt32
    public var sequence: UInt32
    /// The length of its integrity check value in bytes: 12 for HMAC-MD5-96 (RFC 2403).
    public var integrityValueLength: Int
    /// The distance in bytes from the start of the IPv4 header to the payload; 0 over IPv6, where other headers may lie
    /// between.
    public var distanceFromIPv4: Int

    public init(spi: UInt32, sequence: UInt32, integrityValueLength: Int, distanceFromIPv4: Int) {
        self.spi = spi
        self.sequence = sequence
        self.integrityValueLength = integrityValueLength
        self.distanceFromIPv4 = distanceFromIPv4
    }
}
