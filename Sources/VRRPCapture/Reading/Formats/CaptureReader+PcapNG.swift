internal import VRRPFacts
internal import VRRPWire

extension CaptureReader {
    /// Moves to the next packet block, reading what lies between.
    ///
    /// A block whose two lengths disagree ends reading, because the bytes behind it would be guesswork. A block with
    /// wrong contents is skipped.
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
        endSectionOfSensor()
        pcapNG.isInSection = true
        pcapNG.sectionOffset = start
        let comments = withUnread(length) { sectionComments($0, order) }
        beginSectionOfSensor(comments.lazy.compactMap(SensorPosition.init(comment:)).first)
        pcapNG.extract.begin(comments)
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
        key.sensor = pcapNG.streams.sensor?.name ?? key.sensor
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
            interfaceSensors.append(key.sensor)
            interfaceSilences.append(interface.longestSilence)
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
            if pcapNG.streams.isRepeated(behind: nextNumber - 1) {
                passOverFrame(length)
                return false
            }
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
        if pcapNG.extract.namesFiles, let origin = packet.origin.flatMap(pcapNG.extract.resolved) {
            statedOrigin = (nextNumber - 1, origin)
        }
        if let hole = pcapNG.streams.takeHole(before: instant) { queue(hole) }
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
            queue(BlindSpot(from: start, to: instant, .dropped(Int(clamping: drops))))
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
        if let heartbeat = statistics.heartbeat, pcapNG.streams.sensor != nil {
            take(heartbeat, statistics, interface, at: start)
            guard let heartbeatListener else { return }
            var spots: [BlindSpot] = []
            while let spot = takeGap() { spots.append(spot) }
            heartbeatListener(interface.clock.instant(ticks: statistics.end ?? statistics.ticks), spots)
            return
        }
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
            queue(BlindSpot(from: start, to: time, .dropped(Int(clamping: unseen))))
        }
        interface.statisticsInstant = time
        interface.statisticsDrops = max(interface.statisticsDrops, drops)
        interface.packetDropsSinceStatistics = 0
        dropped = (dropped ?? 0).saturatingAdd(interface.drops - known)
        pcapNG.interfaces[statistics.interface] = interface
    }
}

// MARK: - Sensors

extension CaptureReader {
    /// Begins a section of a sensor's stream, or of none.
    private mutating func beginSectionOfSensor(_ position: SensorPosition?) {
        let missing = pcapNG.streams.beginSection(position, nextNumber - 1)
        if missing > 0, let position { reportMissing(missing, of: position.sensor, at: pcapNG.sectionOffset) }
    }

    /// Ends the section that is read, and says how much of it was there before.
    mutating func endSectionOfSensor() {
        guard let (repeated, sensor) = pcapNG.streams.endSection(nextNumber - 1, at: instant), repeated > 0 else {
            return
        }
        report(
            .repeated,
            at: pcapNG.sectionOffset,
            "The section repeats \(repeated) packets of sensor \(sensor.name), which are passed over."
        )
    }

    private mutating func reportMissing(_ count: UInt64, of sensor: Sensor, at start: UInt64) {
        report(
            .dropped,
            at: start,
            isDamage: true,
            "\(count) packets that sensor \(sensor.name) captured are missing before this place."
        )
    }

    /// Takes a sensor's heartbeat: up to when it saw everything, and what it lost or what was lost of its stream.
    private mutating func take(
        _ position: HeartbeatPosition,
        _ statistics: PcapNGStatistics,
        _ interface: PcapNGInterface,
        at start: UInt64
    ) {
        let time = interface.clock.instant(ticks: statistics.end ?? statistics.ticks)
        let known = firstInstant == nil ? captureEnd ?? time : max(captureEnd ?? instant, instant)
        if time - known <= Self.longestPause { captureEnd = max(captureEnd ?? time, time) }
        if let hole = pcapNG.streams.takeHole(before: time) { queue(hole) }
        let drops = statistics.drops ?? 0
        guard
            let finding = pcapNG.streams.take(position, at: time, drops: drops, on: interface.number, nextNumber - 1)
        else { return }
        let since = finding.since ?? firstInstant ?? time
        if finding.missing > 0 {
            queue(BlindSpot(from: since, to: time, .dropped(Int(clamping: finding.missing))))
            if let sensor = pcapNG.streams.sensor { reportMissing(finding.missing, of: sensor, at: start) }
        }
        if finding.dropped > 0 { queue(BlindSpot(from: since, to: time, .dropped(Int(clamping: finding.dropped)))) }
        dropped = (dropped ?? 0).saturatingAdd(finding.dropped)
    }

    /// Takes statistics of an extract for what they were in the captures that it is of.
    private mutating func note(_ remark: StatisticsRemark, _ statistics: PcapNGStatistics, _ clock: PcapNGClock) {
        let end = clock.instant(ticks: statistics.end ?? statistics.ticks)
        let start = statistics.start.map(clock.instant(ticks:)) ?? end
        switch remark {
        case .blindSpot(let reason): queue(BlindSpot(from: start, to: end, reason))
        case .endOfObservation: captureEnd = max(captureEnd ?? end, end)
        }
    }
}
