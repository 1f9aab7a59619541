/// The part of a sensor's stream that a capture holds.
package struct SensorExtent: Hashable, Sendable {
    /// The name of the sensor.
    package var name: String
    /// The mark of the sensor's start, from which on packets are numbered.
    package var boot: String
    /// The numbers of the packets, from 0; those that are missing in between are among them.
    package var packets: Range<UInt64>

    package init(name: String, boot: String, packets: Range<UInt64>) {
        self.name = name
        self.boot = boot
        self.packets = packets
    }

    /// The number of packets that are missing between this part and one that follows; `nil` where the two are of different
    /// starts, so that nothing can be said.
    package func missing(before next: Self) -> UInt64? {
        guard name == next.name, boot == next.boot else { return nil }
        let (end, start) = (packets.upperBound, next.packets.lowerBound)
        return start > end ? start - end : 0
    }
}
