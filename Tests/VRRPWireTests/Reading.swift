import VRRPTestSupport
import VRRPWire

/// Everything that can be read from a frame, every accessor of every view once.
struct Reading: Hashable {
    enum Payload: Hashable {
        case none
        case vrrp(Message)
        case carp(CARPPacket)
        case arp(ARPPacket, isGratuitous: Bool)
        case neighborAdvertisement(NeighborAdvertisement)
        case hsrp(HSRPPacket)
        case glbp(GLBPPacket)
        case icmpError(ICMPError)
    }

    struct Message: Hashable {
        var version: UInt8
        var type: UInt8
        var virtualRouterID: UInt8
        var priority: UInt8
        var addressCount: Int
        var interval: TimeSpan
        var addresses: [IPAddress]
        var authenticationType: UInt8
        var authenticationData: UInt64?
        var authentication: AuthenticationKind
        var hmacTrailer: HMACTrailer?
        var hasCiscoMD5Block: Bool
        var checksum: UInt16
        var checksumKind: ChecksumKind
        var trailingByteCount: Int
        var stop: DecodeError?
    }

    var sourceMAC: MACAddress?
    var destinationMAC: MACAddress?
    var vlans: [UInt16]
    var tunnel: Tunnel?
    var outer: OuterPath?
    var ip: IPHeader?
    var payload: Payload
    var stop: DecodeError?
    var isRelevant: Bool

    init(_ bytes: [UInt8], linkType: LinkType = .ethernet) {
        let frame = DecodedFrame(bytes.span, linkType: linkType)
        sourceMAC = frame.sourceMAC
        destinationMAC = frame.destinationMAC
        vlans = frame.vlans.identifiers
        tunnel = frame.tunnel
        outer = frame.outer
        ip = frame.ip
        stop = frame.stop
        isRelevant = frame.isRelevant
        switch frame.payload {
        case .none: payload = .none
        case .vrrp(let packet): payload = .vrrp(Message(packet))
        case .carp(let packet): payload = .carp(packet)
        case .arp(let packet): payload = .arp(packet, isGratuitous: packet.isGratuitous)
        case .neighborAdvertisement(let packet): payload = .neighborAdvertisement(packet)
        case .hsrp(let packet): payload = .hsrp(packet)
        case .glbp(let packet): payload = .glbp(packet)
        case .icmpError(let error): payload = .icmpError(error)
        }
    }

    /// The VRRP message, if there is one.
    var message: Message? {
        if case .vrrp(let message) = payload { message } else { nil }
    }
}

extension Reading.Message {
    init(_ packet: borrowing VRRPPacket) {
        version = packet.version
        type = packet.type
        virtualRouterID = packet.virtualRouterID
        priority = packet.priority
        addressCount = packet.addressCount
        interval = packet.advertisementInterval
        addresses = []
        for index in 0..<packet.readableAddressCount { addresses.append(packet.address(at: index)) }
        authenticationType = packet.authenticationType
        authenticationData = packet.authenticationData
        authentication = packet.authentication
        hmacTrailer = packet.hmacTrailer
        hasCiscoMD5Block = packet.hasCiscoMD5Block
        checksum = packet.checksum
        checksumKind = packet.checksumKind
        trailingByteCount = packet.trailingByteCount
        stop = packet.stop
    }
}

/// The bytes of hexadecimal text.
func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue).map { UInt8($0) }
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

extension IPAddress: ExpressibleByStringLiteral {
    /// An address in a test; text that is none becomes the unspecified address.
    package init(stringLiteral text: String) {
        self = IPAddress(text: text) ?? .unspecifiedIPv4
    }
}
