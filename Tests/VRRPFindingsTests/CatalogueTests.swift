import Foundation
import Testing
import VRRPFindings
import VRRPTestSupport

@Suite struct CatalogueTests {
    /// The findings of the contract, in its order.
    static let contract: [(id: String, severity: Severity)] = [
        ("split-brain", .critical), ("no-master", .critical), ("auth-mismatch", .critical),
        ("version-mismatch", .critical), ("interval-mismatch", .critical), ("address-list-mismatch", .warning),
        ("checksum-mismatch", .critical), ("delivery-mismatch", .critical), ("duplicate-vrid", .critical),
        ("owner-conflict", .critical), ("priority-tie", .notice), ("hidden-master", .critical),
        ("orphaned-garp", .critical), ("missing-garp", .warning), ("vip-conflict", .critical),
        ("near-failover", .warning), ("advert-jitter", .warning), ("missed-adverts", .notice), ("flapping", .warning),
        ("bad-checksum", .warning), ("bad-ttl", .warning), ("malformed-advert", .warning),
        ("wrong-virtual-mac", .warning), ("source-not-link-local", .warning), ("shared-source", .warning),
        ("ah-invalid", .critical), ("hmac-invalid", .critical), ("cleartext-password", .notice),
        ("carp-present", .notice), ("clock-step", .notice), ("capture-loss", .warning),
        ("config-drift", .warning), ("unexpected-router", .warning), ("expected-router-silent", .warning),
    ]

    @Test("every page's example makes its own finding", arguments: Catalogue.rules.map(\.id))
    func example(of id: String) throws {
        let rule = try #require(Catalogue[id])
        let output = try Scenario.run(rule.page.onTheWire + "\nfindings")
        let lines = output.split(separator: "\n")
        #expect(lines.contains { $0.split(separator: " ").prefix(3).contains(Substring(id)) }, "\(output)")
    }

    @Test("an example shows its finding at the rule's severity or less", arguments: Catalogue.rules.map(\.id))
    func severity(of id: String) throws {
        let rule = try #require(Catalogue[id])
        let scenario = try Scenario(rule.page.onTheWire)
        let findings = Catalogue.findings(in: scenario.observation, expecting: try scenario.expectation)
        #expect(findings.contains { $0.rule.id == id })
        for finding in findings where finding.rule.id == id {
            #expect(finding.severity <= rule.severity)
            #expect(finding.start <= finding.end)
            #expect(finding.count > 0)
            #expect(!finding.summary.isEmpty && !finding.summary.contains("\n"))
            #expect(!finding.explanation.isEmpty)
            #expect(!finding.remedy.isEmpty)
            #expect(!finding.evidence.isEmpty || id == "clock-step" || id == "capture-loss")
        }
    }

    @Test("every finding has a near miss that stays silent", arguments: Catalogue.rules.map(\.id))
    func nearMiss(of id: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios/near-misses.txt")
        let prose = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("#") }
        let names = prose.flatMap { line in
            line.prefix { $0 != ":" }.dropFirst(2).split(separator: ", ")
        }
        #expect(names.contains(Substring(id)))
    }

    @Test func idsAreUnique() {
        let ids = Catalogue.rules.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test func rulesAreThoseOfTheContractInItsOrder() {
        #expect(Catalogue.rules.map(\.id) == Self.contract.map(\.id))
        #expect(Catalogue.rules.map(\.severity) == Self.contract.map(\.severity))
    }

    @Test("every section of every page says something", arguments: Catalogue.rules.map(\.id))
    func page(of id: String) throws {
        let rule = try #require(Catalogue[id])
        let page = rule.page
        let sections = [
            rule.summary, page.meaning, page.importance, page.onTheWire, page.remedy, page.notThis, page.thresholds,
        ]
        for section in sections + page.causes + page.references {
            #expect(section.contains { !$0.isWhitespace })
        }
        #expect(!page.causes.isEmpty)
        #expect(!page.references.isEmpty)
        #expect(!rule.summary.contains("\n"))
    }

    @Test("a password never shows in a finding")
    func secrets() throws {
        let observation = try Scenario(
            """
            router A 10.0.0.1 priority 100 pass hunter2
            router B 10.0.0.2 priority 90 pass swordfi
            0..10 every 1 A
            0.5..10.5 every 1 B
            11 end
            """
        ).observation
        let findings = Catalogue.findings(in: observation)
        #expect(findings.contains { $0.rule.id == "auth-mismatch" })
        for finding in findings {
            for text in [finding.summary, finding.explanation, finding.remedy] {
                #expect(!text.contains("hunter2") && !text.contains("swordfi"))
            }
        }
    }
}
