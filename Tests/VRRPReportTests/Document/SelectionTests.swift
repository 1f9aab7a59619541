import Testing
import VRRPFindings
@testable import VRRPReport
import VRRPTracker
import VRRPWire

/// Reports on so many virtual routers that several processors draw them up.
@Suite struct SelectionTests {
    private static let count = 2500
    /// At both ends of what is drawn up at a time.
    private static let accused = [1, 5, 31, 32, 700, 1023, 1024, 2047, 2048, 2499]

    /// Each virtual router with a master, which some hand over, and some send with the wrong TTL.
    private static let observation: Observation = {
        var feed = Feed()
        for second in 0..<4 {
            for number in 0..<count {
                func advertisement(from router: UInt8, priority: UInt8) -> [UInt8] {
                    var packet = Packets.advertisement(
                        from: router,
                        vrid: UInt8(1 + number % 250),
                        priority: priority,
                        vlan: UInt16(1 + number / 250),
                        virtualAddress: [10, 1, UInt8(number / 256), UInt8(number % 256)]
                    )
                    if accused.contains(number) { packet[26] = 254 }
                    return packet
                }
                let isHandedOver = number % 7 == 3
                let start = Int64(1000 * second)
                if second < 2 || !isHandedOver { feed.handle(advertisement(from: 1, priority: 100), at: start) }
                if second == 1, isHandedOver { feed.handle(advertisement(from: 1, priority: 0), at: start) }
                if second > 1, isHandedOver { feed.handle(advertisement(from: 2, priority: 90), at: start) }
            }
        }
        feed.tracker.finish()
        return feed.tracker.observation
    }()

    private static func document(_ selection: ReportDocument.Selection) -> ReportDocument {
        ReportDocument(observation, captures: [], selecting: selection, version: "1")
    }

    @Test func findingsAreThoseOfTheCatalogueInItsOrder() {
        let expected = Catalogue.findings(in: Self.observation)
        let wrong = Set(expected.filter { $0.severity > .notice }.compactMap { $0.virtualRouter?.name })
        #expect(wrong == Set(Self.accused.map { Self.observation.virtualRouters[$0].key.name }))
        for selection in [ReportDocument.Selection.all, .some(first: 3, accused: 4)] {
            let findings = Self.document(selection).findings
            #expect(findings.map(\.id) == expected.map(\.rule.id))
            #expect(findings.map(\.virtualRouter) == expected.map { $0.virtualRouter?.name })
            #expect(findings.map(\.summary) == expected.map(\.summary))
        }
    }

    @Test func allAreToldOfInTheirOrder() {
        let names = Self.observation.virtualRouters.map(\.key.name)
        #expect(Self.document(.all).virtualRouters.map(\.id) == names)
    }

    @Test(arguments: [(0, 0), (3, 0), (0, 4), (3, 4), (40, 7), (1030, 8), (2500, 8), (5000, 50)])
    func theFirstAndTheFirstWithFindingsAreToldOf(first: Int, accused: Int) {
        let document = Self.document(.some(first: first, accused: accused))
        let chosen = Set(0..<min(first, Self.count)).union(Self.accused.prefix(accused)).sorted()
        #expect(document.virtualRouters.map(\.id) == chosen.map { Self.observation.virtualRouters[$0].key.name })
        #expect(document.otherVirtualRouters.count == Self.count - chosen.count)
        let others = Set(0..<Self.count).subtracting(chosen)
        let changes = others.reduce(0) { total, position in
            let history = Self.observation.virtualRouters[position].history(in: Self.observation)
            return total + history.transitions.count { $0.cause != .initial }
        }
        #expect(document.otherVirtualRouters.changes == changes)
    }
}
