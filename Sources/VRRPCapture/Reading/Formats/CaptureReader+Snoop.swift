internal import VRRPFacts
internal import VRRPWire

/// The layout of a snoop file (RFC 1761), in network byte order.
///
///     File header, 16 bytes: "snoop" and three zeros, version, data link
///     Record header, 24 bytes: original length, included length, record length, cumulative drops, seconds, microseconds
enum SnoopLayout {
    /// The first four bytes; the other four are "p" and three zeros.
    static let magic: UInt32 = 0x736e_6f6f
    static let fileHeaderLength = 16
    static let recordHeaderLength = 24
    /// The most bytes that a record may have behind its packet; writers pad to four bytes.
    static let largestPadding = 4096

    /// The link type for a data link of RFC 1761 that its frames can be read as.
    static func linkType(_ dataLink: UInt32) -> LinkType? {
        switch dataLink {
        // IEEE 802.3 and Ethernet have one header; the length or type in it tells them apart.
        case 0, 4: .ethernet
        default: nil
        }
    }
}

extension CaptureReader {
    /// Reads the file header; one that is cut short leaves a capture without frames.
    ///
    /// Throws ``CaptureError`` with `unsupported` for other versions than 2 and data links that are not Ethernet.
    mutating func readSnoopHeader() throws(CaptureError) {
        guard ensure(SnoopLayout.fileHeaderLength) else {
            let count = available
            _ = endTruncated(
                at: 0,
                "The file ends inside its header: \(count) of \(SnoopLayout.fileHeaderLength) bytes are there."
            )
            endAtDamage()
            return
        }
        let (version, dataLink) = withUnread(SnoopLayout.fileHeaderLength) { ($0.uint32(at: 8), $0.uint32(at: 12)) }
        guard version == 2 else {
            throw CaptureError(
                .unsupported,
                path: path,
                detail: "Version \(version) of the snoop format is not read; version 2 is.",
                offset: 8
            )
        }
        guard let linkType = SnoopLayout.linkType(dataLink) else {
            throw CaptureError(
                .unsupported,
                path: path,
                detail: "Data link \(dataLink) of the snoop format is not read; Ethernet is.",
                offset: 12,
                hint: "editcap -F pcapng FILE - | vrrpwatch -"
            )
        }
        interfaceNames = [nil]
        note(linkType, at: 12)
        unsafe cursor.linkType = linkType
        consume(SnoopLayout.fileHeaderLength)
    }
}

extension RecordHeader {
    /// The header of a record of a snoop file.
    init(snoop bytes: Span<UInt8>) {
        original = Int(bytes.uint32(at: 0))
        captured = Int(bytes.uint32(at: 4))
        length = Int(bytes.uint32(at: 8))
        drops = bytes.uint32(at: 12)
        seconds = bytes.uint32(at: 16)
        fraction = bytes.uint32(at: 20)
    }
}
