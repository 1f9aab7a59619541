internal import VRRPWire

/// The marks by which a frame is known again in another capture, and the host that sent it.
///
/// Made of that which no switch, tag or tunnel changes: addresses and content, without TTL and link layer.
struct FrameIdentity {
    /// The host that sent a frame: its address, or its MAC address where it has none yet.
    enum Speaker: Hashable {
        case address(IPAddress)
        case mac(MACAddress)

        /// A number that is seldom that of another host.
        var mark: Int {
            switch self {
            case .address(let address): Int(truncatingIfNeeded: address.low ^ address.low >> 8 ^ address.high)
            case .mac(let mac): Int(truncatingIfNeeded: mac.bits)
            }
        }
    }

    /// A number that stands for the content.
    private(set) var value: UInt64
    let speaker: Speaker
    /// `nil` where the capture records none, and for the MAC address that all routers of a virtual router share.
    let mac: MACAddress?
    let isAdvertisement: Bool
    /// Whether each frame of its sender has another identity, as with an IPv4 identification that counts.
    private(set) var isNumbered = false

    /// Returns `nil` for frames that only some places can show, as ordinary unicast.
    init?(_ bytes: Span<UInt8>, linkType: LinkType) {
        if linkType == .ethernet, bytes.isOrdinaryEthernet { return nil }
        let frame = DecodedFrame(bytes, linkType: linkType)
        var mix = Mix()
        mac = frame.sourceMAC.flatMap { $0.isVirtualRouter ? nil : $0 }
        switch frame.payload {
        case .vrrp(let packet):
            guard let header = frame.ip else { return nil }
            mix.add(header.source)
            mix.add(header.destination)
            let number = UInt64(header.identification ?? 0)
            mix.add(number << 48 | UInt64(packet.checksum) << 32 | UInt64(packet.virtualRouterID) << 16)
            mix.add(UInt64(packet.priority) << 8 | UInt64(packet.version))
            mix.add(UInt64(header.authenticationHeader?.sequence ?? 0))
            mix.add(packet.hmacTrailer?.sequence ?? 0)
            isNumbered = number != 0
            speaker = .address(header.source)
            isAdvertisement = true
        case .arp(let packet):
            guard packet.senderIP != .unspecifiedIPv4 else { return nil }
            mix.add(packet.senderIP)
            mix.add(packet.targetIP)
            mix.add(packet.senderMAC.bits)
            mix.add(packet.targetMAC.bits ^ UInt64(packet.operation) << 48)
            speaker = mac.map(Speaker.mac) ?? .address(packet.senderIP)
            isAdvertisement = false
        case .neighborAdvertisement(let packet):
            mix.add(packet.target)
            mix.add(packet.linkLayerAddress?.bits ?? 0)
            guard let sender = mac else { return nil }
            speaker = .mac(sender)
            isAdvertisement = false
        default:
            guard let packet = GroupPacket(bytes, linkType: linkType) else { return nil }
            for index in packet.content.indices where !packet.isChanging(index) { mix.add(byte: packet.content[index]) }
            guard let sender = packet.source.map(Speaker.address) ?? mac.map(Speaker.mac) else { return nil }
            speaker = sender
            isAdvertisement = false
        }
        value = mix.value
    }

    /// A sum that mixes well and is the same in every run.
    private struct Mix {
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ word: UInt64) {
            value = (value ^ word) &* 0x9e37_79b9_7f4a_7c15
            value ^= value >> 29
        }

        mutating func add(byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

        mutating func add(_ address: IPAddress) {
            add(address.high)
            add(address.low)
        }
    }
}

/// An IP packet to a group of hosts that is no advertisement, such as a membership report.
private struct GroupPacket: ~Escapable {
    /// The longest part of a packet that is looked at, in bytes.
    private static var longest: Int { 256 }

    let content: Span<UInt8>
    /// `nil` for the unspecified address.
    let source: IPAddress?
    private let family: AddressFamily

    @_lifetime(copy bytes)
    init?(_ bytes: Span<UInt8>, linkType: LinkType) {
        guard let start = Self.start(of: bytes, linkType), bytes.count >= start + 20 else { return nil }
        let packet = bytes.extracting(droppingFirst: start)
        switch packet[0] >> 4 {
        case 4:
            let length = min(Int(packet.uint16(at: 2)), packet.count, Self.longest)
            guard length >= 20, packet[16] >> 4 == 14 || packet.uint32(at: 16) == .max else { return nil }
            family = .ipv4
            content = packet.extracting(first: length)
            let address = IPAddress(.ipv4, packet, at: 12)
            source = address == .unspecifiedIPv4 ? nil : address
        case 6:
            guard packet.count >= 40, packet[24] == 0xff else { return nil }
            family = .ipv6
            content = packet.extracting(first: min(40 + Int(packet.uint16(at: 4)), packet.count, Self.longest))
            let address = IPAddress(.ipv6, packet, at: 8)
            source = address.high == 0 && address.low == 0 ? nil : address
        default: return nil
        }
    }

    /// Whether a byte is changed on the way: TTL and checksum of the header.
    func isChanging(_ index: Int) -> Bool {
        family == .ipv4 ? index == 8 || index == 10 || index == 11 : index == 7
    }

    /// The place at which IP begins; `nil` where there is none, or behind a tunnel.
    private static func start(of bytes: Span<UInt8>, _ linkType: LinkType) -> Int? {
        switch linkType.layer {
        case .ethernet:
            var place = 12
            while bytes.count >= place + 2 {
                switch bytes.uint16(at: place) {
                case 0x8100, 0x88a8, 0x9100: place += 4
                case 0x0800, 0x86dd: return place + 2
                default: return nil
                }
            }
            return nil
        case .linuxSLL: return 16
        case .linuxSLL2: return 20
        case .raw, .rawOfBSD, .rawOfOpenBSD, .ipv4, .ipv6: return 0
        case .null, .loop: return 4
        default: return nil
        }
    }
}
