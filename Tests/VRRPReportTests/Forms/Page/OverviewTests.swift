import Crypto
import Foundation
import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The overview of the page, its anchors and its script.
@Suite struct OverviewTests {
    private static func page(_ story: String) throws -> String {
        let document = ReportDocument(try Scenario(story).observation, captures: [], version: "1")
        return IncidentReport.html(document, IncidentReport.Options())
    }

    private static func anchors(_ html: String) -> Set<String> {
        Set(html.matches(of: /id="((?:finding|incident|timeline|change|changes)-[^"]+)"/).map { String($0.1) })
    }

    private static let takeover = """
        router A 10.0.0.1 priority 200
        router B 10.0.0.2 priority 100
        0..10 every 1 A
        13.609..40 every 1 B
        40 end
        """

    @Test("the policy lets the page's own script run, and no other")
    func policy() throws {
        let html = try Self.page(Self.takeover)
        let script = try #require(html.firstMatch(of: /<script>((?:.|\n)*?)<\/script>/)?.1)
        let hash = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
        #expect(html.contains("script-src 'sha256-\(hash)'"), ".ci/page-hash writes the hash")
    }

    @Test("the same thing has the same anchor in a report that tells of more")
    func anchors() throws {
        let small = Self.anchors(try Self.page(Self.takeover))
        let large = Self.anchors(
            try Self.page(
                """
                router A 10.0.0.1 priority 200
                router B 10.0.0.2 priority 100
                router C 10.0.0.3 vrid 7 address 10.0.0.107 priority 200
                router D 10.0.0.4 vrid 7 address 10.0.0.107 priority 100
                0..5 every 1 C
                8.609..40 every 1 D
                0..10 every 1 A
                13.609..40 every 1 B
                40 end
                """
            )
        )
        #expect(small.count >= 4)
        #expect(small.isSubset(of: large), "\(small.subtracting(large))")
        #expect(large.count > small.count)
    }

    @Test("every incident is a flag, and its picture is reached from its findings and leads back")
    func flags() throws {
        let html = try Self.page(Self.takeover)
        let incident = try #require(Self.anchors(html).first { $0.hasPrefix("incident-router-lost") })
        let finding = try #require(Self.anchors(html).first { $0.hasPrefix("finding-failover") })
        let article = try #require(
            html.components(separatedBy: "id=\"\(incident)\"").last?.components(separatedBy: "</article>").first
        )
        #expect(
            article.contains("<svg") && article.contains("href=\"#\(finding)\"")
                && article.contains("href=\"#overview\"")
        )
        let findingArticle = try #require(
            html.components(separatedBy: "id=\"\(finding)\"").last?.components(separatedBy: "</article>").first
        )
        #expect(findingArticle.contains("href=\"#\(incident)\""))
        let overview = try #require(
            html.components(separatedBy: "id=\"rows\"").last?.components(separatedBy: "</section>").first
        )
        #expect(overview.contains("href=\"#\(incident)\""))
    }

    @Test("virtual routers that moved together are one row, and others are not")
    func groups() throws {
        func pair(_ vrid: Int) -> String {
            """
            router A\(vrid) 10.0.0.1 vrid \(vrid) address 10.0.0.\(100 + vrid) priority 200
            router B\(vrid) 10.0.0.2 vrid \(vrid) address 10.0.0.\(100 + vrid) priority 100

            """
        }
        var story = pair(1) + pair(2) + pair(3)
        for vrid in 1...2 { story += "0..10 every 1 A\(vrid)\n13.609..40 every 1 B\(vrid)\n" }
        story += "0..40 every 1 A3\n40 end"
        let html = try Self.page(story)
        #expect(html.matches(of: /<details class="together">/).count == 1)
        #expect(html.contains(">10.0.0.101 and 1 more<"))
        #expect(html.contains(">10.0.0.103 (3)<"))
    }

    @Test("a row's marks are counted to the last, however many there are", arguments: [1, 39, 400])
    func marks(count: Int) throws {
        var story = "router A 10.0.0.1 priority 200\n0..\(20 * count) every 1 A\n"
        for number in 0..<count { story += "\(20 * number + 10).5 A announces\n" }
        let document = ReportDocument(
            try Scenario(story + "\(20 * count + 1) end").observation,
            captures: [],
            version: "1"
        )
        let html = IncidentReport.html(document, IncidentReport.Options())
        let section = try #require(
            html.components(separatedBy: "<section id=\"timeline\"").last?.components(separatedBy: "</section>").first
        )
        let titles = section.matches(of: /class="mark [a-z]+"><title>([^<]*)</).map { String($0.1) }
        let told = titles.reduce(0) { sum, title in
            sum + (title.firstMatch(of: /the first of (\d+) such marks/).flatMap { Int($0.1) } ?? 1)
        }
        #expect(told == document.virtualRouters[0].marks.count)
        #expect(!titles.isEmpty && titles.count <= 80)
    }

    @Test("a busy stretch is summed up, and said to be")
    func busy() throws {
        var story = "router A 10.0.0.1 priority 200\nrouter B 10.0.0.2 priority 100\n"
        for cycle in 0..<120 {
            let start = cycle * 20
            story += "\(start)..\(start + 9) every 1 A\n\(start + 12).609..\(start + 19) every 1 B\n"
        }
        let html = try Self.page(story + "2400 end")
        #expect(html.contains("Busy stretches are summed up"))
        #expect(html.contains("class=\"busy\""))
        let few = try Self.page(Self.takeover)
        #expect(!few.contains("Busy stretches") && !few.contains("class=\"busy\""))
    }
}
