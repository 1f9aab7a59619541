import Testing
import VRRPFindings
import VRRPTestSupport

/// The scenarios of each rule: `Rules/ID.txt` makes the finding, nearly makes it, and makes it live.
///
/// A line `example` in a case stands for the scenario on the rule's page.
@Suite struct RuleScenarioTests {
    @Test("a rule's scenarios give the answers they expect", arguments: Catalogue.rules.map(\.id))
    func scenarios(of id: String) throws {
        let rule = try #require(Catalogue[id])
        var file = try GoldenFile("\(id).txt", beside: #filePath, in: "Rules")
        for index in file.cases.indices {
            let actual = try answer(file.cases[index].directive, rule)
            if GoldenFile.isRewriting {
                file.cases[index].expected = actual
            } else {
                let expected = file.cases[index].expected
                #expect(actual == expected, "Rules/\(id).txt, the case at line \(file.cases[index].line)")
            }
        }
        if GoldenFile.isRewriting { try file.rewrite() }
        let kinds = file.cases.map { kind(of: $0, id) }
        #expect(kinds.contains(.makes), "Rules/\(id).txt: no case makes \(id); write one")
        #expect(kinds.contains(.nearlyMakes), "Rules/\(id).txt: no case comes close and stays silent; write one")
        if !rule.group.isOfCheck {
            let opens = file.cases.contains {
                lines(of: $0).contains { $0.dropFirst().starts(with: ["opened"]) && $0.contains(Substring(id)) }
            }
            // A live watch is one point, and reads no logs.
            let isOffline = ["point ", "log "].contains(where: rule.page.onTheWire.hasPrefix)
            #expect(opens || isOffline, "Rules/\(id).txt: no case asks `live` and opens \(id); write one")
        }
        if !rule.page.onTheWire.isEmpty {
            #expect(file.cases.contains { asks($0, "example") }, "Rules/\(id).txt: no case is the page's example")
        }
    }

    @Test func everyFileBelongsToARule() throws {
        let ids = Set(Catalogue.rules.map { "\($0.id).txt" })
        #expect(try Set(GoldenFile.names(beside: #filePath, in: "Rules")) == ids)
    }

    private enum Kind {
        case makes, nearlyMakes, neither
    }

    /// A case counts when it asks for findings.
    private func kind(of item: GoldenFile.Case, _ id: String) -> Kind {
        let found = lines(of: item).contains { words in
            !words.dropFirst().starts(with: ["opened"]) && !words.dropFirst().starts(with: ["closed"])
                && words.contains { $0 == id || $0 == "\(id):" } && !words.starts(with: ["\(id):"])
        }
        if found { return .makes }
        return asks(item, "findings") || asks(item, "check") ? .nearlyMakes : .neither
    }

    private func lines(of item: GoldenFile.Case) -> [[Substring]] {
        item.expected.split(separator: "\n").map { $0.split(separator: " ") }
    }

    private func asks(_ item: GoldenFile.Case, _ word: String) -> Bool {
        item.directive.split(separator: "\n").contains { $0.split(separator: " ").first == Substring(word) }
    }

    private func answer(_ directive: String, _ rule: Rule) throws -> String {
        let lines = directive.split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { $0 == "example" ? Substring(rule.page.onTheWire) : $0 }.joined(separator: "\n")
        return rule.group.isOfCheck ? try ConfigurationScenario(text).answers() : try Scenario.run(text)
    }
}
