/// Everything a frame could be read as, and why reading stopped.
///
/// Decoding never fails as a whole: a frame with a broken VRRP header still has its addresses. Nothing is judged here and
/// nothing is allocated. A frame without anything this program is about is left as soon as that is known, at its IP
/// protocol number or its UDP port, and what was not read by then stays `nil`.
package struct DecodedFrame: ~Escapable {
    /// The payload of the innermost layer.
    package enum Payload: ~Escapable {
        /// Nothing of interest, or ``DecodedFrame/stop`` says why it could not be read.
        case none
        case vrrp(VRRPPacket)
        case carp(CARPPacket)
        case arp(ARPPacket)
        case neighborAdvertisement(NeighborAdvertisement)
        case hsrp(HSRPPacket)
        case glbp(GLBPPacket)
        case icmpError(ICMPError)
    }

    /// The most headers that are stepped over on the way to the payload: tags, labels, extension headers, tunnels.
    static let mostHeaders = 32
    static let mostTunnels = 4

    /// The source of the innermost Ethernet frame, like everything here; `nil` where a tunnel holds bare IP.
    package internal(set) var sourceMAC: MACAddress?
    /// `nil` in Linux cooked captures, which do not record it.
    package internal(set) var destinationMAC: MACAddress?
    package internal(set) var vlans = VLANStack()
    /// The innermost tunnel.
    package internal(set) var tunnel: Tunnel?
    /// The path that the innermost tunnel took; `nil` without a tunnel.
    package internal(set) var outer: OuterPath?
    package internal(set) var ip: IPHeader?
    package internal(set) var payload: Payload
    /// The first thing that could not be read, with everything before it intact.
    package internal(set) var stop: DecodeError?
    /// The reason for which a frame is counted that is not relevant; `nil` for nearly all.
    package internal(set) var sidenote: Sidenote?

    /// The VLAN that a mirror says an untagged frame was on; 0 for none.
    var mirroredVLAN: UInt16 = 0
    private var headerCount: UInt8 = 0
    private var tunnelCount: UInt8 = 0

    /// Decodes a captured frame.
    ///
    /// - Parameters:
    ///   - bytes: the frame as captured, from the first byte of its link-layer header.
    ///   - linkType: the type of that header.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>, linkType: LinkType) {
        payload = .none
        do throws(DecodeError) {
            guard let layer = linkType.layer else {
                throw DecodeError(.link, offset: 0, .unsupportedLinkType(linkType))
            }
            try readLinkLayer(layer, bytes)
        } catch {
            stop = error
        }
    }

    /// Whether the frame carries, or was broken while carrying, a protocol this program is about, or is nested too deep
    /// to say.
    package var isRelevant: Bool {
        switch payload {
        case .none: stop != nil && ip?.carriesVRRP == true || stop?.reason == .tooDeep
        case .vrrp, .carp, .arp, .neighborAdvertisement, .hsrp, .glbp, .icmpError: true
        }
    }

    // MARK: Bounds

    static func require(_ needed: Int, of bytes: Span<UInt8>, _ layer: DecodeError.Layer) throws(DecodeError) {
        guard bytes.count >= needed else {
            throw DecodeError(layer, offset: 0, .truncated(needed: needed, available: bytes.count, limit: .capture))
        }
    }

    /// Counts a header, so that hostile nesting ends soon.
    mutating func countHeader(_ layer: DecodeError.Layer) throws(DecodeError) {
        guard headerCount < Self.mostHeaders else { throw DecodeError(layer, offset: 0, .tooDeep) }
        headerCount += 1
    }

    /// Goes into a tunnel: what was read so far becomes the path to it.
    ///
    /// - Parameters:
    ///   - kind: what the tunnel is.
    ///   - id: its number, where it has one.
    ///   - layer: whose header it is, should there be too many.
    ///   - carrier: the IP header right before it; `nil` keeps the path of the tunnel around it.
    /// - Throws: ``DecodeError`` when it is one tunnel too many.
    mutating func enter(
        _ kind: Tunnel.Kind,
        _ id: UInt32?,
        _ layer: DecodeError.Layer,
        carrier: IPHeader?
    ) throws(DecodeError) {
        try countHeader(layer)
        guard tunnelCount < Self.mostTunnels else { throw DecodeError(layer, offset: 0, .tooDeep) }
        tunnelCount += 1
        tunnel = Tunnel(kind, id: id)
        sidenote = .tunnel(kind)
        if let carrier {
            outer = OuterPath(source: carrier.source, destination: carrier.destination, vlans: vlans)
        } else {
            let path = vlans.isEmpty ? outer?.vlans ?? vlans : vlans
            outer = OuterPath(source: outer?.source, destination: outer?.destination, vlans: path)
        }
        sourceMAC = nil
        destinationMAC = nil
        vlans = VLANStack()
        mirroredVLAN = 0
        ip = nil
    }
}
