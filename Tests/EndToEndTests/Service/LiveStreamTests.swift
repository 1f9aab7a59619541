import Foundation
import Testing

/// Packets on standard output, `watch -w -`, with real keepalived.
///
/// The tests belong to the suite of the lab, of which one can be there at a time.
extension LiveLabTests {
    @Test func packetsGoToStandardOutputAndNothingElse() async throws {
        try await Lab.run { lab in
            let file = lab.folder.appending(path: "stream.pcapng")
            let wrapper = ["sh", "-c", "file=$1; shift; exec \"$@\" >\"$file\"", "sh", file.path]
            let arguments = ["watch", lab.bridge, "-w", "-", "--sensor", "lab-1"]
            let status = try await lab.vrrpwatch(under: wrapper, arguments) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.findAnywhere("event") { $0.contains("initial: 10.51.0.1") ? true : nil }
                    // The packet that the event is about is there while the watch goes on.
                    #expect(try await report(on: [file]).virtualRouters.map(\.vrid) == [51])
                    try watch.interrupt()
                    _ = try await watch.findAnywhere("summary") { $0.contains("1 virtual router, ") ? true : nil }
                }
                #expect(await watch.output.lines.isEmpty)
            }
            #expect(status == 0)
            let whole = try await report(on: [file])
            #expect(whole.captures.first?.problems.isEmpty == true)
            #expect(whole.virtualRouters.map(\.vrid) == [51])
            if Tool.isInstalled("tshark") {
                // Its own reader passes over all that it does not know, and counts the same packets.
                let frames = try await Tool.run(
                    "tshark",
                    ["-n", "-r", file.path, "-T", "fields", "-e", "frame.number"]
                )
                #expect(frames.split(separator: "\n").count == whole.captures.first?.packets)
            }
        }
    }

    /// A heartbeat comes each second, so that a reader that went away is noticed while nothing is on the wire.
    @Test func aReaderThatGoesAwayEndsTheStream() async throws {
        try await Lab.run { lab in
            let pipe = lab.folder.appending(path: "pipe")
            try #require(unsafe mkfifo(pipe.path, 0o600) == 0)
            let script = "pipe=$1; shift; head -c 300 \"$pipe\" >/dev/null & exec \"$@\" >\"$pipe\""
            let wrapper = ["sh", "-c", script, "sh", pipe.path]
            let status = try await lab.vrrpwatch(under: wrapper, ["watch", lab.bridge, "-w", "-"]) { watch in
                _ = try await watch.findAnywhere("end") {
                    $0 == "vrrpwatch: standard output: the reader went away, so the watch ends" ? true : nil
                }
            }
            #expect(status == 0)
        }
    }

    @Test func theReportOnAStreamIsThatOfTheRing() async throws {
        try await Lab.run { lab in
            let ring = lab.folder.appending(path: "ring")
            try FileManager.default.createDirectory(at: ring, withIntermediateDirectories: true)
            let arguments = ["watch", lab.bridge, "-w", ring.appending(path: "vrrp.pcapng").path, "-G", "2"]
            let status = try await lab.vrrpwatch(arguments) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    try await eventually("a third file") { try names(in: ring).count == 3 }
                    try watch.interrupt()
                }
            }
            #expect(status == 0)
            let files = try names(in: ring).map { ring.appending(path: $0) }
            let stream = lab.folder.appending(path: "stream.pcapng")
            try Data(files.map { try Data(contentsOf: $0) }.joined()).write(to: stream)
            let whole = try await report(on: [stream])
            let parts = try await report(on: files)
            #expect(whole.virtualRouters.map(\.story) == parts.virtualRouters.map(\.story))
            #expect(whole.virtualRouters.map(\.story.count) == [1])
            #expect(whole.captures.allSatisfy { $0.problems.isEmpty })
        }
    }
}

extension Report.VirtualRouter {
    /// The timeline in words.
    fileprivate var story: [String] { timeline.map { "\($0.start) to \($0.end) \($0.state) \($0.masters)" } }
}
