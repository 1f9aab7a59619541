import Foundation
import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTracker
import VRRPWire

/// The report's members and their order are relied upon: this is their list.
@Suite struct ReportDocumentTests {
    static func document(_ observation: Observation, findings: [Finding] = []) -> ReportDocument {
        var capture = CaptureDescription(source: "switch.pcap", format: .pcap)
        capture.linkTypes = [.ethernet]
        capture.interfaceNames = ["eth0", "eth1"]
        capture.bytes = 1024
        capture.packets = 9
        capture.firstPacket = Feed.instant(0)
        capture.lastPacket = Feed.instant(10_000)
        capture.problems = [
            CaptureProblem(
                kind: .truncated,
                offset: 1000,
                frame: nil,
                message: "The file ends early.",
                isDamage: true
            )
        ]
        return ReportDocument(observation, findings: findings, captures: [capture], version: "1.2.3")
    }

    static func finding(in observation: Observation) throws -> Finding {
        let page = Rule.Page(
            meaning: "It means.",
            importance: "It matters.",
            onTheWire: "a\nb",
            causes: ["one", "two"],
            remedy: "Mend it.",
            notThis: "",
            thresholds: "None.",
            references: ["RFC 9568"]
        )
        let rule = Rule("split-brain", .critical, .mastership, summary: "two are master", clauses: [], page: page)
        return Finding(
            rule,
            virtualRouter: try #require(observation.virtualRouters.first).key,
            routers: [IPAddress(ipv4: 0x0a00_0001)],
            from: Feed.instant(1000),
            to: Feed.instant(2500),
            count: 2,
            summary: "Two routers \u{1b}[2J are master.",
            explanation: "Because of the numbers.",
            evidence: [FrameReference(capture: 0, frame: 3), FrameReference(capture: 0, frame: 1)]
        )
    }

    /// The value at a path of member names; the first element of arrays.
    private func members(_ value: JSONValue, at path: [String] = []) throws -> [String] {
        var value = value
        for name in path {
            guard case .object(let members) = value else { throw Missing(name: name) }
            value = try #require(members.first { $0.key == name }?.value)
            if case .array(let elements) = value { value = try #require(elements.first) }
        }
        guard case .object(let members) = value else { throw Missing(name: "object") }
        return members.map(\.key)
    }

    private struct Missing: Error {
        var name: String
    }

    @Test(arguments: [
        (
            [],
            "schema generator captures virtualRouters findings summary otherProtocols incidents vantagePoints paths "
                + "testimony nothingToJudge"
        ),
        (["vantagePoints"], "captures name at how clockOffsetMs clockOffsetErrorMs clockDriftPpm"),
        (["generator"], "name version"),
        (
            ["captures"],
            """
            index source format compression linkTypes bytes packets firstPacket lastPacket adverts arp \
            neighborAdvertisements carp malformed dropped problems
            """
        ),
        (["captures", "problems"], "kind offset frame message"),
        (
            ["virtualRouters"],
            "id segment family vrid versions addresses virtualMAC routers timeline transitions clockSkewMs"
        ),
        (["virtualRouters", "segment"], "name interface vlans tunnel"),
        (
            ["virtualRouters", "routers"],
            """
            address macs adverts firstSeen lastSeen versions priorities advertIntervalMs addresses authentication \
            checksum delivery masterMs jitter observers name prioritiesLeftOut changes changesLeftOut
            """
        ),
        (["virtualRouters", "routers", "observers"], "capture adverts"),
        (["virtualRouters", "routers", "priorities"], "value since"),
        (
            ["virtualRouters", "routers", "authentication"],
            "type keyTag keyID verification givenKey spi spiIsSource clocks"
        ),
        (
            ["virtualRouters", "routers", "jitter"],
            """
            samples meanMs stddevMs p50Ms p95Ms p99Ms maxMs lateAdverts missedAdverts closestFailoverMarginMs
            """
        ),
        (["virtualRouters", "timeline"], "start end state basis masters"),
        (
            ["virtualRouters", "transitions"],
            "time earliest latest from to cause outageMs boundMs announced summary evidence"
        ),
        (["virtualRouters", "transitions", "announced"], "addresses of firstAfterMs frames"),
        (["virtualRouters", "transitions", "evidence"], "capture frame origin"),
        (
            ["findings"],
            "id severity virtualRouter routers start end ongoing count summary explanation remedy evidence"
        ),
        (["summary"], "critical warning notice worst"),
    ])
    func members(path: [String], expected: String) throws {
        let observation = Feed.takeover.tracker.observation
        let document = Self.document(observation, findings: [try Self.finding(in: observation)])
        #expect(try members(document.json, at: path).joined(separator: " ") == expected)
    }

    @Test func values() throws {
        let document = Self.document(Feed.takeover.tracker.observation)
        let virtualRouter = try #require(document.virtualRouters.first)
        #expect(virtualRouter.id == "untagged/ipv4/51")
        #expect(virtualRouter.virtualMAC.description == "00:00:5e:00:01:33")
        #expect(virtualRouter.transitions.map(\.cause) == [.initial, .timeout])
        let takeover = try #require(virtualRouter.transitions.last)
        #expect(takeover.outage == .milliseconds(3609))
        #expect(takeover.announced?.addresses == 1)
        #expect(takeover.announced?.of == 1)
        #expect(takeover.announced?.firstAfter == .milliseconds(5))
        #expect(takeover.summary.hasPrefix("10.0.0.2 took over from 10.0.0.1, which fell silent, 3609 ms after"))
        let first = try #require(virtualRouter.routers.first)
        #expect(first.authentication.kind == .simpleText)
        #expect(first.authentication.key?.tag == "key-1")
        #expect(first.checksum == "valid")
        #expect(first.delivery == .multicast)
        #expect(first.jitter.samples == 3)
        // 3 s and 166/256 s is what the router of priority 90 waits.
        #expect(first.jitter.distribution?.closestFailoverMargin == TimeSpan(nanoseconds: 2_648_437_500))
        #expect(
            document.summaryLine
                == "1 virtual router, 1 change of master in 10.000 s; findings: 0 critical, 0 warnings, 0 notices"
        )
    }

