internal import VRRPBundle
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPWire

/// Captures the relevant packets of interfaces for a while, and keeps them in memory.
final class PacketCollector {
    /// The most bytes of packets that are kept.
    private static let mostBytes = 32 << 20

    private struct Packet {
        var bytes: [UInt8]
        var originalLength: Int
        var instant: CaptureInstant
        var interface: PcapNGWriter.InterfaceProperties
        var linkType: LinkType
    }

    private enum Entry {
        case packet(Packet)
        case blindSpot(BlindSpot)
    }

    private let captures: [LiveCapture]
    private var entries: [Entry] = []
    private var size = 0
    private var end: CaptureInstant?
    private(set) var packets = 0
    /// Whether there were more packets than are kept.
    private(set) var isFull = false

    init(_ captures: [LiveCapture]) {
        self.captures = captures
    }

    /// Captures until a time is over, or a signal comes.
    ///
    /// - Parameters:
    ///   - seconds: the length of time.
    ///   - stop: the signal.
    /// - Returns: the reason why the capture ended early; `nil` where it did not.
    func capture(seconds: Int, until stop: StopSignal) -> String? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        func isOver() -> Bool { ContinuousClock.now >= deadline }
        do throws(CaptureError) {
            try LiveCapture.run(
                captures,
                until: stop,
                wait: { _ in TimeSpan(nanoseconds: Self.nanoseconds(deadline - ContinuousClock.now)) },
                onFrame: { index, frame in
                    take(frame, of: captures[index])
                    return isFull || isOver() ? .stop : .continue
                },
                onEvent: { event in
                    switch event {
                    case .tick(let instant): end = max(end ?? instant, instant)
                    case .gap(let spot, _, _): entries.append(.blindSpot(spot))
                    case .clockStep, .link, .readable: break
                    }
                    return isOver() ? .stop : .continue
                }
            )
        } catch {
            return error.message
        }
        if isFull { return "after \(Self.mostBytes >> 20) MiB of packets" }
        return isOver() ? nil : "by a signal"
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        max(0, duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
    }

    private func take(_ frame: borrowing Frame, of capture: LiveCapture) {
        let names = capture.summary.interfaceNames
        let name = names.indices.contains(frame.interface) ? names[frame.interface] : capture.interface
        entries.append(
            .packet(
                Packet(
                    bytes: frame.bytes.array,
                    originalLength: frame.originalLength,
                    instant: frame.instant,
                    interface: PcapNGWriter.InterfaceProperties(
                        name: name,
                        snapLength: LiveCapture.Options.usualSnapLength
                    ),
                    linkType: frame.linkType
                )
            )
        )
        size += frame.bytes.count
        end = max(end ?? frame.instant, frame.instant)
        isFull = size > Self.mostBytes
    }

    /// Returns the packets as a file of pcapng, with stand-ins for passwords where a mask is given.
    ///
    /// - Throws: ``Failure`` where they cannot be written.
    func file(_ mask: inout SecretMask?, _ frames: inout FrameMask) throws -> [UInt8] {
        var writer = PcapNGWriter(inMemoryBy: "vrrpwatch \(VRRPWatch.version)")
        do throws(CaptureError) {
            for capture in captures {
                try writer.declareInterface(
                    capture.linkType,
                    PcapNGWriter.InterfaceProperties(
                        name: capture.interface,
                        snapLength: LiveCapture.Options.usualSnapLength
                    )
                )
            }
            for entry in entries {
                switch entry {
                case .blindSpot(let spot): try writer.note(spot, droppedFrames: nil)
                case .packet(let packet):
                    var bytes = packet.bytes
                    if var known = mask {
                        guard let masked = frames.masked(bytes, linkType: packet.linkType, &known) else { continue }
                        (bytes, mask) = (masked, known)
                    }
                    packets += 1
                    let frame = Frame(
                        bytes: bytes.span,
                        originalLength: packet.originalLength,
                        number: packets,
                        instant: packet.instant,
                        interface: 0,
                        linkType: packet.linkType
                    )
                    try writer.write(frame, packet.interface)
                }
            }
            if let end { try writer.finish(extractUntil: end, droppedFrames: nil) }
        } catch {
            throw Failure(.outputFailed, error.message)
        }
        return writer.bytes
    }
}
