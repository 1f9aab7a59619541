package import VRRPTracker
import VRRPWire

/// A large incident out of nothing: pairs of routers whose masters fall silent, resign, and claim what another has.
///
/// It is fed as frames, so that what comes out is what a capture of it would give.
package struct SyntheticIncident: Sendable {
    package var virtualRouters: Int
    /// Each brings two changes of master in twelve seconds.
    package var cycles: Int

    package init(virtualRouters: Int, cycles: Int) {
        self.virtualRouters = virtualRouters
        self.cycles = cycles
    }

    private static let epoch = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)
    private static let period: Int64 = 12_000
    /// VRIDs used on each VLAN.
    private static let perSegment = 250

    /// Returns the observation that a tracker makes of all frames.
    package func observation() -> Observation {
        var tracker = Tracker(keepingGaps: true)
        var number = 0
        for (milliseconds, position, isBackup, priority) in adverts() {
            number += 1
            let frame = Self.frame(of: position, isBackup: isBackup, priority: priority)
            let sighting = Sighting(
                FrameReference(capture: 0, frame: number),
                at: Self.epoch + .milliseconds(milliseconds)
            )
            tracker.take(DecodedFrame(frame.span, linkType: .ethernet), sighting)
        }
        tracker.advance(to: Self.epoch + .milliseconds(Self.period * Int64(cycles)))
        tracker.finish()
        return tracker.observation
    }

    /// Returns the advertisements in order of time, each with its instant, its sender and its priority.
    private func adverts() -> [(milliseconds: Int64, position: Int, isBackup: Bool, priority: UInt8)] {
        var adverts: [(milliseconds: Int64, position: Int, isBackup: Bool, priority: UInt8)] = []
        for position in 0..<virtualRouters {
            for cycle in 0..<cycles {
                // Virtual routers do not change in step, and their clocks are a little off.
                let start = Int64(cycle) * Self.period + Int64(position % 97) * 3
                // The master speaks for five seconds; every third one resigns, and every tenth is not heard by its Backup.
                for second in 0..<5 { adverts.append((start + Int64(second) * 1000, position, false, 200)) }
                let resigns = position % 3 == 1
                let isDeaf = position % 10 == 0
                if resigns { adverts.append((start + 4500, position, false, 0)) }
                var takeover = start + (resigns ? 5110 : 7609)
                if isDeaf { takeover = start + 2300 }
                while takeover < start + Self.period - 200 {
                    adverts.append((takeover, position, true, 100))
                    takeover += 1000
                }
            }
        }
        return adverts.enumerated().sorted { left, right in
            left.element.milliseconds == right.element.milliseconds
                ? left.offset < right.offset : left.element.milliseconds < right.element.milliseconds
        }.map(\.element)
    }

    private static func frame(of position: Int, isBackup: Bool, priority: UInt8) -> [UInt8] {
        let segment = position / perSegment
        let network = 0x0a00_0000 | UInt32(segment) << 16
        var frame = AdvertisementFrame(
            from: IPAddress(ipv4: network | (isBackup ? 2 : 1)),
            version: 2,
            virtualRouterID: UInt8(position % perSegment + 1),
            priority: priority,
            addresses: [IPAddress(ipv4: network | 0x100 + UInt32(position % perSegment))]
        )
        frame.vlans = [UInt16(10 + segment)]
        frame.sourceMAC = MACAddress(bits: 0x0200_0000_0000 | UInt64(segment) << 8 | (isBackup ? 2 : 1))
        // Every tenth pair disagrees about its password, every seventh sends one in clear text.
        if position % 10 == 0 {
            frame.authentication = .simpleText(isBackup ? 0x6f6e_6500_0000_0000 : 0x7477_6f00_0000_0000)
        } else if position % 7 == 0 {
            frame.authentication = .simpleText(0x7365_6372_6574_0000)
        }
        return frame.bytes
    }
}
