internal import VRRPFacts
internal import VRRPWire

/// Going on behind damage: where something plausible follows, and what is plausible.
///
/// A record's header has no mark to be found by. What gives it away is that its lengths and its time make sense and that
/// another such header, or the end of the file, lies where its length says.
extension CaptureReader {
    /// The time in seconds by which a plausible record may lie before and behind the record in front of it.
    private static var plausiblePast: Int64 { 3600 }
    private static var plausibleFuture: Int64 { 30 * 86400 }
    /// The largest pcapng block that is taken for one behind damage; it bounds how much is held while looking.
    static var largestSalvagedBlock: Int { 1 << 20 }

    /// Moves to the next plausible record or block behind the place of damage; `nil` where there is none up to a place.
    mutating func findRecord(behind start: UInt64, before furthest: UInt64 = .max) -> UInt64? {
        // Some damage is found only after what it is about was passed over.
        if offset == start, ensure(1) { consume(1) }
        let isFound =
            switch format {
            case .pcap: findPcapRecord(before: furthest)
            case .pcapng: findPcapNGBlock()
            case .snoop, .live: false
            }
        return isFound ? offset : nil
    }

    private mutating func findPcapRecord(before furthest: UInt64) -> Bool {
        let layout = pcap
        while offset <= furthest, ensure(layout.headerLength) {
            let record = withUnread(layout.headerLength) { RecordHeader(pcap: $0, layout) }
            if isPlausible(record, after: firstInstant == nil ? nil : instant),
                ensure(record.length), isFollowedPlausibly(record, orCut: true)
            {
                return true
            }
            consume(1)
        }
        return false
    }

    /// Whether a record, whose bytes are in the buffer, is good enough to be delivered while salvaging.
    mutating func isTrustworthy(_ record: RecordHeader) -> Bool {
        // A wrong length is seldom that of the whole packet as well.
        let isWhole = record.captured == min(record.original, snapLength ?? .max)
        return isWhole && isPlausible(record, after: firstInstant == nil ? nil : instant)
            || isFollowedPlausibly(record, orCut: false)
    }

    private func isPlausible(_ record: RecordHeader, after previous: CaptureInstant?) -> Bool {
        guard
            (1...Self.largestFrame).contains(record.captured),
            (record.captured...Self.largestFrame).contains(record.original),
            record.fraction < pcap.fractionsPerSecond, record.seconds > 0
        else {
            return false
        }
        guard let previous else { return true }
        let distance = record.instant - previous
        return distance >= .seconds(-Self.plausiblePast) && distance <= .seconds(Self.plausibleFuture)
    }

    /// Whether behind a record there is another plausible one, the end, or a header that the end cuts short.
    private mutating func isFollowedPlausibly(_ record: RecordHeader, orCut isCutEnough: Bool) -> Bool {
        let layout = pcap
        let length = record.length
        guard ensure(length + layout.headerLength) else { return isCutEnough || available == length }
        let next = withUnread(length + layout.headerLength) { bytes in
            RecordHeader(pcap: bytes.extracting(length..<length + layout.headerLength), layout)
        }
        return isPlausible(next, after: record.instant)
    }

    private mutating func findPcapNGBlock() -> Bool {
        while ensure(PcapNGState.frameLength) {
            let order = pcapNG.order
            let (type, word, magic) = withUnread(PcapNGState.frameLength) { bytes in
                (bytes.uint32(at: 0, order), bytes.uint32(at: 4, order), bytes.uint32(at: 8))
            }
            var length = Int(word)
            var isKnown = pcapNG.isInSection && Self.isKnownBlock(type)
            var lengthOrder = order
            let isBig = magic == Block.byteOrderMagic
            if type == PcapNGState.sectionHeader, isBig || magic.byteSwapped == Block.byteOrderMagic {
                lengthOrder = isBig ? .big : .little
                length = withUnread(PcapNGState.frameLength) { Int($0.uint32(at: 4, lengthOrder)) }
                isKnown = true
            }
            if isKnown, length >= PcapNGState.frameLength, length % 4 == 0, length <= Self.largestSalvagedBlock,
                ensure(length), withUnread(length, { Int($0.uint32(at: length - 4, lengthOrder)) }) == length
            {
                return true
            }
            consume(1)
        }
        return false
    }

    private static func isKnownBlock(_ type: UInt32) -> Bool {
        switch type {
        case Block.interfaceDescription, Block.packet, Block.simplePacket, Block.nameResolution,
            Block.interfaceStatistics, Block.enhancedPacket, Block.decryptionSecrets, Block.custom,
            Block.customNotToBeCopied:
            true
        default: false
        }
    }
}
