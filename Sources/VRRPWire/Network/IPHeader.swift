/// What an IPv4 or IPv6 header says that VRRP depends on.
package struct IPHeader: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    /// TTL, or hop limit.
    package var ttl: UInt8
    /// The IPv4 identification; `nil` for IPv6.
    package var identification: UInt16?
    /// The protocol of the payload, behind extension headers and AH.
    package var payloadProtocol: IPProtocol
    /// The payload's length in bytes by the IP header, behind options, extension headers and AH.
    package var payloadLength: Int
    package var authenticationHeader: AuthenticationHeader?

    /// Whether VRRP is what follows, or may be behind an Authentication Header that could not be read.
    var carriesVRRP: Bool { payloadProtocol == .vrrp || payloadProtocol == .ah }
}

/// An IP protocol or IPv6 next header number, an open set.
package struct IPProtocol: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let hopByHop = Self(rawValue: 0)
    /// IPv4 inside of IP (RFC 2003).
    package static let ipv4 = Self(rawValue: 4)
    package static let tcp = Self(rawValue: 6)
    package static let udp = Self(rawValue: 17)
    /// IPv6 inside of IP (RFC 2473, RFC 4213).
    package static let ipv6 = Self(rawValue: 41)
    package static let routing = Self(rawValue: 43)
    package static let fragment = Self(rawValue: 44)
    package static let gre = Self(rawValue: 47)
    package static let ah = Self(rawValue: 51)
    package static let icmpv6 = Self(rawValue: 58)
    package static let destinationOptions = Self(rawValue: 60)
    package static let vrrp = Self(rawValue: 112)
    package static let mobility = Self(rawValue: 135)
    package static let hip = Self(rawValue: 139)
    package static let shim6 = Self(rawValue: 140)
}

/// An IP Authentication Header (RFC 4302 section 2) without its integrity check value.
package struct AuthenticationHeader: Hashable, Sendable {
    package var spi: UInt32
    package var sequence: UInt32

    package init(spi: UInt32, sequence: UInt32) {
        self.spi = spi
        self.sequence = sequence
    }
}
