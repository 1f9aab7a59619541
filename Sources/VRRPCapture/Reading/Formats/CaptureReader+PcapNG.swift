internal import VRRPWire

/// What the blocks of a pcapng file have said so far (draft-ietf-opsawg-pcapng).
///
///     Block: type, total length, body padded to 32 bits, total length again
struct PcapNGState {
    /// Reads the same in either byte order.
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    /// Bytes of a block that are not its body.
    static let frameLength = 12
    /// How many interfaces a section, and all of them together, may describe.
    static let interfaceLimit = 4096

    var order = ByteOrder.little
    var isInSection = false
    /// The interfaces of the section, by the number that its packets bear.
    var interfaces: [PcapNGInterface] = []
    /// By how often the section described an interface of that name and link type before.
    var ordinals: [PcapNGInterface.Key: Int] = [:]
    /// The numbers of interfaces in the whole file.
    ///
    /// Concatenated captures describe the same interface once a section; it stays one interface for the consumer.
    var globals: [PcapNGInterface.Key: Int] = [:]
}

/// An interface of one section, by its Interface Description Block.
struct PcapNGInterface {
    /// What makes interfaces of different sections the same one.
    struct Key: Hashable {
        var name: String?
        var linkType: LinkType
        /// What the interface was in the captures that an extract is of.
        var origin: InterfaceOrigin?
        /// 0 for the first interface of that name, link type and origin in its section.
        var ordinal = 0
    }

    var number: Int
    var linkType: LinkType
    /// 0 for no limit.
    var snapLength: Int
    var checkSequence = 0
    var clock = PcapNGClock()
    var statisticsInstant: CaptureInstant?
    /// Frames lost by the drop counts of packets, and those of them since the last statistics.
    var packetDrops: UInt64 = 0
    var packetDropsSinceStatistics: UInt64 = 0
    /// Frames lost by the last statistics.
    var statisticsDrops: UInt64 = 0

    /// Both count the same frames, and neither need be complete.
    var drops: UInt64 { max(packetDrops, statisticsDrops) }
}

/// The unit of an interface's timestamps, `if_tsresol`, and where they start, `if_tsoffset`.
struct PcapNGClock {
    /// `if_tsresol`: the exponent of ten, or of two with the highest bit set; microseconds by default.
    var resolution: UInt8 = 6 {
        didSet { scale = resolution <= 9 ? Self.powerOfTen(9 - resolution) : 0 }
    }
    /// Whole seconds to add.
    var offset: Int64 = 0
    /// Nanoseconds a tick where that is a whole number, else 0.
    private var scale: UInt64 = 1000

    /// Nanoseconds a tick, or 0 where an instant takes more than that factor.
    var simpleScale: UInt64 { offset == 0 ? scale : 0 }

    /// The instant of a number of ticks; those out of range are clamped.
    func instant(ticks: UInt64) -> CaptureInstant {
        let origin = TimeSpan.seconds(offset)
        let (product, overflow) = ticks.multipliedReportingOverflow(by: scale)
        if scale != 0, !overflow {
            return CaptureInstant(nanoseconds: (TimeSpan(nanoseconds: Int64(clamping: product)) + origin).nanoseconds)
        }
        let exponent = resolution & 0x7f
        let nanoseconds: UInt64
        if resolution & 0x80 != 0 {
            let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
            nanoseconds = UInt64(clamping: (UInt128(high) << 64 | UInt128(low)) >> UInt128(exponent))
        } else if exponent > 9 {
            // Ticks are less than 10^20.
            nanoseconds = exponent - 9 > 19 ? 0 : ticks / Self.powerOfTen(exponent - 9)
        } else {
            // The product overflowed; an offset far in the past could bring it back, and nobody writes such files.
            nanoseconds = .max
        }
        return CaptureInstant(nanoseconds: (TimeSpan(nanoseconds: Int64(clamping: nanoseconds)) + origin).nanoseconds)
    }

    /// Ten to an exponent of at most 19, which fits.
    private static func powerOfTen(_ exponent: UInt8) -> UInt64 {
        (0..<exponent).reduce(1) { power, _ in power &* 10 }
    }
}

/// The options that end a block: code, length, value padded to 32 bits.
private struct PcapNGOptions: ~Escapable {
    private let bytes: Span<UInt8>
    private let order: ByteOrder
    private var place: Int
    private(set) var code: UInt16 = 0
    /// Where the value of the current option lies in the bytes.
    private(set) var value = 0..<0

