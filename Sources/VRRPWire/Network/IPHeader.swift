/// What an IPv4 or IPv6 header says that VRRP depends on.
public struct IPHeader: Hashable, Sendable {
    public var source: IPAddress
    public var destination: IPAddress
    /// TTL, or hop limit.
    public var ttl: UInt8
    /// The IPv4 identification; `nil` for IPv6.
    public var identification: UInt16?
    /// The protocol of the payload, behind extension headers and AH.
    public var payloadProtocol: IPProtocol
    /// The payload's length in bytes by the IP header, behind options, extension headers and AH.
    public var payloadLength: Int
    public var authenticationHeader: AuthenticationHeader?

    /// Whether VRRP is what follows, or may be behind an Authentication Header that could not be read.
    var carriesVRRP: Bool { payloadProtocol == .vrrp || payloadProtocol == .ah }
}

/// An IP protocol or IPv6 next header number, an open set.
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let hopByHop = Self(rawValue: 0)
    /// IPv4 inside of IP (RFC 2003).
    public static let ipv4 = Self(rawValue: 4)
    public static let tcp = Self(rawValue: 6)
    public static let udp = Self(rawValue: 17)
    /// IPv6 inside of IP (RFC 2473, RFC 4213).
    public static let ipv6 = Self(rawValue: 41)
    public static let routing = Self(rawValue: 43)
    public static let fragment = Self(rawValue: 44)
    public static let gre = Self(rawValue: 47)
    public static let ah = Self(rawValue: 51)
    public static let icmpv6 = Self(rawValue: 58)
    public static let destinationOptions = Self(rawValue: 60)
    public static let vrrp = Self(rawValue: 112)
    public static let mobility = Self(rawValue: 135)
    public static let hip = Self(rawValue: 139)
    public static let shim6 = Self(rawValue: 140)
}

/// An IP Authentication Header (RFC 4302 section 2) without its integrity check value.
public struct AuthenticationHeader: Hashable, Sendable {
    public var spi: UInt32
    public var sequence: UInt32
    /// How many bytes its integrity check value has: 12 for HMAC-MD5-96 (RFC 2403).
    public var integrityValueLength: Int
    /// How many bytes before the payload the IPv4 header begins; 0 over IPv6, where other headers may lie between.
    public var distanceFromIPv4: Int

    public init(spi: UInt32, sequence: UInt32, integrityValueLength: Int, distanceFromIPv4: Int) {
        self.spi = spi
        self.sequence = sequence
        self.integrityValueLength = integrityValueLength
        self.distanceFromIPv4 = distanceFromIPv4
    }
}
