import Foundation
import Testing
import VRRPFindings

/// The pages of the catalogue say what is there: no clause without evidence, no finding without a clause.
@Suite struct ConformanceTests {
    private struct Row {
        var clause: String
        var restatement: String
        var shownBy: String
        var scenarios: String
        var silentScenarios: String
    }

    /// Findings about the capture, about comfort, or about another protocol, which no clause of VRRP asks for.
    private static let withoutClause: Set<String> = ["capture-loss", "clock-step"]

    @Test func everyRowIsWhole() throws {
        let rows = try Repository.table(in: "Sources/VRRPFindings/Documentation.docc/Conformance.md")
        #expect(rows.count >= 80)
        for row in rows {
            #expect(row.count == 5, "\(row.first ?? "")")
            #expect(row.allSatisfy { !$0.isEmpty }, "\(row.first ?? "")")
        }
    }

    @Test func clausesAreNamedOnceAndWell() throws {
        var seen: Set<String> = []
        for row in try ledger() {
            #expect(row.clause.wholeMatch(of: /RFC\d{4}-\d+(\.\d+)*-\d+/) != nil, "\(row.clause)")
            #expect(seen.insert(row.clause).inserted, "\(row.clause) has two rows")
        }
    }

    @Test func everyClauseIsShownModelledOrNotObservable() throws {
        for row in try ledger() {
            let findings = Self.names(in: row.shownBy).filter { Catalogue[$0] != nil }
            if row.shownBy.hasPrefix("not observable: ") {
                #expect(row.scenarios == "none" && row.silentScenarios == "none", "\(row.clause)")
            } else {
                #expect(row.shownBy.hasPrefix("modelled: ") || !findings.isEmpty, "\(row.clause): \(row.shownBy)")
                #expect(row.scenarios != "none", "\(row.clause) is shown by nothing")
            }
        }
    }

    /// A name in code quotes that looks like a finding's is one.
    @Test func everyFindingNamedExists() throws {
        for row in try ledger() {
            guard !row.shownBy.hasPrefix("modelled: "), !row.shownBy.hasPrefix("not observable: ") else { continue }
            let findings = Self.names(in: row.shownBy).filter { $0.wholeMatch(of: /[a-z]+(-[a-z]+)+/) != nil }
            for finding in findings {
                #expect(Catalogue[finding] != nil, "\(row.clause) names \(finding)")
            }
        }
    }

    @Test func everyScenarioNamedExists() throws {
        let scenarios = try Repository.scenarios()
        for row in try ledger() {
            for cell in [row.scenarios, row.silentScenarios] where cell != "none" {
                let names = Self.names(in: cell)
                #expect(!names.isEmpty, "\(row.clause): \(cell)")
                for name in names {
                    if let finding = name.wholeMatch(of: /explain (.+)/) {
                        #expect(Catalogue[String(finding.1)] != nil, "\(row.clause): \(name)")
                    } else {
                        #expect(scenarios.contains(name), "\(row.clause): there is no scenario \(name)")
                    }
                }
            }
        }
    }

    /// A page's example makes its own finding, so it shows a clause only through that finding.
    @Test func everyExampleBelongsToAFindingOfItsRow() throws {
        for row in try ledger() {
            let examples = Self.names(in: row.scenarios).compactMap { $0.wholeMatch(of: /explain (.+)/)?.1 }
            for example in examples {
                #expect(row.shownBy.contains("`\(example)`"), "\(row.clause): explain \(example)")
            }
        }
    }

    @Test func everyFindingOfTheProtocolIsNamed() throws {
        let named = Set(try ledger().flatMap { Self.names(in: $0.shownBy) })
        let ids = Set(Catalogue.rules.map(\.id))
        #expect(ids.subtracting(named).subtracting(Self.withoutClause).sorted() == [])
    }

    @Test func theTableOfFindingsIsTheCatalogue() throws {
        let rows = try Repository.table(in: "Sources/VRRPFindings/Documentation.docc/Findings.md")
        let expected = Catalogue.rules.map { ["`\($0.id)`", $0.severity.rawValue, $0.summary] }
        #expect(rows == expected)
    }

    private func ledger() throws -> [Row] {
        try Repository.table(in: "Sources/VRRPFindings/Documentation.docc/Conformance.md")
            .filter { $0.count == 5 }
            .map { Row(clause: $0[0], restatement: $0[1], shownBy: $0[2], scenarios: $0[3], silentScenarios: $0[4]) }
    }

    /// What stands in code quotes.
    private static func names(in cell: String) -> [String] {
        cell.matches(of: /`([^`]+)`/).map { String($0.1) }
    }
}

/// The tree that the tests belong to.
private enum Repository {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    static func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The cells of all Markdown tables of a page, without heads.
    static func table(in path: String) throws -> [[String]] {
        let lines = try text(of: path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.indices.compactMap { index in
            let isHead = index + 1 < lines.count && lines[index + 1].hasPrefix("|---")
            guard lines[index].hasPrefix("| "), !isHead else { return nil }
            return lines[index].split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The names of all scenario files, without their ending.
    static func scenarios() throws -> Set<String> {
        let folders = ["Tests/VRRPTrackerTests/Scenarios", "Tests/VRRPFindingsTests/Scenarios"]
        let files = try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
        }
        return Set(files.filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) })
    }
}