    /// The options from a place on, which may be the end.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, at place: Int, _ order: ByteOrder) {
        self.bytes = bytes
        self.order = order
        self.place = place
    }

    /// Moves to the next option; false at the end mark, at the end, and where the rest makes no sense.
    @_lifetime(self: copy self)
    mutating func next() -> Bool {
        guard bytes.count - place >= 4 else { return false }
        code = bytes.uint16(at: place, order)
        let length = Int(bytes.uint16(at: place + 2, order))
        guard code != 0, length <= bytes.count - place - 4 else { return false }
        value = place + 4..<place + 4 + length
        place += 4 + (length + 3) & ~3
        return true
    }
}

/// Numbers of blocks and options.
enum Block {
    static let interfaceDescription: UInt32 = 1
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
    static let nameResolution: UInt32 = 4
    static let decryptionSecrets: UInt32 = 0x0a
    static let custom: UInt32 = 0xbad
    static let customNotToBeCopied: UInt32 = 0x4000_0bad

    static let byteOrderMagic: UInt32 = 0x1a2b_3c4d
}

private enum Option {
    static let comment: UInt16 = 1
    static let interfaceName: UInt16 = 2
    static let timestampResolution: UInt16 = 9
    static let checkSequenceLength: UInt16 = 13
    static let timestampOffset: UInt16 = 14

    static let packetFlags: UInt16 = 2
    static let packetDropCount: UInt16 = 4

    static let statisticsStart: UInt16 = 2
    static let statisticsEnd: UInt16 = 3
    static let interfaceDrops: UInt16 = 5
    static let systemDrops: UInt16 = 7
}

extension CaptureReader {
    /// Moves to the next packet block, reading what lies between.
    ///
    /// A block whose two lengths disagree ends reading, for what follows is guesswork; one that is wrong within is skipped.
    mutating func advancePcapNG() -> Bool {
        while true {
            let start = offset
            // The shortest block, so that the test for its length need not wait for more.
            guard ensure(PcapNGState.frameLength) else {
                let count = available
                guard count > 0 else { return end() }
                return endTruncated(at: start, "The file ends inside the header of a block: \(count) bytes are there.")
            }
            let order = pcapNG.order
            let (type, word, magic) = withUnread(PcapNGState.frameLength) { bytes in
                (bytes.uint32(at: 0, order), bytes.uint32(at: 4, order), bytes.uint32(at: 8))
            }
            if type == PcapNGState.sectionHeader {
                guard startSection(magic: magic, at: start) else { return false }
                continue
            }
            guard pcapNG.isInSection else {
                return endCorrupt(at: start, "A block stands before the first section header.")
            }
            let length = Int(word)
            guard length >= PcapNGState.frameLength, length % 4 == 0 else {
                return endCorrupt(at: start, "A block of type \(type) claims an impossible length of \(length) bytes.")
            }
            switch type {
            case Block.enhancedPacket, Block.packet, Block.simplePacket:
                guard holdBlock(length, type: type, at: start, frame: nextNumber) else { return false }
                if readPacket(type, length, at: start) { return true }
            case Block.interfaceDescription:
                guard holdBlock(length, type: type, at: start) else { return false }
                guard readInterface(length, at: start) else { return false }
            case Block.interfaceStatistics:
                guard holdBlock(length, type: type, at: start) else { return false }
                readStatistics(length, at: start)
            case _ where salvages && length <= Self.largestSalvagedBlock:
                // Held, so that what a wrong length swallows can be looked through.
                guard holdBlock(length, type: type, at: start) else { return false }
                consume(length)
            default:
                guard skipBlock(length, type: type, at: start) else { return false }
            }
        }
    }

    /// Brings a whole block into the buffer and compares its lengths; false where reading ends.
    private mutating func holdBlock(_ length: Int, type: UInt32, at start: UInt64, frame: Int? = nil) -> Bool {
        guard length <= Self.largestBlock else {
            return endCorrupt(
                at: start,
                frame: frame,
                "A block of type \(type) claims \(length) bytes, more than the \(Self.largestBlock) that are read."
            )
        }
        guard ensure(length) else {
            return endInsideBlock(length, type: type, at: start, missing: length - available, frame: frame)
        }
        let order = pcapNG.order
        let trailer = withUnread(length) { $0.uint32(at: length - 4, order) }
        return check(trailer, against: length, type: type, at: start, frame: frame)
    }

