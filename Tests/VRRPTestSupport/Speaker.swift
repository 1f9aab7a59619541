import VRRPWire

/// A router of a scenario, or a CARP host: what it says whenever it speaks.
struct Speaker {
    enum Kind {
        case vrrp, carp
    }

    /// How the IPv4 identification moves from advert to advert.
    enum Identification {
        /// Up by one, skipping zero, as in keepalived.
        case counting
        case constant
    }

    let kind: Kind
    let name: String
    let address: IPAddress
    var virtualRouterID: UInt8 = 51
    var version: UInt8
    var priority: UInt8 = 100
    var interval: TimeSpan = .seconds(1)
    var addresses: [IPAddress]
    var authentication: AdvertisementFrame.Authentication = .none
    var ttl: UInt8 = 255
    var destination: IPAddress?
    var mac: MACAddress
    var usesVirtualMAC = false
    var identification = Identification.counting
    var nextIdentification: UInt16 = 1
    var nextSequence: UInt32 = 1
    var checksumKind: ChecksumKind = .valid
    var trailer: [UInt8] = []
    var vlans: [UInt16] = []
    /// The captures that see it.
    var captures = [0]
    var isMalformed = false
    var advskew: UInt8 = 0
    var advbase: UInt8 = 1

    init(_ kind: Kind, name: String, address: IPAddress) {
        self.kind = kind
        self.name = name
        self.address = address
        version = address.family == .ipv4 ? 2 : 3
        mac = MACAddress(bits: 0x0200_0000_0000 | address.low & 0xffff_ffff)
        addresses = [
            address.family == .ipv4
                ? IPAddress(ipv4: 0x0a00_0064) : IPAddress(ipv6High: 0xfe80_0000_0000_0000, low: 0x100)
        ]
    }

    var sourceMAC: MACAddress { usesVirtualMAC ? .virtualRouter(virtualRouterID, address.family) : mac }

    /// Reads options up to the end of the line.
    mutating func readOptions(_ words: inout Words) throws {
        while !words.isEmpty {
            let word = try words.next("an option")
            switch word {
            case "vrid", "vhid": virtualRouterID = try words.number(word)
            case "v2": version = 2
            case "v3": version = 3
            case "priority": priority = try words.number("priority")
            case "interval": interval = try words.seconds("interval")
            case "addresses", "address": addresses = try words.addresses()
            case "pass": authentication = .simpleText(Self.padded(try words.next("a password")))
            case "ah": authentication = ah(label: try words.next("a key label"))
            case "hmac": trailer = Self.hmacTrailer(label: try words.next("a key label"))
            case "auth": authentication = .type(try words.number("authentication type"))
            case "ttl": ttl = try words.number("TTL")
            case "to": destination = try words.address()
            case "mac": mac = try words.mac()
            case "vmac": usesVirtualMAC = true
            case "id":
                if words.take("constant") {
                    identification = .constant
                } else {
                    nextIdentification = try words.number("identification")
                }
            case "checksum":
                let name = try words.next("a checksum convention")
                guard let kind = ChecksumKind(rawValue: name) else {
                    throw words.error("no checksum is called '\(name)'")
                }
                checksumKind = kind
            case "vlan": vlans = try Self.vlans(&words)
            case "capture", "captures":
                captures = try words.next("a capture").split(separator: ",").map { word in
                    guard let number = Int(word), (0...15).contains(number) else {
                        throw words.error("'\(word)' is no capture")
                    }
                    return number
                }
            case "malformed": isMalformed = true
            case "advskew": advskew = try words.number("advskew")
            case "advbase": advbase = try words.number("advbase")
            default: throw words.error("no option is called '\(word)'")
            }
        }
    }

    static func vlans(_ words: inout Words) throws -> [UInt16] {
        try words.next("a VLAN").split(separator: ".").map { word in
            guard let number = UInt16(word), number < 4096 else { throw words.error("'\(word)' is no VLAN") }
            return number
        }
    }

    /// The frame it sends next.
    mutating func speak() -> [UInt8] {
        guard kind == .vrrp else {
            var frame = CARPFrame(from: address, vhid: virtualRouterID)
            frame.vlans = vlans
            frame.advskew = advskew
            frame.advbase = advbase
            return frame.bytes
        }
        var frame = AdvertisementFrame(
            from: address,
            version: version,
            virtualRouterID: virtualRouterID,
            priority: priority,
            interval: interval,
            addresses: addresses
        )
        frame.sourceMAC = sourceMAC
        frame.vlans = vlans
        frame.ttl = ttl
        if let destination {
            frame.destination = destination
            frame.destinationMAC =
                destination.isMulticast
                ? .multicast(for: destination) : MACAddress(bits: 0x0200_0000_0000 | destination.low & 0xffff_ffff)
        }
        frame.identification = nextIdentification
        if identification == .counting { nextIdentification = nextIdentification == .max ? 1 : nextIdentification + 1 }
        frame.authentication = authentication
        if case .ah(let spi, _, let value) = authentication {
            frame.authentication = .ah(spi: spi, sequence: nextSequence, integrityValue: value)
            nextSequence += 1
        }
        frame.checksumKind = checksumKind
        frame.trailer = trailer
        if isMalformed { frame.claimedAddressCount = UInt8(truncatingIfNeeded: addresses.count + 1) }
        frame.isPadded = true
        return frame.bytes
    }

    /// A password as the eight bytes of RFC 2338 section 5.3.10.
    private static func padded(_ password: String) -> UInt64 {
        let bytes = Array(password.utf8.prefix(8))
        return (0..<8).reduce(0) { $0 << 8 | ($1 < bytes.count ? UInt64(bytes[$1]) : 0) }
    }

    private func ah(label: String) -> AdvertisementFrame.Authentication {
        // The sequence is filled in with each advertisement; keepalived's SPI is the source address.
        .ah(
            spi: UInt32(truncatingIfNeeded: address.low),
            sequence: 0,
            integrityValue: Self.digest(of: label, count: 12)
        )
    }

    /// The shape of keepalived's `auth_hmac` trailer: type, key id, reserved, time, counter, digest.
    private static func hmacTrailer(label: String) -> [UInt8] {
        [1, 1, 0, 0] + Array(repeating: 0, count: 8) + digest(of: label, count: 16)
    }

    /// Bytes that stand for a keyed digest: the same label gives the same ones.
    private static func digest(of label: String, count: Int) -> [UInt8] {
        var generator = SplitMix64(seed: label.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
