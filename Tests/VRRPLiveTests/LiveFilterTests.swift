import Testing
import VRRPFacts
@testable import VRRPLive
import VRRPReport
import VRRPTestSupport
@testable import VRRPTracker
import VRRPWire

/// The filter for masters that repeat themselves, in front of a running session.
///
/// The filter knows Ethernet only. So a story is told a second time in frames that say the same behind another link
/// layer: nothing of them is filtered.
@Suite struct LiveFilterTests {
    /// A running session, and everything that it told.
    private struct Play {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        var told: [String] = []
        /// The number of ticks at which the filter had taken something.
        var filtered = 0

        mutating func take(_ input: Scenario.Input, as linkType: LinkType) {
            switch input {
            case .frame(let bytes, let sighting):
                let bytes = linkType == LinkType(.linuxSLL) ? Self.cooked(bytes) : bytes
                let isRelevant = session.take(bytes.span, linkType: linkType, sighting)
                #expect(isRelevant)
                tick(at: sighting.instant)
            case .blindSpot(let blindSpot): session.take(blindSpot)
            case .advance(let instant): tick(at: instant)
            case .finish(let instant): tell(session.finish(at: instant))
            }
        }

        private mutating func tick(at instant: CaptureInstant) {
            repeat {
                filtered += session.analysis.steadyMasters.hasRepetitions ? 1 : 0
                tell(session.tick(at: instant))
            } while session.wait(from: instant) == .zero
        }

        private mutating func tell(_ events: [LiveEvent]) { told += events.map(\.json.compactText) }

        /// An Ethernet frame as a Linux cooked capture has it: packet type, ARPHRD_ETHER, the sender's address in eight
        /// bytes behind its length.
        private static func cooked(_ bytes: [UInt8]) -> [UInt8] {
            [0, 0, 0, 1, 0, 6] + bytes[6..<12] + [0, 0] + bytes[12...]
        }
    }

    @Test("a session tells the same with the filter and without", arguments: 0..<40)
    func events(seed: Int) throws {
        let story = RandomStory(seed: seed)
        var filtered = Play()
        var plain = Play()
        for input in try Scenario(story.text).inputs {
            filtered.take(input, as: .ethernet)
            plain.take(input, as: LinkType(.linuxSLL))
        }
        #expect(filtered.told == plain.told, "seed \(seed)\n\(story.text)")
        #expect(plain.filtered == 0)
    }

    @Test func aMasterThatRepeatsItselfIsTakenByTheFilter() throws {
        var play = Play()
        for input in try Scenario("router A 10.0.0.1\n0..99 every 1 A\n100 end\n").inputs {
            play.take(input, as: .ethernet)
        }
        // The first advertisements show that there is a master and that it keeps time.
        #expect(play.filtered > 90)
        #expect(play.session.observation.virtualRouters.first?.routers.first?.adverts == 100)
        #expect(play.session.observation.counts.first?.adverts == 100)
    }
}