    /// Passes over a block without keeping it; false where reading ends.
    private mutating func skipBlock(_ length: Int, type: UInt32, at start: UInt64) -> Bool {
        let order = pcapNG.order
        guard skip(UInt64(length - 4)), ensure(4) else {
            let missing = length - Int(clamping: offset - start) - available
            return endInsideBlock(length, type: type, at: start, missing: missing)
        }
        let trailer = withUnread(4) { $0.uint32(at: 0, order) }
        guard check(trailer, against: length, type: type, at: start) else { return false }
        consume(4)
        return true
    }

    private mutating func endInsideBlock(
        _ length: Int,
        type: UInt32,
        at start: UInt64,
        missing: Int,
        frame: Int? = nil
    ) -> Bool {
        endTruncated(
            at: start,
            frame: frame,
            "The file ends inside a block of type \(type): \(length - missing) of \(length) bytes are there."
        )
    }

    private mutating func check(
        _ trailer: UInt32,
        against length: Int,
        type: UInt32,
        at start: UInt64,
        frame: Int? = nil
    ) -> Bool {
        if Int(trailer) == length { return true }
        return endCorrupt(
            at: start,
            frame: frame,
            "A block of type \(type) claims \(length) bytes at its start and \(trailer) at its end."
        )
    }

    /// Reads a Section Header Block, from which on byte order and interfaces are others; false where reading ends.
    private mutating func startSection(magic: UInt32, at start: UInt64) -> Bool {
        switch magic {
        case Block.byteOrderMagic: pcapNG.order = .big
        case Block.byteOrderMagic.byteSwapped: pcapNG.order = .little
        default: return endCorrupt(at: start, "A section header has no byte-order magic number.")
        }
        let order = pcapNG.order
        let length = withUnread(PcapNGState.frameLength) { Int($0.uint32(at: 4, order)) }
        guard length >= 28, length % 4 == 0 else {
            return endCorrupt(at: start, "A section header claims an impossible length of \(length) bytes.")
        }
        guard holdBlock(length, type: PcapNGState.sectionHeader, at: start) else { return false }
        let (major, minor) = withUnread(length) { ($0.uint16(at: 12, order), $0.uint16(at: 14, order)) }
        guard major == 1 else {
            report(
                .unsupported,
                at: start,
                isDamage: true,
                "Version \(major).\(minor) of the pcapng format is not read; version 1 is."
            )
            return end()
        }
        pcapNG.isInSection = true
        pcapNG.interfaces.removeAll(keepingCapacity: true)
        pcapNG.ordinals.removeAll(keepingCapacity: true)
        unsafe cursor.interfaces.removeAll(keepingCapacity: true)
        unsafe cursor.isSwapped = order == .big
        consume(length)
        return true
    }

    /// Reads an Interface Description Block; false where reading ends.
    private mutating func readInterface(_ length: Int, at start: UInt64) -> Bool {
        guard length >= 20 else {
            return endCorrupt(at: start, "An interface description of \(length) bytes is too short.")
        }
        let order = pcapNG.order
        var (interface, key) = withUnread(length) { interfaceDescription($0, order) }
        let ordinal = pcapNG.ordinals[key, default: 0]
        pcapNG.ordinals[key] = ordinal + 1
        key.ordinal = ordinal
        if let known = pcapNG.globals[key] {
            interface.number = known
        } else {
            interface.number = interfaceNames.count
            pcapNG.globals[key] = interface.number
            interfaceNames.append(key.name)
            interfaceOrigins.append(key.origin)
        }
        guard
            pcapNG.interfaces.count < PcapNGState.interfaceLimit, interfaceNames.count <= PcapNGState.interfaceLimit
        else {
            report(
                .unsupported,
                at: start,
                isDamage: true,
                "The file describes more than \(PcapNGState.interfaceLimit) interfaces; the rest is not read."
            )
            return end()
        }
        pcapNG.interfaces.append(interface)
        unsafe cursor.interfaces.append(
            CaptureCursor.Interface(
                number: interface.number,
                linkType: interface.linkType,
                scale: interface.checkSequence == 0 ? interface.clock.simpleScale : 0,
                largestCount: interface.snapLength == 0 || hasOversizedFrame ? Self.largestFrame : interface.snapLength
            )
        )
        if interface.snapLength > 0 {
            snapLength = min(snapLength ?? .max, interface.snapLength)
        }
        note(interface.linkType, at: start)
        consume(length)
        return true
    }

