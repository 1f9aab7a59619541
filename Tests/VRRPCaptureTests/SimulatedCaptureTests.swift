import Testing
import VRRPCapture
import VRRPTestSupport
import VRRPWire

/// Captures of simulated routers, written to be looked at.
@Suite struct SimulatedCaptureTests {
    @Test("a simulated capture is read as it was seen", arguments: [StoryKind.everything, .partition])
    func reading(kind: StoryKind) throws {
        let recording = Simulation.play(.random(seed: 11, kind: kind))
        let capture = try KeptCapture(recording.pcap)
        #expect(capture.messages.isEmpty)
        #expect(capture.times == recording.frames.map { (Scenario.epoch + $0.time).nanoseconds })
        #expect(capture.frames.map(\.bytes) == recording.frames.map(\.bytes))
    }
}
