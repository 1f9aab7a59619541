import VRRPCapture
internal import VRRPFacts
import VRRPReport
import VRRPTracker
import VRRPWire

/// The fuzz targets: each does something with any bytes without a trap, and checks that the results add up.
///
/// The raw values name the folders of the corpus and, in the environment, the target to run.
package enum Exercise: String, CaseIterable, Sendable {
    case frame = "FuzzFrame"
    case pcap = "FuzzPcap"
    case pcapNG = "FuzzPcapNG"
    case tracker = "FuzzTracker"
    case configuration = "FuzzConfiguration"
    case bundle = "FuzzBundle"

    /// Does it for one of many inputs, of which one in 256 is printed, for printing takes longer than all the rest.
    ///
    /// A choice that the fuzzer could learn would make it spend its time on printing.
    package func run(_ bytes: Span<UInt8>) {
        // FNV-1a.
        var hash: UInt32 = 2_166_136_261
        for index in bytes.indices { hash = (hash ^ UInt32(bytes[index])) &* 16_777_619 }
        run(bytes, prints: hash >> 24 == 0)
    }

    /// Does it, and prints what comes of it or not.
    package func run(_ bytes: Span<UInt8>, prints: Bool) {
        switch self {
        case .frame: exerciseFrame(bytes, prints: prints)
        case .pcap: exerciseCapture(bytes, magic: [0xd4, 0xc3, 0xb2, 0xa1], prints: prints)
        case .pcapNG: exerciseCapture(bytes, magic: [0x0a, 0x0d, 0x0d, 0x0a], prints: prints)
        case .tracker: exerciseTracker(bytes, prints: prints)
        case .configuration: exerciseConfiguration(bytes, prints: prints)
        case .bundle: exerciseBundle(bytes)
        }
    }
}

/// Decodes a frame, whose link type the first two bytes state, and prints it where there is something to print.
///
/// A number that is not read stands for Ethernet, so that most changes of it still lead to a frame; 0xffff stands for
/// itself.
private func exerciseFrame(_ bytes: Span<UInt8>, prints: Bool) {
    guard bytes.count >= 2 else { return }
    let stated = LinkType(rawValue: UInt32(bytes.uint16(at: 0)))
    let linkType = stated.isSupported || stated.rawValue == 0xffff ? stated : .ethernet
    let data = bytes.extracting(2..<bytes.count)
    let frame = DecodedFrame(data, linkType: linkType)
    check(frame, of: data.count)
    guard frame.isRelevant, prints else { return }
    let sighting = Sighting(FrameReference(capture: 0, frame: 1), at: CaptureInstant(nanoseconds: 1))
    var keys = AuthenticationKeys()
    guard let record = PacketRecord(frame, sighting, interface: nil, keys: &keys) else {
        // Nested too deep to say what it is.
        return precondition(frame.stop?.reason == .tooDeep, "a relevant frame is told of")
    }
    var options = TextReport.Options()
    options.isVerbose = true
    precondition(!record.json.compactText.isEmpty && !record.text(options).isEmpty)
}

/// Whether the lengths of what was decoded lie within the frame.
private func check(_ frame: borrowing DecodedFrame, of count: Int) {
    precondition(frame.vlans.identifiers.count <= VLANStack.capacity)
    switch frame.payload {
    case .vrrp(let packet):
        precondition(packet.bytes.count >= 8 && packet.bytes.count <= count)
        precondition(packet.readableAddressCount <= packet.addressCount)
        let addressLength = packet.family == .ipv4 ? 4 : 16
        precondition(8 + packet.readableAddressCount * addressLength <= packet.bytes.count)
        // By the IP length, which the capture may have cut.
        precondition((0...65_535).contains(packet.trailingByteCount))
        for index in 0..<packet.readableAddressCount { precondition(packet.address(at: index).family == packet.family) }
    case .carp, .arp, .neighborAdvertisement, .hsrp, .glbp, .icmpError, .none: break
    }
}

/// Reads a capture, tracks what is in it and reports it.
///
/// The first byte tells whether to salvage, and whether to put the format's magic number in the place of the first four
/// bytes, so that fuzzing need not find it.
private func exerciseCapture(_ bytes: Span<UInt8>, magic: [UInt8], prints: Bool) {
    guard bytes.count > 0 else { return }
    var input = [UInt8](capacity: bytes.count + 3) { target in
        for byte in magic { target.append(byte) }
        for index in 1..<bytes.count where index > 4 || bytes[0] & 2 == 0 { target.append(bytes[index]) }
    }
    if bytes[0] & 2 == 0 { input.removeFirst(magic.count) }
    let salvages = bytes[0] & 1 != 0
    guard let file = try? CaptureFile(bytes: input, path: "fuzz", salvages: salvages) else { return }
    check(file, input.count, reports: prints)
}

private func check(_ file: CaptureFile, _ size: Int, reports: Bool) {
    var analysis = Analysis()
    var number = 0
    var total = 0
    var isThere = file.advance()
    while isThere {
        noteGaps(of: file, &analysis)
        isThere = file.lendFrames(until: .distantFuture) { frame in
            precondition(frame.number > number && frame.originalLength >= 0)
            number = frame.number
            total += frame.bytes.count
            guard reports else {
                _ = DecodedFrame(frame.bytes, linkType: frame.linkType)
                return .continue
            }
            let reference = FrameReference(capture: 0, frame: frame.number)
            let sighting = Sighting(reference, at: frame.instant, interface: frame.interface)
            _ = analysis.take(frame.bytes, linkType: frame.linkType, sighting)
            return .continue
        }
    }
    noteGaps(of: file, &analysis)
    let summary = file.summary
    // No byte is lent twice, and records have headers.
    precondition(total <= size && summary.bytes <= UInt64(size) && summary.packets >= number)
    precondition(summary.problems.allSatisfy { $0.offset ?? 0 <= UInt64(size) && !$0.message.isEmpty })
    precondition(!file.advance())
    guard reports else { return }
    analysis.finish(at: summary.captureEnd)
    checkHistories(analysis.observation)
    report(analysis.observation, [summary])
}

private func noteGaps(of file: CaptureFile, _ analysis: inout Analysis) {
    while let gap = file.takeBlindSpot() {
        precondition(gap.start <= gap.end)
        analysis.take(gap)
    }
}