    /// Reads a packet block that is in the buffer; false where it is skipped as corrupt.
    private mutating func readPacket(_ type: UInt32, _ length: Int, at start: UInt64) -> Bool {
        let order = pcapNG.order
        switch withUnread(length, { PcapNGPacket.read(type, $0, order, pcapNG.interfaces) }) {
        case .success(let packet):
            deliver(packet, length, at: start)
            return true
        case .failure(let reason):
            skipFrame(at: start, "Packet \(nextNumber) is skipped: \(reason.text)")
            consume(length)
            return false
        }
    }

    private mutating func deliver(_ packet: PcapNGPacket, _ length: Int, at start: UInt64) {
        let interface = pcapNG.interfaces[packet.interface]
        let time = packet.ticks.map(interface.clock.instant(ticks:))
        if time == nil, noteUntimedFrame() {
            report(
                .unsupported,
                at: start,
                frame: nextNumber,
                "Packet \(nextNumber) bears no time; such packets take the time of the packet before them."
            )
        }
        if unsafe packet.captured > cursor.interfaces[packet.interface].largestCount {
            noteOversized(packet.captured, limit: interface.snapLength, at: start)
        }
        let before = unsafe cursor.interfaces[packet.interface].previousInstant
        deliver(
            skip: packet.dataStart,
            count: packet.captured,
            length: length,
            originalLength: packet.original,
            checkSequence: packet.checkSequence ?? interface.checkSequence,
            instant: time ?? instant,
            interface: interface.number,
            linkType: interface.linkType
        )
        unsafe cursor.interfaces[packet.interface].previousInstant = instant.nanoseconds
        if let drops = packet.drops {
            count(drops, before: before.map(CaptureInstant.init(nanoseconds:)), on: packet.interface)
        }
    }

    /// Counts packets that an interface lost since its packet before this one.
    private mutating func count(_ drops: UInt64, before: CaptureInstant?, on index: Int) {
        let known = pcapNG.interfaces[index].drops
        pcapNG.interfaces[index].packetDrops = pcapNG.interfaces[index].packetDrops.saturatingAdd(drops)
        pcapNG.interfaces[index].packetDropsSinceStatistics =
            pcapNG.interfaces[index].packetDropsSinceStatistics.saturatingAdd(drops)
        dropped = (dropped ?? 0).saturatingAdd(pcapNG.interfaces[index].drops - known)
        if drops > 0 {
            let start = before ?? firstInstant ?? instant
            queue(ObservationGap(start: start, end: instant, droppedFrames: drops, cause: .dropped))
        }
    }

    /// Reads an Interface Statistics Block; one that makes no sense is passed over.
    private mutating func readStatistics(_ length: Int, at start: UInt64) {
        defer { consume(length) }
        let order = pcapNG.order
        guard
            let statistics = withUnread(length, { PcapNGStatistics($0, order) }),
            pcapNG.interfaces.indices.contains(statistics.interface)
        else {
            report(.corrupt, at: start, "Statistics that belong to no interface are passed over.")
            return
        }
        var interface = pcapNG.interfaces[statistics.interface]
        if let remark = statistics.remark {
            note(remark, statistics, interface.clock)
            pcapNG.interfaces[statistics.interface].statisticsDrops = statistics.drops ?? interface.statisticsDrops
            if let drops = statistics.drops {
                dropped = (dropped ?? 0).saturatingAdd(drops - min(drops, interface.statisticsDrops))
            }
            return
        }
        if let end = statistics.end.map(interface.clock.instant(ticks:)) {
            captureEnd = max(captureEnd ?? end, end)
        }
        guard let drops = statistics.drops else { return }
        let known = interface.drops
        let time = interface.clock.instant(ticks: statistics.end ?? statistics.ticks)
        // The counter may restart when the capture does.
        let growth = drops >= interface.statisticsDrops ? drops - interface.statisticsDrops : drops
        let unseen = growth - min(growth, interface.packetDropsSinceStatistics)
        if unseen > 0 {
            let began = statistics.start.map(interface.clock.instant(ticks:))
            let start = interface.statisticsInstant ?? began ?? firstInstant ?? time
            queue(ObservationGap(start: start, end: time, droppedFrames: unseen, cause: .dropped))
        }
        interface.statisticsInstant = time
        interface.statisticsDrops = max(interface.statisticsDrops, drops)
        interface.packetDropsSinceStatistics = 0
        dropped = (dropped ?? 0).saturatingAdd(interface.drops - known)
        pcapNG.interfaces[statistics.interface] = interface
    }
}

