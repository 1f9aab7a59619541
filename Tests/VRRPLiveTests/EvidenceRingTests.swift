import Testing
import VRRPFindings
@testable import VRRPLive
@testable import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// Frames around a critical finding, and no others.
@Suite struct EvidenceRingTests {
    private func instant(_ seconds: Int64) -> CaptureInstant {
        CaptureInstant(nanoseconds: 1_767_225_600_000_000_000) + .seconds(seconds)
    }

    private func frame(_ second: Int64, bytes: Int = 60) -> EvidenceRing.Frame {
        EvidenceRing.Frame(
            reference: FrameReference(capture: 0, frame: Int(second) + 1),
            instant: instant(second),
            interface: "eth0",
            linkType: .ethernet,
            originalLength: bytes,
            bytes: [UInt8](repeating: 0, count: bytes)
        )
    }

    private func finding(
        _ id: String,
        _ severity: Severity = .critical,
        at second: Int64,
        evidence: [Int] = []
    ) -> ReportDocument.Finding {
        .open(
            id,
            severity,
            at: instant(second),
            summary: "summary of \(id)",
            evidence: evidence.map { FrameReference(capture: 0, frame: $0) }
        )
    }

    private func opened(_ finding: ReportDocument.Finding, at second: Int64) -> LiveEvent {
        LiveEvent(instant: instant(second), kind: .findingOpened(finding))
    }

    /// A frame a second, with findings in between; the cases that come out.
    private func cases(
        _ events: [Int64: LiveEvent],
        until end: Int64,
        mostBytes: Int = 1 << 20,
        frameBytes: Int = 60
    ) -> [EvidenceRing.Case] {
        var ring = EvidenceRing(before: .seconds(10), after: .seconds(10), mostBytes: mostBytes)
        var cases: [EvidenceRing.Case] = []
        for second in 0..<end {
            ring.append(frame(second, bytes: frameBytes))
            if let event = events[second] { ring.note(event) }
            if let due = ring.due(at: instant(second)) { cases.append(due) }
        }
        return cases + [ring.close()].compactMap { $0 }
    }

    @Test func aCaseHoldsTheTimeBeforeAndAfter() throws {
        let found = cases([100: opened(finding("split-brain", at: 98, evidence: [97, 99]), at: 100)], until: 200)
        let only = try #require(found.first)
        #expect(found.count == 1)
        #expect(only.frames.map(\.instant) == (90...110).map(instant))
        #expect(!only.isIncomplete)
        let comment = "vrrpwatch: split-brain: summary of split-brain"
        #expect(only.comments == [97, 99].reduce(into: [:]) { $0[FrameReference(capture: 0, frame: $1)] = [comment] })
    }

    @Test func findingsWithinItsTimeJoinTheCase() {
        let events: [Int64: LiveEvent] = [
            100: opened(finding("split-brain", at: 100, evidence: [101]), at: 100),
            105: opened(finding("auth-mismatch", at: 105, evidence: [101, 106]), at: 105),
            150: opened(finding("no-master", at: 150, evidence: [151]), at: 150),
        ]
        let found = cases(events, until: 200)
        #expect(found.map { $0.findings.map(\.id) } == [["split-brain", "auth-mismatch"], ["no-master"]])
        #expect(found.first?.comments[FrameReference(capture: 0, frame: 101)]?.count == 2)
    }

    @Test func onlyCriticalFindingsMakeACase() {
        #expect(cases([100: opened(finding("flapping", .warning, at: 100), at: 100)], until: 200).isEmpty)
    }

    @Test func aFindingThatIsOverSpeaksWithAllItsEvidence() {
        let open = finding("split-brain", at: 100, evidence: [101])
        var over = open
        over.evidence = [101, 103].map { FrameReference(capture: 0, frame: $0) }
        let events: [Int64: LiveEvent] = [
            100: opened(open, at: 100), 104: LiveEvent(instant: instant(104), kind: .findingClosed(over)),
        ]
        #expect(cases(events, until: 200).first?.comments.count == 2)
    }

    @Test func evidenceThatIsGoneIsCommentedOnTheNearestFrame() {
        let found = cases([100: opened(finding("split-brain", at: 95, evidence: [2]), at: 100)], until: 200)
        #expect(found.first.map { Array($0.comments.keys) } == [FrameReference(capture: 0, frame: 96)])
    }

    @Test func memoryIsBoundedAndWhatIsMissingIsSaid() {
        // Room for five frames of a thousand bytes.
        let found = cases(
            [100: opened(finding("split-brain", at: 100), at: 100)],
            until: 200,
            mostBytes: 6000,
            frameBytes: 1000
        )
        #expect(found.first?.isIncomplete == true)
        #expect(found.first?.frames.count == 5)
        #expect(found.first?.frames.last?.instant == instant(110))
    }

    @Test func theEndOfTheProgramClosesTheCase() {
        #expect(cases([100: opened(finding("split-brain", at: 100), at: 100)], until: 103).count == 1)
    }
}
