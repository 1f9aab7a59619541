import Foundation
import Testing
import VRRPFindings
import VRRPTestSupport

@Suite struct CatalogueTests {
    /// Scripts rely on ids and severities: this file is the one place besides the rules that has them.
    @Test("ids and severities are those that scripts know, in their order")
    func contract() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "catalogue.txt")
        let current = Catalogue.rules.map { "\($0.id) \($0.severity.rawValue)\n" }.joined()
        if GoldenFile.isRewriting { try current.write(to: file, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOf: file, encoding: .utf8) == current)
    }

    @Test("an example shows its finding at the rule's severity or less", arguments: Catalogue.wireRules.map(\.id))
    func severity(of id: String) throws {
        let rule = try #require(Catalogue[id])
        let scenario = try Scenario(rule.page.onTheWire)
        let findings = Catalogue.findings(
            in: scenario.observation,
            expecting: try scenario.expectation,
            hearing: scenario.logs
        )
        #expect(findings.contains { $0.rule.id == id })
        for finding in findings where finding.rule.id == id {
            #expect(finding.severity <= rule.severity)
            #expect(finding.start <= finding.end)
            #expect(finding.count > 0)
            #expect(!finding.summary.isEmpty && !finding.summary.contains("\n"))
            #expect(!finding.explanation.isEmpty)
            #expect(!finding.remedy.isEmpty)
            #expect(!finding.evidence.isEmpty || ["clock-step", "capture-loss", "no-adverts"].contains(id))
        }
    }

    @Test func idsAreUnique() {
        let ids = Catalogue.rules.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test func causeRanksAreUnique() {
        let ranks = Catalogue.rules.compactMap(\.causeRank)
        #expect(!ranks.isEmpty && Set(ranks).count == ranks.count)
    }

    @Test(
        "every rule lies in the folder of its group, in a file named for its id",
        arguments: Catalogue.rules.map(\.id)
    )
    func file(of id: String) throws {
        let rule = try #require(Catalogue[id])
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let folder = root.appending(path: "Sources/VRRPFindings/Rules/\(rule.group.rawValue)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let name = id.replacing("-", with: "") + ".swift"
        #expect(files.contains { $0.lowercased() == name }, "\(folder.path) holds no file for \(id)")
        #expect(
            files.count <= 12,
            "\(rule.group.rawValue) holds \(files.count) rules, more than one takes in; move what belongs together to a new group"
        )
    }

    @Test("every part of every page says something", arguments: Catalogue.rules.map(\.id))
    func page(of id: String) throws {
        let rule = try #require(Catalogue[id])
        let page = rule.page
        var parts = [("summary", rule.summary), ("meaning", page.meaning), ("remedy", page.remedy)]
        parts += page.references.map { ("references", $0) }
        #expect(!page.references.isEmpty, "\(id): references is empty")
        if !rule.group.isOfCheck {
            parts += [
                ("importance", page.importance), ("onTheWire", page.onTheWire), ("notThis", page.notThis),
                ("thresholds", page.thresholds),
            ]
            parts += page.causes.map { ("causes", $0) }
            #expect(!page.causes.isEmpty, "\(id): causes is empty")
        }
        for (name, text) in parts {
            #expect(text.contains { !$0.isWhitespace }, "\(id): \(name) is empty")
            #expect(!text.contains("FILL IN"), "\(id): \(name) is still to be filled in")
        }
        #expect(!rule.summary.contains("\n"))
        #expect(id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
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