    @Test func oneOfSeveralMastersGivesWay() throws {
        var feed = Feed()
        let first = Packets.advertisement(from: 1, priority: 248, password: "old")
        let second = Packets.advertisement(from: 2, priority: 87, password: "new")
        let third = Packets.advertisement(from: 3, priority: 226, password: "new")
        for (router, time) in [
            (first, 0), (first, 1000), (first, 2000), (first, 3000), (second, 3660), (first, 4661), (third, 4900),
            (first, 5901), (third, 6902), (first, 7903), (third, 8904),
        ] {
            feed.handle(router, at: Int64(time))
        }
        feed.tracker.advance(to: Feed.instant(9_000))
        let virtualRouter = try #require(Self.document(feed.tracker.observation).virtualRouters.first)
        let preemption = try #require(virtualRouter.transitions.first { $0.cause == .preempted })
        #expect(
            preemption.summary
                == "10.0.0.3 preempted 10.0.0.2, which was alive but ranks lower; 10.0.0.1 goes on"
        )
    }

    @Test func theSamePacketsGiveTheSameBytes() {
        let document = Self.document(Feed.takeover.tracker.observation)
        var streamed: [UInt8] = []
        document.writeJSON { streamed += $0 }
        let text = String(decoding: streamed, as: UTF8.self)
        #expect(text == document.json.prettyText)
        let texts = (0..<3).map { _ in Self.document(Feed.takeover.tracker.observation).json.prettyText }
        #expect(Set(texts).count == 1)
    }

    @Test("JSON written while virtual routers are drawn up is that of the whole report", arguments: [0, 1, 9])
    func written(count: Int) throws {
        var feed = Feed()
        for number in 0..<2 * count {
            let vlan = UInt16(10 + number % count)
            feed.handle(Packets.advertisement(from: 1, vlan: vlan), at: Int64(number / count * 1000 + number))
        }
        let observation = feed.tracker.observation
        let whole = ReportDocument(observation, captures: [], version: "1.2.3")
        var text: [UInt8] = []
        let written = ReportDocument.writeJSON(
            of: observation,
            captures: [],
            expecting: .none,
            hearing: [],
            version: "1.2.3"
        ) { text += $0 }
        #expect(String(decoding: text, as: UTF8.self) == whole.json.prettyText)
        #expect(written.nothingToJudge == whole.nothingToJudge)
        #expect(written.summaryLine == whole.summaryLine)
    }

    @Test func isJSONForOthersToo() throws {
        let text = Self.document(Feed.takeover.tracker.observation).json.prettyText
        let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["schema"] as? String == "vrrpwatch.report/1")
        #expect(!text.contains("secret"))
    }

    @Test func nothingObserved() throws {
        let document = Self.document(Tracker().observation)
        #expect(
            document.summaryLine
                == "0 virtual routers, 0 changes of master; findings: 0 critical, 0 warnings, 0 notices"
        )
        #expect(try members(document.json).count == 12)
        #expect(TextReport.render(document, TextReport.Options()).contains("switch.pcap"))
    }

    @Test func interfacesAreNamedWhereThereAreSeveral() {
        var feed = Feed()
        feed.handle(Packets.advertisement(from: 1, vlan: 10), at: 0)
        feed.handle(Packets.advertisement(from: 1, vlan: 10), at: 10, interface: 1)
        feed.handle(Packets.advertisement(from: 2), at: 20, interface: 2)
        let routers = Self.document(feed.tracker.observation).virtualRouters
        #expect(routers.map(\.id) == ["eth0/vlan10/ipv4/51", "eth1/vlan10/ipv4/51", "interface2/untagged/ipv4/51"])
        #expect(routers.map(\.segment.interface) == ["eth0", "eth1", "interface2"])
    }

    @Test func interfacesOfOneNameAreToldApart() {
        var feed = Feed()
        for interface in 0..<5 { feed.handle(Packets.advertisement(from: 1), at: 10, interface: interface) }
        var capture = CaptureDescription(source: "merged.pcapng", format: .pcapng)
        capture.interfaceNames = ["eth0", "eth0", nil, "interface2", "eth0[1]"]
        let document = ReportDocument(feed.tracker.observation, captures: [capture], version: "1")
        let labels = ["eth0", "eth0[1]", "interface2", "interface2[3]", "eth0[1][4]"]
        #expect(document.virtualRouters.map(\.segment.name) == labels.map { $0 + "/untagged" })
        #expect(
            document.virtualRouters.map(\.segment.interface) == ["eth0", "eth0", "interface2", "interface2", "eth0[1]"]
        )
        #expect(Set(document.virtualRouters.map(\.id)).count == 5)
    }
}
