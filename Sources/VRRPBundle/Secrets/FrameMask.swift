package import VRRPWire

/// Puts stand-ins in the place of passwords in captured frames.
///
/// The checksum moves along, so that it is as right or as wrong as before. Frames whose passwords cannot be found for sure are
/// left out: fragments, refusals that quote something unknown, and HSRP and GLBP, which have passwords of their own.
package struct FrameMask {
    /// The number of frames that were left out.
    package private(set) var leftOut = 0
    /// Whether a password was replaced.
    package private(set) var hasMasked = false

    package init() {}

    /// Masks a frame.
    ///
    /// - Parameters:
    ///   - bytes: the frame as captured.
    ///   - linkType: the type of its first header.
    ///   - mask: the stand-ins.
    /// - Returns: the frame without its password; `nil` for a frame to leave out.
    package mutating func masked(_ bytes: [UInt8], linkType: LinkType, _ mask: inout SecretMask) -> [UInt8]? {
        var result = bytes
        let span = bytes.span
        let frame = DecodedFrame(span, linkType: linkType)
        switch frame.payload {
        case .vrrp(let packet):
            guard let range = span.indices(of: packet.bytes) else { return leaveOut() }
            guard maskMessage(packet, at: range, in: &result, &mask) else { return leaveOut() }
        case .icmpError(let error):
            guard Self.blankQuote(of: error, in: &result) else { return leaveOut() }
        case .hsrp, .glbp: return leaveOut()
        case .none: if frame.isRelevant { return leaveOut() }
        case .carp, .arp, .neighborAdvertisement: break
        }
        return result
    }

    private mutating func leaveOut() -> [UInt8]? {
        leftOut += 1
        return nil
    }

    /// Masks a VRRP message; returns whether its password is known to be gone.
    private mutating func maskMessage(
        _ packet: borrowing VRRPPacket,
        at range: Range<Int>,
        in bytes: inout [UInt8],
        _ mask: inout SecretMask
    ) -> Bool {
        // Version 3 has no password, and Cisco's digest is none.
        guard packet.version != 3, packet.authentication != .ciscoMD5 else { return true }
        if packet.stop != nil {
            // What is broken may have a password anywhere behind its header.
            for index in range.dropFirst(8) { bytes[index] = 0 }
            hasMasked = true
            return true
        }
        guard packet.family == .ipv4, packet.authentication != .hmac, let data = packet.authenticationData else {
            return true
        }
        let end = range.lowerBound + packet.messageLength
        // Where the number of addresses is a lie, the password may lie behind the message.
        for index in range.dropFirst(packet.messageLength) { bytes[index] = 0 }
        guard data != 0 else { return true }
        let field = end - SecretMask.length..<end
        let old = Array(bytes[field])
        let standIn = Array(mask.standIn(for: old).utf8)
        bytes.replaceSubrange(field, with: standIn)
        hasMasked = true
        if packet.checksumKind == .valid {
            Self.moveChecksum(at: range.lowerBound + 6, by: old, standIn, in: &bytes)
        }
        return true
    }

    /// Changes a checksum as much as changed bytes ask for (RFC 1624 section 3).
    private static func moveChecksum(
        at place: Int,
        by old: [UInt8],
        _ new: [UInt8],
        in bytes: inout [UInt8]
    ) {
        func word(_ bytes: [UInt8], _ index: Int) -> UInt32 { UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1]) }
        var sum = ~(UInt32(bytes[place]) << 8 | UInt32(bytes[place + 1])) & 0xffff
        for index in stride(from: 0, to: SecretMask.length, by: 2) {
            sum += (~word(old, index) & 0xffff) + word(new, index)
        }
        while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
        bytes[place] = UInt8(truncatingIfNeeded: ~sum >> 8)
        bytes[place + 1] = UInt8(truncatingIfNeeded: ~sum)
    }

    /// Blanks what a refusal quotes of an advertisement behind its first eight bytes; returns whether the quote was found.
    private static func blankQuote(of error: ICMPError, in bytes: inout [UInt8]) -> Bool {
        let (width, place) = error.source.family == .ipv4 ? (4, 12) : (16, 8)
        let addresses = Self.bytes(of: error.source, width) + Self.bytes(of: error.destination, width)
        // The outer header has the addresses of the one who refuses, so the last place is that of the quote.
        var found: Int?
        for index in bytes.indices where index + addresses.count <= bytes.count && index >= place {
            if bytes[index..<index + addresses.count].elementsEqual(addresses) { found = index }
        }
        guard let start = found.map({ $0 - place }) else { return false }
        let header = width == 4 ? 4 * Int(bytes[start] & 0xf) : 40
        for index in bytes.indices.dropFirst(start + header + 8) { bytes[index] = 0 }
        return true
    }

    private static func bytes(of address: IPAddress, _ width: Int) -> [UInt8] {
        let (high, low) = (address.high, address.low)
        let all =
            (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
        return Array(all.suffix(width))
    }
}
