internal import VRRPFacts
internal import VRRPWire

// The blocks of a pcapng file and their options, as values (draft-ietf-opsawg-pcapng).

/// The options that end a block: code, length, value padded to 32 bits.
struct PcapNGOptions: ~Escapable {
    private let bytes: Span<UInt8>
    private let order: ByteOrder
    private var place: Int
    private(set) var code: UInt16 = 0
    /// The place of the current option's value in the bytes.
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

enum PcapNGOption {
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

/// The meaning of the two times of an Interface Statistics Block in an extract, by its comment.
///
/// The words are for people, who see them in Wireshark, and for this reader alike.
enum StatisticsRemark: Hashable {
    case blindSpot(BlindSpot.Reason)
    case endOfObservation

    init?(comment: String) {
        let words = comment.split(separator: " ")
        switch words.prefix(3) {
        case ["vrrpwatch:", "end", "of"] where words.dropFirst(3) == ["observation"]: self = .endOfObservation
        case ["vrrpwatch:", "blind", "spot:"]:
            switch (words.dropFirst(3).first, words.dropFirst(4).first) {
            case ("lost", let count?): self = .blindSpot(.dropped(Int(clamping: UInt64(count) ?? 0)))
            case ("link", _): self = .blindSpot(.linkDown)
            case ("between", _): self = .blindSpot(.betweenFiles)
            case ("damaged", _): self = .blindSpot(.damaged)
            case ("clock", _): self = .blindSpot(.clockStep)
            case (_, _): return nil
            }
        default: return nil
        }
    }

    var comment: String {
        switch self {
        case .endOfObservation: "vrrpwatch: end of observation"
        case .blindSpot(.dropped(let count)): "vrrpwatch: blind spot: lost \(count)"
        case .blindSpot(.linkDown): "vrrpwatch: blind spot: link down"
        case .blindSpot(.betweenFiles): "vrrpwatch: blind spot: between files"
        case .blindSpot(.damaged): "vrrpwatch: blind spot: damaged file"
        case .blindSpot(.clockStep): "vrrpwatch: blind spot: clock step"
        }
    }
}

/// The comments of a Section Header Block.
func sectionComments(_ block: Span<UInt8>, _ order: ByteOrder) -> [String] {
    let body = block.extracting(0..<block.count - 4)
    var comments: [String] = []
    var options = PcapNGOptions(body, at: 24, order)
    while options.next() {
        guard options.code == PcapNGOption.comment else { continue }
        comments.append(text(body.extracting(options.value), limit: OriginFile.longestName + 64))
    }
    return comments
}

/// The interface of a block, whose number is not yet known, and what tells it from others.
func interfaceDescription(
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
        case PcapNGOption.interfaceName where !value.isEmpty:
            // An empty name is none. Names come from files; the longest that Linux knows have 15 bytes, Windows' about 50.
            key.name = text(value, limit: 256)
        case PcapNGOption.comment:
            let comment = text(value, limit: 4096)
            key.origin = key.origin ?? InterfaceOrigin(comment: comment)
            switch InterfaceRemark(comment: comment) {
            case .sensor(let name): key.sensor = name
            case .longestSilence(let silence): interface.longestSilence = silence
            case nil: break
            }
        case PcapNGOption.timestampResolution where value.count == 1:
            interface.clock.resolution = value[0]
        case PcapNGOption.checkSequenceLength where value.count == 1:
            // The draft says bits, and its example looks like bytes: 4 and 32 are both four bytes.
            interface.checkSequence = value[0] >= 8 ? Int(value[0]) / 8 : Int(value[0])
        case PcapNGOption.timestampOffset where value.count == 8:
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

/// The reason why a packet block cannot be read; `text` is the end of a sentence.
struct PcapNGPacketFault: Error {
    var text: String
}

/// The fields of a packet block, with places relative to the block.
struct PcapNGPacket {
    var interface: Int
    /// The time in units of the interface's clock; `nil` in a Simple Packet Block.
    var ticks: UInt64?
    var captured: Int
    var original: Int
    var dataStart: Int
    /// Overrides the interface's.
    var checkSequence: Int?
    /// Packets that the interface lost since its packet before this one; `nil` if not said.
    var drops: UInt64?
    /// The frame's number and the number of its file, from 0, in an extract.
    var origin: FrameOrigin?
}

extension PcapNGPacket {
    /// Reads an Enhanced Packet Block, a Packet Block or a Simple Packet Block.
    static func read(
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

    mutating func readOptions(_ block: Span<UInt8>, _ order: ByteOrder) {
        let place = dataStart + (captured + 3) & ~3
        guard place < block.count - 4 else { return }
        let body = block.extracting(0..<block.count - 4)
        var options = PcapNGOptions(body, at: place, order)
        while options.next() {
            let value = options.value
            switch options.code {
            case PcapNGOption.packetFlags where value.count == 4:
                let length = Int(body.uint32(at: value.lowerBound, order) >> 5 & 0xf)
                checkSequence = length == 0 ? nil : length
            case PcapNGOption.packetDropCount where value.count == 8:
                drops = body.uint64(at: value.lowerBound, order)
            case PcapNGOption.comment where origin == nil:
                origin = FrameRemark.origin(in: body.extracting(value))
            default: break
            }
        }
    }
}

/// The fields of an Interface Statistics Block, in units of the interface's clock.
struct PcapNGStatistics {
    var interface: Int
    var ticks: UInt64
    var start: UInt64?
    var end: UInt64?
    /// Frames lost by interface and system since the capture began; `nil` if not said.
    var drops: UInt64?
    /// The meaning of the times, in an extract.
    var remark: StatisticsRemark?
    /// The place in the stream of a sensor, where the statistics are its heartbeat.
    var heartbeat: HeartbeatPosition?

    init?(_ block: Span<UInt8>, _ order: ByteOrder) {
        guard block.count >= 24 else { return nil }
        interface = Int(block.uint32(at: 8, order))
        ticks = UInt64(block.uint32(at: 12, order)) << 32 | UInt64(block.uint32(at: 16, order))
        let body = block.extracting(0..<block.count - 4)
        var options = PcapNGOptions(body, at: 20, order)
        while options.next() {
            if options.code == PcapNGOption.comment {
                let comment = text(body.extracting(options.value), limit: 256)
                remark = remark ?? StatisticsRemark(comment: comment)
                heartbeat = heartbeat ?? HeartbeatPosition(comment: comment)
            }
            guard options.value.count == 8 else { continue }
            let place = options.value.lowerBound
            switch options.code {
            case PcapNGOption.statisticsStart: start = body.ticks(at: place, order)
            case PcapNGOption.statisticsEnd: end = body.ticks(at: place, order)
            case PcapNGOption.interfaceDrops, PcapNGOption.systemDrops:
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
