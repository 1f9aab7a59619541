import Foundation
import Testing
import VRRPFindings

/// The pages of the catalogue say what the rules say: no clause without evidence, no finding that is not listed.
@Suite struct ConformanceTests {
    private struct Row {
        var clause: String
        var restatement: String
        var shownBy: String
        var scenarios: String
        var silentScenarios: String
    }

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

    /// The cells that follow from the rules: run with VRRPWATCH_REWRITE=1 after a rule's clauses were changed.
    @Test func thePageIsWrittenFromTheRules() throws {
        let path = "Sources/VRRPFindings/Documentation.docc/Conformance.md"
        let current = try Repository.text(of: path)
        let lines = current.split(separator: "\n", omittingEmptySubsequences: false).map { Self.line(String($0)) }
        try Repository.expect(path, toSay: lines.joined(separator: "\n"))
    }

    @Test func everyClauseOfARuleHasARow() throws {
        let clauses = Set(try ledger().map(\.clause))
        for rule in Catalogue.rules {
            for clause in rule.clauses {
                #expect(clauses.contains(clause.id), "\(rule.id): Conformance.md has no row \(clause.id)")
            }
            #expect(Set(rule.clauses.map(\.id)).count == rule.clauses.count, "\(rule.id) names a clause twice")
        }
    }

    /// A row with what the rules say of its clause; every other line as it is.
    private static func line(_ line: String) -> String {
        guard var cells = Repository.cells(of: line), cells.count == 5 else { return line }
        let shown = Catalogue.rules.flatMap { rule in
            rule.clauses.filter { $0.id == cells[0] }.map { (rule: rule, clause: $0) }
        }
        guard !shown.isEmpty else { return line }
        cells[2] = shown.map { "`\($0.rule.id)`" + ($0.clause.note.isEmpty ? "" : " \($0.clause.note)") }
            .joined(separator: "; ")
        for index in [3, 4] {
            let others = names(in: cells[index]).filter { !$0.hasPrefix("Rules/") }
            cells[index] = (shown.map { "Rules/\($0.rule.id)" } + others).map { "`\($0)`" }.joined(separator: ", ")
        }
        return "| " + cells.joined(separator: " | ") + " |"
    }

    @Test func everyScenarioNamedExists() throws {
        let scenarios = try Repository.scenarios()
        for row in try ledger() {
            for cell in [row.scenarios, row.silentScenarios] where cell != "none" {
                let names = Self.names(in: cell)
                #expect(!names.isEmpty, "\(row.clause): \(cell)")
                for name in names {
                    let exists = scenarios.contains(name)
                    #expect(exists, "\(row.clause): there is no scenario \(name)")
                }
            }
        }
    }

    @Test func theTablesOfFindingsAreTheCatalogue() throws {
        let path = "Sources/VRRPFindings/Documentation.docc/Findings.md"
        let current = try Repository.text(of: path)
        let end = try #require(current.range(of: "## The table\n")).upperBound
        let tables = [
            ("\n", Catalogue.wireRules), ("\n## The findings of check\n\n", Catalogue.checkRules),
        ].map { title, rules in
            title + "| id | severity | group | made when |\n|---|---|---|---|\n"
                + rules.map { "| `\($0.id)` | \($0.severity.rawValue) | \($0.group.rawValue) | \($0.summary) |\n" }
                .joined()
        }
        try Repository.expect(path, toSay: current[..<end] + tables.joined())
    }

    private func ledger() throws -> [Row] {
        try Repository.table(in: "Sources/VRRPFindings/Documentation.docc/Conformance.md")
            .filter { $0.count == 5 }
            .map { Row(clause: $0[0], restatement: $0[1], shownBy: $0[2], scenarios: $0[3], silentScenarios: $0[4]) }
    }

    /// Returns the texts in code quotes.
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

    /// Whether pages are to be written anew: `VRRPWATCH_REWRITE=1 swift test`.
    private static let isRewriting = ProcessInfo.processInfo.environment["VRRPWATCH_REWRITE"] == "1"

    /// Expects a page to say what it should, and writes it where that is asked for.
    static func expect(_ path: String, toSay text: some StringProtocol) throws {
        if isRewriting { try text.write(to: root.appending(path: path), atomically: true, encoding: .utf8) }
        let isCurrent = try self.text(of: path) == String(text)
        #expect(isCurrent, "\(path) is not current: VRRPWATCH_REWRITE=1 swift test --filter ConformanceTests writes it")
    }

    /// The cells of a line of a Markdown table; `nil` for other lines.
    static func cells(of line: String) -> [String]? {
        guard line.hasPrefix("| ") else { return nil }
        return line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The cells of all Markdown tables of a page, without heads.
    static func table(in path: String) throws -> [[String]] {
        let lines = try text(of: path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.indices.compactMap { index in
            let isHead = index + 1 < lines.count && lines[index + 1].hasPrefix("|---")
            return isHead ? nil : cells(of: lines[index])
        }
    }

    /// The names of all scenario files, without their ending; those of rules begin with their folder.
    static func scenarios() throws -> Set<String> {
        let folders = [
            ("Tests/VRRPTrackerTests/Scenarios", ""), ("Tests/VRRPFindingsTests/Scenarios", ""),
            ("Tests/VRRPFindingsTests/Rules", "Rules/"),
        ]
        return try folders.reduce(into: []) { names, folder in
            let files = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder.0).path)
            names.formUnion(files.filter { $0.hasSuffix(".txt") }.map { folder.1 + $0.dropLast(4) })
        }
    }
}
