internal import VRRPWire

/// An advertisement as it was received: its content, its sender, and where and when it was seen.
///
/// It is made where a frame comes in, and holds all that a virtual router is told of the frame.
struct ReceivedAdvertisement: ~Escapable {
    private(set) var key: VirtualRouterKey
    /// Whether it was seen in another guise of its segment than the one in which its virtual router is told of.
    private(set) var isInOtherGuise = false
    /// The source address, which is the sender's identity.
    let source: IPAddress
    /// `nil` where the capture does not record it.
    let sourceMAC: MACAddress?
    let content: Advertisement
    /// The IPv4 identification; `nil` for IPv6.
    let identification: UInt16?
    /// The habits of the sender's daemon in the IP header.
    let style: HeaderStyle
    /// The checksum in the message.
    let checksum: UInt16
    let sighting: Sighting
    /// `nil` without one.
    let authenticationHeader: AuthenticationHeader?
    private let packet: VRRPPacket

    /// Takes the content of a packet; the sighting bears the tracker's time.
    @_lifetime(copy packet)
    init(
        _ packet: borrowing VRRPPacket,
        _ header: IPHeader,
        from sourceMAC: MACAddress?,
        to key: VirtualRouterKey,
        _ sighting: Sighting
    ) {
        self.key = key
        source = header.source
        self.sourceMAC = sourceMAC
        content = Advertisement(packet, header, sighting.verification)
        identification = header.identification
        style = HeaderStyle(header)
        checksum = packet.checksum
        self.sighting = sighting
        authenticationHeader = header.authenticationHeader
        self.packet = copy packet
    }

    /// The same advertisement, told to a virtual router on the segment in the guise that it is told of in.
    @_lifetime(copy self)
    func told(to key: VirtualRouterKey) -> Self {
        var told = self
        told.isInOtherGuise = key.segment != self.key.segment
        told.key = key
        return told
    }

    /// Whether the capture holds the message to its end.
    var isWhole: Bool { packet.stop == nil }

    /// The number of virtual addresses that the header claims.
    var claimedAddressCount: Int { packet.addressCount }

    /// keepalived's `auth_hmac` trailer; `nil` without one.
    var trailer: HMACTrailer? { packet.hmacTrailer }

    /// Whether the addresses that could be read are the given ones in the given order.
    func hasAddresses(_ addresses: SmallList<IPAddress>) -> Bool {
        guard packet.readableAddressCount == addresses.count else { return false }
        for index in 0..<addresses.count where packet.address(at: index) != addresses[index] { return false }
        return true
    }

    /// The virtual addresses that could be read.
    var addresses: SmallList<IPAddress> {
        var addresses = SmallList<IPAddress>()
        for index in 0..<packet.readableAddressCount { addresses.append(packet.address(at: index)) }
        return addresses
    }

    /// The first of the virtual addresses; `nil` where none could be read.
    var firstAddress: IPAddress? { packet.readableAddressCount > 0 ? packet.address(at: 0) : nil }
}
