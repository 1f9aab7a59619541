internal import Dispatch
internal import Synchronization
internal import VRRPCapture
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// The files of `--evidence`: one for each case; the latest are kept.
///
/// They are written beside the capture, which must not wait for a disk. A file gets its name when it is complete.
final class EvidenceFolder: Sendable {
    private static let prefix = "vrrpwatch-"
    private static let ending = ".pcapng"
    /// Names of files may have 255 bytes, with room for the one that is not whole yet.
    private static let longestName = 200
    /// The number of cases that may wait for the disk.
    private static let mostWaiting = 4

    private let directory: OutputDirectory
    private let mostFiles: Int
    private let queue = DispatchQueue(label: "vrrpwatch.evidence")
    private let state = Mutex(State())

    private struct State {
        var waiting = 0
        var messages: [String] = []
    }

    /// - Throws: ``Failure`` where the directory cannot be read.
    init(_ directory: OutputDirectory, mostFiles: Int) throws {
        self.directory = directory
        self.mostFiles = mostFiles
        do throws(CaptureError) {
            // Unfinished files of a killed process are useless.
            for name in try directory.names() where name.hasPrefix("." + Self.prefix) && name.hasSuffix(".tmp") {
                try directory.remove(name)
            }
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }

    /// Writes a case, soon.
    func write(_ evidence: EvidenceRing.Case) {
        let isRoom = state.withLock { state in
            guard state.waiting < Self.mostWaiting else {
                state.messages.append("evidence of a finding was left out: earlier files are still being written")
                return false
            }
            state.waiting += 1
            return true
        }
        guard isRoom else { return }
        queue.async {
            let message = self.writeNow(evidence)
            self.state.withLock { state in
                state.waiting -= 1
                state.messages.append(message)
            }
        }
    }

    /// Waits until all is written.
    func finish() {
        queue.sync {}
    }

    /// Returns the messages since the last call, each in one line.
    func takeMessages() -> [String] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// Writes a case and returns a message about the outcome.
    private func writeNow(_ evidence: EvidenceRing.Case) -> String {
        let name = Self.name(of: evidence)
        let temporary = ".\(name).tmp"
        do throws(CaptureError) {
            try write(evidence, to: temporary)
            try directory.rename(temporary, to: name)
            try removeOldest()
        } catch {
            // Ignore a failure to remove the file: the next start removes it.
            try? directory.remove(temporary)
            return "evidence could not be written: \(error.message)"
        }
        let part = evidence.isIncomplete ? ", which lacks earlier packets for want of memory" : ""
        return "evidence of \(evidence.findings[0].id): \(directory.path(of: name))\(part)"
    }

    private func write(_ evidence: EvidenceRing.Case, to name: String) throws(CaptureError) {
        let descriptor = try directory.open(name, content: .replaced)
        let file = OpenFile(descriptor: descriptor, name: directory.path(of: name))
        var writer = try PcapNGWriter(
            descriptor: descriptor,
            path: directory.path(of: name),
            application: "vrrpwatch \(VRRPWatch.version)"
        )
        for entry in evidence.frames {
            let frame = Frame(
                bytes: entry.bytes.span,
                originalLength: entry.originalLength,
                number: entry.reference.frame,
                instant: entry.instant,
                interface: 0,
                linkType: entry.linkType
            )
            let properties = PcapNGWriter.InterfaceProperties(name: entry.interface, snapLength: nil)
            try writer.write(frame, properties, comments: evidence.comments[entry.reference] ?? [])
        }
        try writer.finish(droppedFrames: nil)
        try file.synchronize()
    }

    private func removeOldest() throws(CaptureError) {
        // Their names begin with their time.
        let files = try directory.names().filter { $0.hasPrefix(Self.prefix) && $0.hasSuffix(Self.ending) }.sorted()
        for name in files.dropLast(mostFiles) { try directory.remove(name) }
    }

    /// Such as `vrrpwatch-20261122T164512Z-split-brain-untagged-ipv4-51.pcapng`.
    private static func name(of evidence: EvidenceRing.Case) -> String {
        let time = TimeStyle.utc.text(evidence.opened, decimals: 0).filter { $0 != "-" && $0 != ":" }
        let finding = evidence.findings[0]
        let subject = [finding.id, finding.virtualRouter].compactMap { $0 }.joined(separator: "-")
        // Names of interfaces may hold anything but a slash.
        let plain = subject.utf8.prefix(longestName).map { byte in
            let isPlain = 48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || byte == 0x2e || byte == 0x2d
            return isPlain ? byte : UInt8(ascii: "-")
        }
        return prefix + time + "-" + String(decoding: plain, as: UTF8.self) + ending
    }
}
