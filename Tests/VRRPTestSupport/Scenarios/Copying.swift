import VRRPWire

/// The way in which every frame is seen again.
struct Copying {
    /// The guise that the copy is in.
    enum Guise {
        case same
        case tagged([UInt16])
        case vxlan(UInt32)
    }

    var delay = TimeSpan.milliseconds(1)
    var guise = Guise.same

    /// Reads what stands behind `copy`; `nil` for `off`.
    static func read(_ words: inout Words) throws -> Self? {
        var copying = Self()
        while !words.isEmpty {
            if words.take("off") {
                try words.finish()
                return nil
            } else if words.take("after") {
                copying.delay = try words.seconds("delay")
            } else if words.take("vlan") {
                copying.guise = .tagged(try Speaker.vlans(&words))
            } else if words.take("vxlan") {
                copying.guise = .vxlan(try words.number("VNI"))
            } else {
                throw words.error("'\(words.first ?? "")' is no way to copy")
            }
        }
        return copying
    }

    /// The copy of a frame.
    func copy(of frame: [UInt8]) -> [UInt8] {
        switch guise {
        case .same: return frame
        case .tagged(let vlans):
            let tags = vlans.flatMap { [0x81, 0x00, UInt8($0 >> 8), UInt8($0 & 0xff)] }
            return Array(frame[..<12]) + tags + frame[12...]
        case .vxlan(let number):
            var datagram: [UInt8] = []
            for field in [0xc000, 4789, UInt16(16 + frame.count), 0] as [UInt16] { datagram.append(bigEndian: field) }
            datagram.append(bigEndian: UInt32(0x0800_0000))
            datagram.append(bigEndian: number << 8)
            let packet = ip(
                from: IPAddress(ipv4: 0xc000_0201),
                to: IPAddress(ipv4: 0xc000_0202),
                .udp,
                ttl: 64,
                trafficClass: 0,
                identification: 1,
                datagram + frame
            )
            let (left, right) = (MACAddress(bits: 0x0200_0000_0201), MACAddress(bits: 0x0200_0000_0202))
            return ethernet(from: left, to: right, [], 0x0800, packet, isPadded: false)
        }
    }
}
