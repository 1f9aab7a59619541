internal import Glibc
package import VRRPFacts
package import VRRPWire

/// Writes frames to a pcapng file as they come, or to a ring of files that begin anew by size and time.
///
/// Each frame is handed to the operating system before the next is looked at, so that a process that is killed leaves a
/// file that can be read, whole up to its last frame. Files are for their owner only, since advertisements may hold
/// passwords.
///
/// A ring's files are named as `dumpcap` names them, number and UTC time before the ending: `vrrp_00001_20261122164512.pcapng`.
/// Files that an earlier run left behind under such names belong to the ring.
package final class CaptureRecorder {
    /// The conditions on which a recording goes on in the next file.
    package struct Rotation: Hashable, Sendable {
        /// The most bytes of a file; a file holds one frame at least.
        package var size: UInt64?
        /// The time that a file is written to, whether frames come or not.
        package var period: TimeSpan?
        /// The number of files that are kept; the oldest is removed for the next.
        package var files: Int?

        package init(size: UInt64? = nil, period: TimeSpan? = nil, files: Int? = nil) {
            self.size = size
            self.period = period
            self.files = files
        }

        var isNone: Bool { size == nil && period == nil && files == nil }
    }

    /// The most bytes that a block needs besides the frame's.
    private static let overhead: UInt64 = 160

    private let directory: OutputDirectory
    private let name: String
    private let rotation: Rotation
    private let application: String
    private var writer: PcapNGWriter
    private var descriptor: CInt
    private var current: String
    private var number: Int
    private var frames = 0
    private var count: SensorCount
    private let heartbeat: () -> Heartbeat
    /// The instant at which time alone begins the next file.
    package private(set) var nextRotation: CaptureInstant?
    /// The ring's files, the oldest first.
    private var ring: [String]
    /// The interfaces that every file describes, so that one without frames says what it is of.
    private var interfaces: [(linkType: LinkType, properties: PcapNGWriter.InterfaceProperties)]

    /// Begins the first file.
    ///
    /// - Parameters:
    ///   - directory: where files are made.
    ///   - name: of the file, or what a ring's names are made from.
    ///   - rotation: when the next file begins.
    ///   - sensor: the sensor whose frames these are.
    ///   - interfaces: what is captured on.
    ///   - application: the program's name and version, for the section header.
    ///   - instant: now.
    ///   - heartbeat: makes the heartbeat of this moment, with which each file begins and ends.
    /// - Throws: ``CaptureError``.
    package init(
        in directory: OutputDirectory,
        name: String,
        _ rotation: Rotation,
        sensor: Sensor,
        interfaces: [(linkType: LinkType, properties: PcapNGWriter.InterfaceProperties)],
        application: String,
        at instant: CaptureInstant,
        heartbeat: @escaping () -> Heartbeat
    ) throws(CaptureError) {
        self.directory = directory
        self.name = name
        self.rotation = rotation
        self.application = application
        self.interfaces = interfaces
        self.heartbeat = heartbeat
        count = SensorCount(sensor)
        let pattern = RingName(name)
        ring = rotation.isNone ? [] : try directory.names().filter { pattern.number(of: $0) != nil }
        ring.sort { pattern.isOlder($0, $1) }
        number = (ring.compactMap(pattern.number).max() ?? 0) + 1
        nextRotation = rotation.period.map { instant + $0 }
        current = rotation.isNone ? name : pattern.name(number, at: instant)
        descriptor = try directory.open(current, content: rotation.isNone ? .replaced : .none)
        do throws(CaptureError) {
            writer = try Self.begin(descriptor, directory.path(of: current), application, count.position, interfaces)
            try writer.beat(heartbeat(), count.beat())
        } catch {
            close(descriptor)
            throw error
        }
        try keepWithinRing()
    }

    deinit {
        close(descriptor)
    }

    /// The path of the file that is being written.
    package var path: String { directory.path(of: current) }

    /// The time after which a file that could not be begun is tried again.
    private static let patience = TimeSpan.seconds(1)

    /// Writes a frame; throws ``CaptureError``, and then the file ends with the frame before, and others may follow.
    package func record(
        _ frame: borrowing Frame,
        _ properties: PcapNGWriter.InterfaceProperties
    ) throws(CaptureError) {
        // A frame that cannot be written has its number, too, so that readers know that it is missing.
        defer { count.take() }
        try tick(at: frame.instant)
        // The heartbeats at the end of the file need room as well.
        let length = UInt64(frame.bytes.count) + Self.overhead * UInt64(1 + interfaces.count)
        if let size = rotation.size, frames > 0, writer.size + length > size { try rotate(at: frame.instant) }
        do throws(CaptureError) {
            try writer.write(frame, properties)
        } catch {
            cutOff()
            throw error
        }
        frames += 1
    }

    /// Counts a frame that nobody tried to write.
    package func miss() { count.take() }

    /// Writes the sensor's heartbeat of this moment; throws ``CaptureError``, and then the file ends with the block before.
    package func beat() throws(CaptureError) {
        do throws(CaptureError) {
            try writer.beat(heartbeat(), count.beat())
        } catch {
            cutOff()
            throw error
        }
    }

    /// Notes a stretch of time in which nothing could be seen; throws ``CaptureError``, and then the file ends with the
    /// block before.
    package func note(_ blindSpot: BlindSpot) throws(CaptureError) {
        guard writer.hasInterfaces else { return }
        do throws(CaptureError) {
            try writer.note(blindSpot, droppedFrames: nil)
            try writer.flush()
        } catch {
            cutOff()
            throw error
        }
    }

    /// Removes a block that was written in part.
    private func cutOff() {
        // Where that fails as well, as for a pipe, readers meet a block that is cut off at the very end.
        _ = ftruncate(descriptor, off_t(clamping: writer.size))
        _ = lseek(descriptor, off_t(clamping: writer.size), SEEK_SET)
    }

    /// Lets time pass.
    package func tick(at instant: CaptureInstant) throws(CaptureError) {
        guard let next = nextRotation, instant >= next else { return }
        do throws(CaptureError) {
            try rotate(at: instant)
        } catch {
            nextRotation = instant + Self.patience
            throw error
        }
    }

    /// Begins the ring's next file, or the file anew where it was moved away.
    package func reopen(at instant: CaptureInstant) throws(CaptureError) {
        if rotation.isNone, directory.leads(current, to: descriptor) { return }
        try rotate(at: instant)
    }

    /// Ends the file.
    package func finish() throws(CaptureError) { try beat() }

    private func rotate(at instant: CaptureInstant) throws(CaptureError) {
        try beat()
        let name = rotation.isNone ? name : RingName(name).name(number + 1, at: instant)
        let next = try directory.open(name, content: rotation.isNone ? .replaced : .none)
        do throws(CaptureError) {
            var begun = try Self.begin(next, directory.path(of: name), application, count.position, interfaces)
            try begun.beat(heartbeat(), count.beat())
            writer = begun
        } catch {
            // The file before goes on; an empty one would be taken for a part of the ring.
            close(next)
            if !rotation.isNone { try directory.remove(name) }
            throw error
        }
        number += 1
        close(descriptor)
        descriptor = next
        current = name
        frames = 0
        // A clock that jumped far ahead makes one file, not one for each period in between.
        nextRotation = rotation.period.map { instant + $0 }
        try keepWithinRing()
    }

    private func keepWithinRing() throws(CaptureError) {
        guard !rotation.isNone else { return }
        ring.append(current)
        guard let most = rotation.files else {
            ring = []
            return
        }
        while ring.count > max(1, most) { try directory.remove(ring.removeFirst()) }
    }

    private static func begin(
        _ descriptor: CInt,
        _ path: String,
        _ application: String,
        _ position: SensorPosition,
        _ interfaces: [(linkType: LinkType, properties: PcapNGWriter.InterfaceProperties)]
    ) throws(CaptureError) -> PcapNGWriter {
        // A file that was there keeps its permissions, which may let others read it; a pipe has none to change.
        _ = fchmod(descriptor, 0o600)
        var writer = try PcapNGWriter(
            descriptor: descriptor,
            path: path,
            application: application,
            position,
            flushesEachFrame: true
        )
        for interface in interfaces { try writer.declareInterface(interface.linkType, interface.properties) }
        return writer
    }
}

