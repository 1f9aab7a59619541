import VRRPWire

extension StoryRecording {
    /// The frames of the captures as one file in the pcap format with nanoseconds.
    package var pcap: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ number: UInt32) {
            for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        // Version 2.4; Ethernet.
        for number: UInt32 in [0xa1b2_3c4d, 0x0004_0002, 0, 0, 65535, 1] { append(number) }
        for frame in frames {
            let instant = (Scenario.epoch + frame.time).nanoseconds
            append(UInt32(truncatingIfNeeded: instant / 1_000_000_000))
            append(UInt32(truncatingIfNeeded: instant % 1_000_000_000))
            append(UInt32(frame.bytes.count))
            append(UInt32(frame.bytes.count))
            bytes += frame.bytes
        }
        return bytes
    }
}
