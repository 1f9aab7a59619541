import Foundation
import Testing
import VRRPCapture
import VRRPFindings
@testable import VRRPLive
@testable import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire
@testable import vrrpwatch

/// The files of evidence over many cases.
@Suite struct EvidenceFolderTests {
    /// In a process of its own, whose descriptors nobody else opens.
    @Test func casesLeaveNeitherFilesNorDescriptorsBehind() async {
        await #expect(processExitsWith: .success) {
            let path = NSTemporaryDirectory() + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let folder = try EvidenceFolder(OutputDirectory(path: path), mostFiles: 2)
            var descriptors: Set<Int> = []
            for minute in 0..<100 as Range<Int64> {
                folder.write(try #require(Self.evidence(minute: minute)))
                folder.finish()
                descriptors.insert(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count)
            }
            #expect(descriptors.count == 1, "\(descriptors)")
            #expect(folder.takeMessages().count == 100)
            let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            #expect(names == ["38", "39"].map { "vrrpwatch-20260101T01\($0)00Z-split-brain-untagged-ipv4-51.pcapng" })
        }
    }

    private static func evidence(minute: Int64) -> EvidenceRing.Case? {
        let instant = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000) + .seconds(60 * minute)
        var ring = EvidenceRing(before: .seconds(10), after: .seconds(10), mostBytes: 1 << 20)
        ring.append(
            EvidenceRing.Frame(
                reference: FrameReference(capture: 0, frame: 1),
                instant: instant,
                interface: "eth0",
                linkType: .ethernet,
                originalLength: 60,
                bytes: [UInt8](repeating: 0, count: 60)
            )
        )
        ring.note(LiveEvent(instant: instant, kind: .findingOpened(.open(at: instant))))
        return ring.close()
    }
}