/// The names of a ring's files: `vrrp_00001_20261122164512.pcapng` for `vrrp.pcapng`.
private struct RingName {
    private let stem: String
    private let ending: String

    init(_ name: String) {
        // A name that begins with its only dot has no ending.
        if let dot = name.lastIndex(of: "."), dot != name.startIndex {
            stem = String(name[..<dot])
            ending = String(name[dot...])
        } else {
            stem = name
            ending = ""
        }
    }

    func name(_ number: Int, at instant: CaptureInstant) -> String {
        var time = time_t(instant.nanoseconds / 1_000_000_000)
        var parts = unsafe tm()
        var date = [CChar](repeating: 0, count: 32)
        _ = unsafe gmtime_r(&time, &parts)
        _ = unsafe strftime(&date, date.count, "%Y%m%d%H%M%S", &parts)
        return "\(stem)_\(Self.padded(number))_\(text(date))\(ending)"
    }

    /// The number in a name of the ring; `nil` for other names.
    func number(of name: String) -> Int? { parts(of: name)?.number }

    /// The order of files by time, then by number: numbers begin anew when the ring was emptied.
    func isOlder(_ one: String, _ other: String) -> Bool {
        guard let one = parts(of: one), let other = parts(of: other) else { return false }
        return (one.date, one.number) < (other.date, other.number)
    }

    private func parts(of name: String) -> (number: Int, date: String)? {
        guard name.hasPrefix(stem + "_"), name.hasSuffix(ending) else { return nil }
        let middle = name.dropFirst(stem.count + 1).dropLast(ending.count)
        let parts = middle.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count >= 5, parts[1].count == 14,
            parts.allSatisfy({ $0.utf8.allSatisfy { 48...57 ~= $0 } }), let number = Int(parts[0])
        else { return nil }
        return (number, String(parts[1]))
    }

    private static func padded(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
}
