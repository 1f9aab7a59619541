import Testing
import VRRPFacts
import VRRPFindings
import VRRPIncidents
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The laws of incidents of any observation, tried on stories made up from seeds.
@Suite struct IncidentLawTests {
    private static let seeds = 0..<40

    @Test("every change but the first belongs to one incident, which is no graver than its findings", arguments: seeds)
    func everyChangeIsTold(seed: Int) throws {
        let scenario = try Scenario(RandomStory(seed: seed).text)
        let document = ReportDocument(scenario.observation, captures: [], version: "1.2.3")
        var owners: [String: Int] = [:]
        for transition in document.incidents.flatMap(\.transitions) {
            owners["\(transition.virtualRouter) \(transition.index)", default: 0] += 1
        }
        for virtualRouter in document.virtualRouters {
            for (index, transition) in virtualRouter.transitions.enumerated() {
                let count = owners["\(virtualRouter.id) \(index)", default: 0]
                #expect(
                    transition.cause == .initial || count == 1,
                    "seed \(seed): \(transition.summary) is in \(count)"
                )
            }
        }
        // An incident is no graver than the findings about it.
        for incident in document.incidents {
            let worst = incident.findings.map { document.findings[$0].severity }.max() ?? .notice
            #expect(incident.severity ?? .notice <= worst, "seed \(seed): \(incident.summary)")
            #expect(incident.start <= incident.end, "seed \(seed): \(incident.summary)")
            #expect(!incident.routers.isEmpty, "seed \(seed): \(incident.summary)")
        }
    }

    @Test("told live and told of a file, the incidents are the same", arguments: seeds)
    func liveIsOffline(seed: Int) throws {
        let story = RandomStory(seed: seed).text
        let scenario = try Scenario(story)
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        var events: [LiveEvent] = []
        for input in scenario.inputs {
            switch input {
            case .frame(let bytes, let sighting):
                _ = session.take(bytes.span, linkType: .ethernet, sighting)
                events += session.tick(at: sighting.instant)
            case .blindSpot(let blindSpot): session.take(blindSpot)
            case .advance(let instant): events += session.tick(at: instant)
            case .finish(let instant): events += session.finish(at: instant)
            }
        }
        let told = Self.standing(after: events, "seed \(seed)\n\(story)")
        let offline = session.document.incidents.map { Self.line($0) }
        #expect(told.sorted() == offline.sorted(), "seed \(seed)\n\(story)")
    }

    /// The incidents as the events leave them: what was opened and not taken back, in its latest words.
    private static func standing(after events: [LiveEvent], _ comment: String) -> [String] {
        var standing: [Int: ReportDocument.Incident] = [:]
        for event in events {
            switch event.kind {
            case .incidentOpened(let incident):
                #expect(standing[incident.id] == nil, "\(comment)")
                standing[incident.id] = incident
            case .incidentChanged(let incident), .incidentClosed(let incident, false):
                #expect(standing[incident.id] != nil, "\(comment)")
                standing[incident.id] = incident
            case .incidentClosed(let incident, true):
                #expect(standing.removeValue(forKey: incident.id) != nil, "\(comment)")
            default: break
            }
        }
        return standing.values.map(line)
    }

    private static func line(_ incident: ReportDocument.Incident) -> String {
        "\(incident.kind.rawValue) \(incident.severity?.rawValue ?? "info") \(incident.start) \(incident.routers) "
            + "\(incident.virtualRouters.sorted()) \(incident.moved) \(incident.isOngoing) "
            + (incident.isOngoing ? "" : incident.story(.utc))
    }
}
