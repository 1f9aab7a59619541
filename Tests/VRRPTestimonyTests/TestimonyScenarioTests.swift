import Testing
import VRRPTestSupport
import VRRPTestimony
import VRRPWire

/// Logs in their forms, and what they say: a line for each statement.
///
/// `written S` in front of a text is the time at which it was written, in seconds since 1970.
@Suite struct TestimonyScenarioTests {
    @Test("a log says what it says", arguments: try GoldenFile.names(beside: #filePath))
    func scenario(_ name: String) throws {
        var file = try GoldenFile(name, beside: #filePath)
        for index in file.cases.indices {
            let actual = Self.answer(file.cases[index].directive)
            if GoldenFile.isRewriting {
                file.cases[index].expected = actual
            } else {
                #expect(actual == file.cases[index].expected, "\(name), the case at line \(file.cases[index].line)")
            }
        }
        if GoldenFile.isRewriting { try file.rewrite() }
    }

    private static func answer(_ directive: String) -> String {
        var lines = directive.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("#") }.map { $0.hasPrefix("|") ? $0.dropFirst() : $0 }
        var written: CaptureInstant?
        if let first = lines.first, first.hasPrefix("written "), let seconds = Int64(first.dropFirst(8)) {
            written = CaptureInstant(nanoseconds: seconds * 1_000_000_000)
            lines.removeFirst()
        }
        let testimonies = TestimonyReader.read(lines.joined(separator: "\n"), written: written)
        return testimonies.map { testimony in
            let host = testimonies.count > 1 ? testimony.host.map { "\($0): " } ?? "" : ""
            return
                (["\(host)\(testimony.form.rawValue), \(testimony.lines) lines"] + testimony.statements.map(line)
                + testimony.problems.map { "problem: \($0)" }).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func line(_ statement: Statement) -> String {
        var words = ["\(statement.line)", statement.stamp.map(text) ?? "-", statement.kind.rawValue]
        if statement.isInitial { words.append("initial") }
        if let instance = statement.instance { words.append("(\(instance))") }
        if let vrid = statement.vrid { words.append("vrid \(vrid)") }
        if let family = statement.family { words.append(family.rawValue) }
        if let address = statement.address { words.append("\(address)") }
        return words.joined(separator: " ")
    }

    private static func text(_ stamp: Stamp) -> String {
        let zone = stamp.zone.map { "\($0.nanoseconds / 60_000_000_000)min" } ?? "local"
        return "\(stamp.clock.nanoseconds / 1_000_000)ms\(stamp.hasYear ? "" : "/noyear") \(zone) step "
            + "\(stamp.resolution.nanoseconds)ns"
    }
}
