import Foundation
import Testing
import VRRPCapture
import VRRPLive
import VRRPTestSupport
import VRRPTracker
import VRRPWire
@testable import vrrpwatch

/// The file of metrics, which is written beside the capture.
@Suite struct MetricsFileTests {
    private static func snapshot(second: Int64) -> Metrics.Snapshot {
        let instant = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000) + .seconds(second)
        return Metrics.Snapshot(Metrics.Tally(namesInterfaces: false), Tracker().observation, [], nil, at: instant)
    }

    private static func file(in folder: Folder) throws -> MetricsFile {
        let directory = try OutputDirectory(path: folder.url.path)
        return MetricsFile(LiveService.Place(directory: directory, name: "vrrpwatch.prom"))
    }

    @Test func theLastPageIsThereInTheEnd() throws {
        let folder = try Folder()
        let file = try Self.file(in: folder)
        for second in 0..<100 as Range<Int64> { file.write(Self.snapshot(second: second)) }
        file.finish(Self.snapshot(second: 100))
        #expect(try folder.text("vrrpwatch.prom").contains("vrrpwatch_update_timestamp_seconds 1767225700.000000000\n"))
        #expect(try folder.names == ["vrrpwatch.prom"])
        #expect(file.takeMessages().isEmpty)
    }

    @Test func aFailureIsSaidOnceUntilAPageIsWritten() throws {
        let folder = try Folder()
        let file = try Self.file(in: folder)
        // A directory in the place of the temporary file lets nothing be written.
        let obstacle = folder.path(".vrrpwatch.prom.tmp")
        for _ in 0..<2 {
            try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
            file.finish(Self.snapshot(second: 1))
            file.finish(Self.snapshot(second: 2))
            let messages = file.takeMessages()
            #expect(messages.count == 1)
            #expect(messages.first?.hasPrefix("metrics: ") == true)
            try FileManager.default.removeItem(atPath: obstacle)
            file.finish(Self.snapshot(second: 3))
            #expect(file.takeMessages().isEmpty)
        }
    }
}
