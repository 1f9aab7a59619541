internal import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The bytes of a story, taken one by one; behind their end there are zeros.
private struct Script: ~Escapable {
    private let bytes: Span<UInt8>
    private var place = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place >= bytes.count }

    @_lifetime(self: copy self)
    mutating func next() -> UInt8 {
        guard place < bytes.count else { return 0 }
        defer { place += 1 }
        return bytes[place]
    }
}

/// Most steps of a story, so that none takes long.
private let mostSteps = 30

/// Plays a story of packets and times, and reports what the tracker makes of it.
///
/// A step is a byte that says what happens, in its lower four bits, and how much time passes before it, in its upper
/// four; some steps take further bytes.
func exerciseTracker(_ bytes: Span<UInt8>, prints: Bool) {
    var script = Script(bytes)
    var analysis = Analysis()
    var stage = Stage()
    for _ in 0..<mostSteps where !script.isAtEnd {
        let step = script.next()
        stage.pass(Stage.pauses[Int(step >> 4)])
        switch step & 0xf {
        case 0...6: stage.advertise(&analysis, router: script.next(), script.next(), change: script.next())
        case 7: stage.advertise(&analysis, router: script.next(), 0, change: 0x80)
        case 8, 9: stage.announce(&analysis, router: script.next(), script.next())
        case 10: stage.pass(TimeSpan(nanoseconds: -Int64(script.next()) * 100_000_000))
        case 11: stage.beBlind(&analysis, script.next(), script.next())
        case 12: stage.captureIsOther = script.next()
        case 13:
            analysis.advance(to: stage.now)
            // An observation that goes on holds together as one that has ended.
            checkHistories(analysis.observation)
        case 14: stage.sayCARP(&analysis, script.next())
        default:
            var raw = stage.lastFrame
            if !raw.isEmpty { raw[Int(script.next()) % raw.count] ^= script.next() }
            stage.send(raw, to: &analysis)
        }
    }
    analysis.finish()
    checkHistories(analysis.observation)
    if prints { report(analysis.observation, [CaptureDescription(source: "fuzz", format: .live)]) }
}

/// The speakers of a story, and the current time.
private struct Stage {
    /// The time that passes before a step, by the step's upper four bits.
    static let pauses: [TimeSpan] = [
        .zero, .milliseconds(1), .milliseconds(10), .milliseconds(100), .milliseconds(500), .seconds(1), .seconds(1),
        .milliseconds(999), .milliseconds(1500), .seconds(2), .seconds(3), .milliseconds(3610), .seconds(4),
        .seconds(10), .seconds(60), .seconds(3600),
    ]

    var now = CaptureInstant(nanoseconds: 1_700_000_000_000_000_000)
    var captureIsOther: UInt8 = 0
    var lastFrame: [UInt8] = []
    private var number = 0
    private var identifications = [UInt16](repeating: 1, count: 4)

    mutating func pass(_ span: TimeSpan) { now = now + span }

    mutating func send(_ bytes: [UInt8], to analysis: inout Analysis) {
        number += 1
        lastFrame = bytes
        let reference = FrameReference(capture: Int(captureIsOther & 3), frame: number)
        let sighting = Sighting(reference, at: now, interface: Int(captureIsOther >> 6))
        _ = analysis.take(bytes.span, linkType: .ethernet, sighting)
    }

    private func address(_ router: UInt8) -> IPAddress {
        router & 4 == 0
            ? IPAddress(ipv4: 0x0a00_0001 + UInt32(router & 3))
            : IPAddress(ipv6High: 0xfe80_0000_0000_0000, low: 1 + UInt64(router & 3))
    }

    private func virtualAddress(_ router: UInt8, _ index: UInt8) -> IPAddress {
        router & 4 == 0
            ? IPAddress(ipv4: 0x0a00_0064 + UInt32(index)) : IPAddress(ipv6High: 0xfe80_0000_0000_0000, low: 0x100)
    }

    mutating func advertise(_ analysis: inout Analysis, router: UInt8, _ priority: UInt8, change: UInt8) {
        let source = address(router)
        let index = Int(router & 3)
        var frame = AdvertisementFrame(
            from: source,
            version: source.family == .ipv6 || router & 8 != 0 ? 3 : 2,
            virtualRouterID: 51 + router >> 6,
            priority: priority,
            interval: change & 0x40 == 0 ? .seconds(1) : .milliseconds(200),
            addresses: [virtualAddress(router, change & 3 == 3 ? 1 : 0)]
        )
        identifications[index] = change & 0x20 != 0 ? 1 : identifications[index] &+ 1
        frame.identification = identifications[index]
        if change & 0x10 != 0, source.family == .ipv4 { frame.authentication = .simpleText(UInt64(change & 0xc)) }
        if change & 0x08 != 0 { frame.ttl = 254 }
        if change & 0x04 != 0 { frame.checksumKind = .invalid }
        if router & 0x10 != 0 { frame.vlans = [10] }
        send(frame.bytes, to: &analysis)
    }

    mutating func announce(_ analysis: inout Analysis, router: UInt8, _ kind: UInt8) {
        let source = address(router)
        let mac =
            kind & 1 == 0
            ? MACAddress.virtualRouter(51 + router >> 6, source.family)
            : MACAddress(bits: 0x0200_0000_0000 | UInt64(router & 3))
        let target = virtualAddress(router, kind >> 7)
        send(
            source.family == .ipv4
                ? ARPFrame.announcement(of: target, at: mac).bytes
                : NeighborAdvertisementFrame.announcement(of: target, at: mac).bytes,
            to: &analysis
        )
    }

    mutating func beBlind(_ analysis: inout Analysis, _ length: UInt8, _ kind: UInt8) {
        let end = now + .milliseconds(Int64(length) * 40)
        let reason: BlindSpot.Reason =
            switch kind & 3 {
            case 0: .dropped(Int(kind))
            case 1: .betweenFiles
            case 2: .linkDown
            default: .damaged
            }
        analysis.take(BlindSpot(from: now, to: end, reason))
        if kind & 4 != 0 { now = end }
    }

    mutating func sayCARP(_ analysis: inout Analysis, _ vhid: UInt8) {
        send(CARPFrame(from: IPAddress(ipv4: 0x0a00_0009), vhid: vhid).bytes, to: &analysis)
    }
}

/// Whether an observation's histories hold together.
func checkHistories(_ observation: Observation) {
    for virtualRouter in observation.virtualRouters {
        let history = virtualRouter.history(in: observation)
        var end: CaptureInstant?
        for interval in history.timeline {
            precondition(interval.start <= interval.end, "time runs backward in a timeline")
            precondition(end == nil || end == interval.start, "a timeline has a gap")
            end = interval.end
        }
        precondition(end == nil || end == history.end, "a timeline ends early")
        var lastEnds = [CaptureInstant](repeating: .distantPast, count: virtualRouter.routers.count)
        for reign in history.reigns {
            precondition(reign.start <= reign.end ?? .distantFuture, "a reign ends before it begins")
            precondition(lastEnds[reign.router] <= reign.start, "reigns of one router overlap")
            lastEnds[reign.router] = reign.end ?? .distantFuture
        }
    }
}

/// Renders all there is to say about an observation.
func report(_ observation: Observation, _ captures: [CaptureDescription]) {
    let document = ReportDocument(
        observation,
        captures: captures,
        version: "fuzz"
    )
    var options = TextReport.Options()
    options.isVerbose = true
    precondition(!document.json.prettyText.isEmpty && !TextReport.render(document, options).isEmpty)
}
