import Testing
import VRRPBundle
import VRRPTestSupport

/// Secrets in texts, as pairs of a text and the same text masked; `VRRPWATCH_REWRITE=1` rewrites the second one.
@Suite struct TextMaskTests {
    @Test("texts are shown without their secrets")
    func texts() throws {
        var file = try GoldenFile("masks.txt", beside: #filePath, in: ".")
        #expect(file.cases.count > 10)
        for (index, one) in file.cases.enumerated() {
            let actual = Self.masked(one.directive)
            if GoldenFile.isRewriting { file.cases[index].expected = actual }
            #expect(file.cases[index].expected == actual, "line \(one.line)")
            for word in Self.secrets { #expect(!actual.contains(word), "line \(one.line) shows \(word)") }
        }
        if GoldenFile.isRewriting { try file.rewrite() }
    }

    /// The secrets of all texts; each is hidden wherever it stands.
    private static let secrets = ["s3cret", "hunter2", "0123456789abcdef", "opensesame"]

    /// Masks the parts of a case, each behind a line with its kind: `config`, `log` or `rules`.
    private static func masked(_ text: String) -> String {
        var texts = TextMask()
        var mask = SecretMask()
        var parts: [(kind: Substring, lines: [Substring])] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("# ") {
            if ["config", "log", "rules"].contains(line) {
                parts.append((line, []))
            } else if !parts.isEmpty {
                parts[parts.count - 1].lines.append(line)
            }
        }
        for part in parts where part.kind == "config" { texts.learn(part.lines.joined(separator: "\n")) }
        return parts.map { part in
            let text = part.lines.joined(separator: "\n")
            return switch part.kind {
            case "config": texts.configuration(text, &mask)
            case "rules": texts.rules(text)
            default: texts.log(text)
            }
        }.joined(separator: "\n")
    }

    @Test("the same password has the same stand-in everywhere, another one another, and masking twice changes nothing")
    func standIns() {
        var one = SecretMask()
        var other = SecretMask()
        let password = one.standIn(for: Array("s3cret".utf8))
        #expect(password.utf8.count == 8)
        #expect(other.standIn(for: Array("s3cret\u{0}\u{0}".utf8)) == password)
        #expect(other.standIn(for: Array("hunter2".utf8)) != password)
        #expect(other.standIn(for: Array("s3cretXXtail".utf8)) == other.standIn(for: Array("s3cretXX".utf8)))
        #expect(one.standIn(for: Array(password.utf8)) == password)
    }
}