extension CaptureReader {
    /// Takes statistics of an extract for what they were in the captures that it is of.
    private mutating func note(_ remark: StatisticsRemark, _ statistics: PcapNGStatistics, _ clock: PcapNGClock) {
        let end = clock.instant(ticks: statistics.end ?? statistics.ticks)
        let start = statistics.start.map(clock.instant(ticks:)) ?? end
        switch remark {
        case .blindSpot(let cause, let count):
            queue(ObservationGap(start: start, end: end, droppedFrames: count, cause: cause))
        case .endOfObservation: captureEnd = max(captureEnd ?? end, end)
        }
    }
}

/// What the comment of an Interface Statistics Block in an extract says about its two times.
///
/// The words are for people, who see them in Wireshark, and for this reader alike.
enum StatisticsRemark: Hashable {
    case blindSpot(ObservationGap.Cause, UInt64)
    case endOfObservation

    init?(comment: String) {
        let words = comment.split(separator: " ")
        switch words.prefix(3) {
        case ["vrrpwatch:", "end", "of"] where words.dropFirst(3) == ["observation"]: self = .endOfObservation
        case ["vrrpwatch:", "blind", "spot:"]:
            switch (words.dropFirst(3).first, words.dropFirst(4).first) {
            case ("lost", let count?): self = .blindSpot(.dropped, UInt64(count) ?? 0)
            case ("link", _): self = .blindSpot(.linkDown, 0)
            case ("between", _): self = .blindSpot(.betweenFiles, 0)
            case ("damaged", _): self = .blindSpot(.damage, 0)
            case (_, _): return nil
            }
        default: return nil
        }
    }

    var comment: String {
        switch self {
        case .endOfObservation: "vrrpwatch: end of observation"
        case .blindSpot(.dropped, let count): "vrrpwatch: blind spot: lost \(count)"
        case .blindSpot(.linkDown, _): "vrrpwatch: blind spot: link down"
        case .blindSpot(.betweenFiles, _): "vrrpwatch: blind spot: between files"
        case .blindSpot(.damage, _): "vrrpwatch: blind spot: damaged file"
        }
    }
}

/// The interface of a block, whose number is not yet known, and what tells it from others.
private func interfaceDescription(
    _ block: Span<UInt8>,
    _ order: ByteOrder
) -> (PcapNGInterface, PcapNGInterface.Key) {
    let limit = block.uint32(at: 12, order)
    var interface = PcapNGInterface(
        number: 0,
        linkType: LinkType(rawValue: UInt32(block.uint16(at: 8, order))),
        snapLength: limit > Int32.max ? 0 : Int(limit)
    )
    var key = PcapNGInterface.Key(name: nil, linkType: interface.linkType)
    let body = block.extracting(0..<block.count - 4)
    var options = PcapNGOptions(body, at: 16, order)
    while options.next() {
        let value = body.extracting(options.value)
        switch options.code {
        case Option.interfaceName:
            // Names come from files; the longest that Linux knows have 15 bytes, Windows' about 50.
            key.name = text(value, limit: 256)
        case Option.comment where key.origin == nil:
            key.origin = InterfaceOrigin(comment: text(value, limit: 4096))
        case Option.timestampResolution where value.count == 1:
            interface.clock.resolution = value[0]
        case Option.checkSequenceLength where value.count == 1:
            // The draft says bits, and its example looks like bytes: 4 and 32 are both four bytes.
            interface.checkSequence = value[0] >= 8 ? Int(value[0]) / 8 : Int(value[0])
        case Option.timestampOffset where value.count == 8:
            interface.clock.offset = Int64(bitPattern: value.uint64(at: 0, order))
        default: break
        }
    }
    return (interface, key)
}

/// The text of an option, cut where it is longer than anything of use.
private func text(_ value: Span<UInt8>, limit: Int) -> String {
    String(decoding: (0..<min(value.count, limit)).map { value[$0] }, as: UTF8.self)
}

/// Why a packet block cannot be read; `text` is the end of a sentence.
private struct PcapNGPacketFault: Error {
    var text: String
}

/// What a packet block says, with places relative to the block.
private struct PcapNGPacket {
    var interface: Int
    /// In units of the interface's clock; `nil` in a Simple Packet Block.
    var ticks: UInt64?
    var captured: Int
    var original: Int
    var dataStart: Int
    /// Overrides the interface's.
    var checkSequence: Int?
    /// Packets that the interface lost since its packet before this one; `nil` if not said.
    var drops: UInt64?
}

