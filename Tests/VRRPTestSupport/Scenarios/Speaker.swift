import VRRPAuthentication
import VRRPTracker
import VRRPWire

/// A router of a scenario, or a CARP host: what it says whenever it speaks.
struct Speaker {
    enum Kind {
        case vrrp, carp, hsrp
    }

    /// The course of the IPv4 identification from advert to advert.
    enum Identification {
        /// Up by one, skipping zero, as in keepalived.
        case counting
        case constant
        /// Up by as many as other packets were sent in between, which Linux makes up.
        case leaping
    }

    /// The program, whose habits show in the IP header.
    enum Program: String {
        case keepalived, frr, routeros
    }

    let kind: Kind
    let name: String
    var address: IPAddress
    var virtualRouterID: UInt8 = 51
    var version: UInt8
    var priority: UInt8 = 100
    var interval: TimeSpan = .seconds(1)
    var addresses: [IPAddress]
    var authentication: AdvertisementFrame.Authentication = .none
    /// The key of an Authentication Header or a trailer.
    var key: [UInt8] = []
    /// Whether an Authentication Header is made as RFC 2402 asks, and not as keepalived does for multicast.
    var zeroesTTL = false
    var hasTrailer = false
    var keyID: UInt8 = 1
    /// Whether trailers are those of keepalived 2.4.0, and the counter in them.
    var nextCounter: UInt32?
    /// The time by which the speaker's clock is ahead of the scenario's.
    var clockLead = TimeSpan.zero
    var ttl: UInt8 = 255
    var destination: IPAddress?
    var mac: MACAddress
    var usesVirtualMAC = false
    var identification = Identification.counting
    var nextIdentification: UInt16 = 1
    var program = Program.keepalived
    var nextSequence: UInt32 = 1
    var checksumKind: ChecksumKind = .valid
    var vlans: [UInt16] = []
    /// The captures that see it.
    var captures = [0]
    var isMalformed = false
    /// Whether an HSRP router answers for the virtual address.
    var isActive = true
    /// The latest frame that it sent; empty before the first.
    var latestFrame: [UInt8] = []
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
            case "standby": isActive = false
            case "vrid", "vhid", "group": virtualRouterID = try words.number(word)
            case "v2": version = 2
            case "v3": version = 3
            case "priority": priority = try words.number("priority")
            case "interval": interval = try words.seconds("interval")
            case "addresses", "address": addresses = try words.addresses()
            case "pass": authentication = .simpleText(Self.padded(try words.next("a password")))
            case "ah":
                key = Array(try words.next("a key").utf8)
                authentication = .ah(spi: spi, sequence: 0, integrityValue: [])
            case "rfc2402": zeroesTTL = true
            case "spi": authentication = .ah(spi: try words.number("SPI"), sequence: 0, integrityValue: [])
            case "seq": nextSequence = try words.number("sequence")
            case "hmac":
                key = Array(try words.next("a key").utf8)
                hasTrailer = true
            case "key-id": keyID = try words.number("key id")
            case "counter": nextCounter = try words.number("counter")
            case "clock-ahead": clockLead = try words.seconds("lead")
            case "clock-behind": clockLead = .zero - (try words.seconds("lag"))
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
            case "as": try become(try words.next("a program"), words)
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

    /// Takes over the habits of a program: FRR's and RouterOS's routers send from the virtual MAC address.
    private mutating func become(_ name: String, _ words: Words) throws {
        guard let program = Program(rawValue: name) else { throw words.error("no program is called '\(name)'") }
        self.program = program
        usesVirtualMAC = program != .keepalived
        switch program {
        case .keepalived: break
        case .frr: (identification, nextIdentification) = (.leaping, 0x2f10)
        case .routeros: (identification, nextIdentification) = (.constant, 0x1234)
        }
    }

    static func vlans(_ words: inout Words) throws -> [UInt16] {
        try words.next("a VLAN").split(separator: ".").map { word in
            guard let number = UInt16(word), number < 4096 else { throw words.error("'\(word)' is no VLAN") }
            return number
        }
    }

    /// The frame it sends next, at an instant of its clock without ``clockLead``.
    mutating func speak(at instant: CaptureInstant) -> [UInt8] {
        if kind == .hsrp {
            var frame = HSRPFrame(
                from: address,
                at: sourceMAC,
                group: virtualRouterID,
                virtualAddress: addresses[0]
            )
            frame.vlans = vlans
            frame.isActive = isActive
            return frame.bytes
        }
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
        frame.trafficClass = program == .routeros ? 0 : 0xc0
        frame.isFragmentable = program != .frr
        switch identification {
        case .counting: nextIdentification = nextIdentification == .max ? 1 : nextIdentification + 1
        case .leaping: nextIdentification &+= 97 + nextIdentification % 31
        case .constant: break
        }
        frame.authentication = authentication
        frame.checksumKind = checksumKind
        if isMalformed { frame.claimedAddressCount = UInt8(truncatingIfNeeded: addresses.count + 1) }
        frame.isPadded = true
        if case .ah(let spi, _, _) = authentication {
            let isKept = frame.destination.isMulticast && !zeroesTTL
            frame.sign(with: key, spi: spi, sequence: nextSequence, isKept ? [] : .zeroedTTL)
            nextSequence += 1
        }
        if hasTrailer { frame.sign(with: key, trailer(at: instant + clockLead)) }
        return frame.bytes
    }

    /// keepalived's SPI is the source address.
    private var spi: UInt32 { UInt32(truncatingIfNeeded: address.low) }

    private mutating func trailer(at instant: CaptureInstant) -> HMACTrailer {
        let (seconds, part) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        var trailer = HMACTrailer(
            keyID: keyID,
            seconds: UInt32(truncatingIfNeeded: seconds),
            fraction: UInt16(truncatingIfNeeded: part << 16 / 1_000_000_000),
            counter: 0
        )
        guard let counter = nextCounter else { return trailer }
        trailer = HMACTrailer(
            keyID: keyID,
            seconds: trailer.seconds,
            fraction: UInt16(counter >> 16),
            counter: UInt16(counter & 0xffff)
        )
        nextCounter = counter + 1
        return trailer
    }

    /// A password as the eight bytes of RFC 2338 section 5.3.10.
    private static func padded(_ password: String) -> UInt64 {
        let bytes = Array(password.utf8.prefix(8))
        return (0..<8).reduce(0) { $0 << 8 | ($1 < bytes.count ? UInt64(bytes[$1]) : 0) }
    }
}
