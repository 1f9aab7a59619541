extension Span where Element == UInt8 {
    /// Whether an Ethernet frame is TCP, or UDP for a port that is not read, behind at most one VLAN tag.
    ///
    /// Nearly every frame of a capture is. Its first bytes show it, before anything is stored. A reader of files looks once
    /// for a whole frame; the decoder looks again only for a frame inside a tunnel.
    @inlinable
    @inline(__always)
    public var isOrdinaryEthernet: Bool {
        // The shortest that has a UDP port.
        guard count >= 42 else { return false }
        var start = 14
        var type = uint16(at: 12)
        if type == 0x8100 {
            start = 18
            type = uint16(at: 16)
        }
        let next: UInt8
        switch type {
        case 0x0800: next = self[start + 9]
        case 0x86dd: next = self[start + 6]
        default: return false
        }
        if next == 6 { return true }
        return next == 17 && isOrdinaryUDP(type == 0x0800 ? start + 4 * Int(self[start] & 0xf) : start + 40)
    }

    /// Whether a UDP header at an offset is cut short or for a port that is not read.
    @usableFromInline
    func isOrdinaryUDP(_ offset: Int) -> Bool { !DecodedFrame.isKnownPort(self, udpAt: offset) }
}