extension PcapNGPacket {
    /// Reads an Enhanced Packet Block, a Packet Block or a Simple Packet Block.
    fileprivate static func read(
        _ type: UInt32,
        _ block: Span<UInt8>,
        _ order: ByteOrder,
        _ interfaces: [PcapNGInterface]
    ) -> Result<Self, PcapNGPacketFault> {
        var packet = PcapNGPacket(interface: 0, captured: 0, original: 0, dataStart: 28)
        let least = type == Block.simplePacket ? 16 : 32
        guard block.count >= least else {
            return fault("its block of \(block.count) bytes is too short.")
        }
        switch type {
        case Block.enhancedPacket: packet.interface = Int(block.uint32(at: 8, order))
        case Block.packet:
            packet.interface = Int(block.uint16(at: 8, order))
            let drops = block.uint16(at: 10, order)
            packet.drops = drops == .max ? nil : UInt64(drops)
        default: break
        }
        guard packet.interface < interfaces.count else {
            return fault("no interface \(packet.interface) has been described.")
        }
        if type == Block.simplePacket {
            packet.dataStart = 12
            packet.original = Int(block.uint32(at: 8, order))
            let limit = interfaces[0].snapLength
            packet.captured = min(packet.original, limit == 0 ? .max : limit, block.count - 16)
        } else {
            packet.ticks = UInt64(block.uint32(at: 12, order)) << 32 | UInt64(block.uint32(at: 16, order))
            packet.captured = Int(block.uint32(at: 20, order))
            packet.original = Int(block.uint32(at: 24, order))
        }
        guard packet.captured <= block.count - packet.dataStart - 4 else {
            return fault("it claims \(packet.captured) captured bytes in a block of \(block.count) bytes.")
        }
        guard packet.captured <= CaptureReader.largestFrame else {
            return fault(
                """
                it claims \(packet.captured) captured bytes, more than the \(CaptureReader.largestFrame) that a \
                packet can have.
                """
            )
        }
        if type != Block.simplePacket {
            packet.readOptions(block, order)
        }
        return .success(packet)
    }

    private static func fault(_ text: String) -> Result<Self, PcapNGPacketFault> {
        .failure(PcapNGPacketFault(text: text))
    }

    fileprivate mutating func readOptions(_ block: Span<UInt8>, _ order: ByteOrder) {
        let place = dataStart + (captured + 3) & ~3
        guard place < block.count - 4 else { return }
        let body = block.extracting(0..<block.count - 4)
        var options = PcapNGOptions(body, at: place, order)
        while options.next() {
            let value = options.value
            switch options.code {
            case Option.packetFlags where value.count == 4:
                let length = Int(body.uint32(at: value.lowerBound, order) >> 5 & 0xf)
                checkSequence = length == 0 ? nil : length
            case Option.packetDropCount where value.count == 8:
                drops = body.uint64(at: value.lowerBound, order)
            default: break
            }
        }
    }
}

/// What an Interface Statistics Block says, in units of the interface's clock.
private struct PcapNGStatistics {
    var interface: Int
    var ticks: UInt64
    var start: UInt64?
    var end: UInt64?
    /// Frames lost by interface and system since the capture began; `nil` if not said.
    var drops: UInt64?
    /// What an extract says about the times.
    var remark: StatisticsRemark?

    init?(_ block: Span<UInt8>, _ order: ByteOrder) {
        guard block.count >= 24 else { return nil }
        interface = Int(block.uint32(at: 8, order))
        ticks = UInt64(block.uint32(at: 12, order)) << 32 | UInt64(block.uint32(at: 16, order))
        let body = block.extracting(0..<block.count - 4)
        var options = PcapNGOptions(body, at: 20, order)
        while options.next() {
            if options.code == Option.comment, remark == nil {
                remark = StatisticsRemark(comment: text(body.extracting(options.value), limit: 256))
            }
            guard options.value.count == 8 else { continue }
            let place = options.value.lowerBound
            switch options.code {
            case Option.statisticsStart: start = body.ticks(at: place, order)
            case Option.statisticsEnd: end = body.ticks(at: place, order)
            case Option.interfaceDrops, Option.systemDrops:
                drops = (drops ?? 0).saturatingAdd(body.uint64(at: place, order))
            default: break
            }
        }
    }
}

extension Span where Element == UInt8 {
    /// A timestamp, whose upper half comes first in either byte order.
    fileprivate func ticks(at offset: Int, _ order: ByteOrder) -> UInt64 {
        UInt64(uint32(at: offset, order)) << 32 | UInt64(uint32(at: offset + 4, order))
    }
}
