internal import Glibc
package import VRRPFacts
package import VRRPWire

/// Writes frames as one pcapng section to a pipe or whatever else standard output is, each frame as soon as it is there.
///
/// A reader that is slow holds the writer up, so that the kernel's buffer fills and frames are lost and counted there. A
/// reader that does not read at all cannot keep the process from ending: once a stop is given, the writer waits for
/// ``patience`` and no longer.
package final class CaptureStream {
    /// The time that a reader has for the rest once a stop was given.
    private static let patience = TimeSpan.seconds(1)
    /// The bytes that a pipe with any room takes without waiting (`PIPE_BUF` of pipe(7)).
    private static let piece = 4096

    private let descriptor: CInt
    private let path: String
    private let stop: StopSignal
    private var writer: PcapNGWriter
    private var count: SensorCount

    /// Starts the section with its header and the interfaces that are known.
    ///
    /// - Parameters:
    ///   - descriptor: where to write; it stays open.
    ///   - path: how errors call the destination.
    ///   - sensor: the sensor whose frames these are.
    ///   - interfaces: what is captured on.
    ///   - application: the program's name and version, for the section header.
    ///   - stop: the signal that ends the waiting for a reader.
    /// - Throws: ``CaptureError`` with `cannotWrite`, whose system error is `EPIPE` where the reader went away.
    package init(
        to descriptor: CInt,
        path: String,
        sensor: Sensor,
        interfaces: [(linkType: LinkType, properties: PcapNGWriter.InterfaceProperties)],
        application: String,
        until stop: StopSignal
    ) throws(CaptureError) {
        self.descriptor = descriptor
        self.path = path
        self.stop = stop
        count = SensorCount(sensor)
        writer = PcapNGWriter(inMemoryBy: application, count.position)
        for interface in interfaces { try writer.declareInterface(interface.linkType, interface.properties) }
        try send()
    }

    /// Writes a frame; throws ``CaptureError`` with `cannotWrite`, after which nothing more can be written.
    package func record(
        _ frame: borrowing Frame,
        _ properties: PcapNGWriter.InterfaceProperties
    ) throws(CaptureError) {
        try writer.write(frame, properties)
        count.take()
        try send()
    }

    /// Writes the sensor's heartbeat; throws ``CaptureError`` with `cannotWrite`.
    package func beat(_ heartbeat: Heartbeat) throws(CaptureError) {
        try writer.beat(heartbeat, count.beat())
        try send()
    }

    /// Notes a stretch of time in which nothing could be seen; throws ``CaptureError`` with `cannotWrite`.
    package func note(_ blindSpot: BlindSpot) throws(CaptureError) {
        guard writer.hasInterfaces else { return }
        try writer.note(blindSpot, droppedFrames: nil)
        try send()
    }

    private func send() throws(CaptureError) {
        let bytes = writer.takeBytes()
        var written = 0
        while written < bytes.count {
            try wait()
            let start = written
            let count = min(Self.piece, bytes.count - start)
            let result = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress?.advanced(by: start), count)
            }
            if result >= 0 {
                written += result
            } else if errno != EINTR, errno != EAGAIN {
                throw CaptureError.system(path, errno, .cannotWrite)
            }
        }
    }

    /// Waits until there is room for a piece.
    private func wait() throws(CaptureError) {
        var watched = [descriptor, stop.descriptor].map { pollfd(fd: $0, events: 0, revents: 0) }
        watched[0].events = Int16(POLLOUT)
        watched[1].events = Int16(POLLIN)
        // Interrupted or not, writing or another round shows how things stand.
        guard unsafe poll(&watched, nfds_t(watched.count), -1) > 0, watched[0].revents == 0 else { return }
        guard watched[1].revents != 0 else { return }
        let milliseconds = CInt(clamping: Self.patience.nanoseconds / 1_000_000)
        guard unsafe poll(&watched, 1, milliseconds) == 0 else { return }
        throw CaptureError(.cannotWrite, path: path, detail: "The reader does not read, and the watch was told to end.")
    }
}
