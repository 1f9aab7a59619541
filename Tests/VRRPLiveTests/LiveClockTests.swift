import Testing
import VRRPFacts
import VRRPFindings
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// A session whose clock jumps, or that cannot see for a while.
@Suite struct LiveClockTests {
    /// Runs a scenario, with what the capture says of its clock and links put in at given seconds of the scenario.
    private func told(_ text: String, _ blindSpots: [(at: TimeSpan, BlindSpot)]) throws -> (LiveSession, [String]) {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        var told: [String] = []
        var rest = blindSpots[...]
        func note(before instant: CaptureInstant) {
            while let first = rest.first, Scenario.epoch + first.at <= instant {
                session.take(first.1)
                rest = rest.dropFirst()
            }
        }
        func tick(at instant: CaptureInstant) {
            note(before: instant)
            repeat { told += session.tick(at: instant).map(Self.word) } while session.wait(from: instant) == .zero
        }
        for input in try Scenario(text).inputs {
            guard let instant = input.instant else { continue }
            while let wait = session.wait(from: session.observation.end ?? instant), let now = session.observation.end,
                now + wait < instant, rest.first.map({ Scenario.epoch + $0.at > now + wait }) ?? true,
                // The time that a clock jumps over does not pass.
                !blindSpots.contains(where: {
                    $0.1.reason == .clockStep && $0.1.start < now + wait && now + wait < $0.1.end
                })
            {
                tick(at: now + max(wait, TimeSpan(nanoseconds: 1)))
            }
            note(before: instant)
            if case .frame(let bytes, let sighting) = input {
                _ = session.take(bytes.span, linkType: .ethernet, sighting)
            }
            tick(at: instant)
        }
        return (session, told)
    }

    private static func word(_ event: LiveEvent) -> String {
        switch event.kind {
        case .findingOpened(let finding): "opened \(finding.id)"
        case .findingClosed(let finding): "closed \(finding.id)"
        default: event.typeName
        }
    }

    private static func spot(
        _ start: Int64,
        _ end: Int64,
        _ reason: BlindSpot.Reason,
        interface: Int? = nil
    ) -> BlindSpot {
        BlindSpot(
            from: Scenario.epoch + .seconds(start),
            to: Scenario.epoch + .seconds(end),
            reason,
            interface: interface
        )
    }

    @Test func aClockThatJumpsForwardIsNoSilence() throws {
        // At ten seconds the clock is set on by an hour; the master speaks on every second of real time.
        let text = "router A 10.0.0.1\n0..10 every 1 A\n3611..3620 every 1 A\n3620.5 end\n"
        let jump = try #require(BlindSpot(clockStep: .seconds(3600), at: Scenario.epoch + .milliseconds(3_610_500)))
        #expect(jump.end - jump.start == .seconds(3600))
        let (session, told) = try told(text, [(.milliseconds(3_610_500), jump)])
        #expect(!told.contains("master-lost") && !told.contains("opened no-master"), "\(told)")
        #expect(told.contains("opened clock-step"))
        let timeline = session.document.virtualRouters[0].timeline
        #expect(timeline.map(\.state) == [.master, .notObserved, .master])
        #expect(
            session.document.findings.map(\.summary) == ["the capture's clock jumped forward once, by 1 h 0 min"]
        )
        // Without being told, it would be one.
        #expect(try self.told(text, []).1.contains("master-lost"))
    }

    @Test func aClockThatIsSetBackIsTheTrackersBusiness() {
        let now = Scenario.epoch
        #expect(BlindSpot(clockStep: .seconds(-3600), at: now) == nil)
        #expect(BlindSpot(clockStep: .milliseconds(-500), at: now) == BlindSpot(from: now, to: now, .clockStep))
    }

    @Test func whereNothingCanBeSeenNobodyIsLost() throws {
        let text = "router A 10.0.0.1\n0..10 every 1 A\n30 advance\n60 end\n"
        let blind = (11...60).map { (at: TimeSpan.seconds($0), Self.spot(10, $0, .linkDown, interface: 0)) }
        #expect(try !told(text, blind).1.contains("master-lost"))
        // Another interface's link says nothing about this one.
        let elsewhere = blind.map { (at: $0.at, Self.spot(10, 60, .linkDown, interface: 1)) }
        #expect(try told(text, elsewhere).1.contains("master-lost"))
    }

    @Test func lossIsToldAgainWhenItComesAgain() throws {
        let text = "router A 10.0.0.1\n0..100 every 1 A\n100.5 end\n"
        let losses = [
            (at: TimeSpan.seconds(10), Self.spot(9, 10, .dropped(5))), (.seconds(50), Self.spot(49, 50, .dropped(7))),
        ]
        let (session, told) = try told(text, losses)
        #expect(
            told.filter { $0.hasSuffix("capture-loss") }
                == ["opened capture-loss", "closed capture-loss", "opened capture-loss", "closed capture-loss"]
        )
        #expect(session.dropped == 12)
    }

    @Test func theWorstIsThatOfTheReport() throws {
        let text = "router A 10.0.0.1\n0..10 every 1 A\n20..30 every 1 A\n30.5 end\n"
        var (session, told) = try told(text, [])
        #expect(told.contains("opened no-master"))
        _ = session.finish(at: Scenario.epoch + .milliseconds(30_500))
        #expect(session.worst == session.document.worst)
    }
}
