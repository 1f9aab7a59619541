package import VRRPConfiguration
package import VRRPFindings

/// The catalogue of findings for reading, as `vrrpwatch explain` prints it.
package enum FindingPage {
    private static let width = 100

    /// All findings, one a line.
    package static func list(_ rules: [FindingRule], style: TextStyle) -> String {
        var table = TextTable([("FINDING", .left), ("SEVERITY", .left), ("MADE WHEN", .left)])
        for rule in rules {
            table.add([
                TextTable.Cell(rule.id), TextTable.Cell(rule.severity.rawValue, rule.severity.role),
                TextTable.Cell(rule.summary),
            ])
        }
        var text = ""
        table.render(indent: 0, style: style, into: &text)
        return text
    }

    /// All findings about configurations, one a line.
    package static func list(_ rules: [ConfigurationRule], style: TextStyle) -> String {
        var table = TextTable([("IN CONFIGURATIONS", .left), ("SEVERITY", .left), ("MADE WHEN", .left)])
        for rule in rules {
            let severity = rule.severity.asFinding
            table.add([
                TextTable.Cell(rule.id), TextTable.Cell(severity.rawValue, severity.role), TextTable.Cell(rule.summary),
            ])
        }
        var text = ""
        table.render(indent: 0, style: style, into: &text)
        return text
    }

    /// Everything about one finding about configurations.
    package static func render(_ rule: ConfigurationRule, style: TextStyle) -> String {
        let severity = rule.severity.asFinding
        var text = style.paint(rule.id, .heading) + "  " + style.paint(severity.rawValue, severity) + "\n"
        text += wrapped(rule.summary, width: width, indent: 0)
        text += "\n" + style.paint("What it means", .heading) + "\n" + wrapped(rule.meaning, width: width, indent: 2)
        text += "\n" + style.paint("What to do", .heading) + "\n" + wrapped(rule.remedy, width: width, indent: 2)
        text += "\n" + style.paint("References", .heading) + "\n"
        for reference in rule.references { text += "  - " + reference + "\n" }
        return text
    }

    /// Everything about one finding.
    package static func render(_ rule: FindingRule, style: TextStyle) -> String {
        var text = style.paint(rule.id, .heading) + "  " + style.paint(rule.severity.rawValue, rule.severity) + "\n"
        text += wrapped(rule.summary, width: width, indent: 0)
        func section(_ title: String, _ body: String) {
            guard !body.isEmpty else { return }
            text += "\n" + style.paint(title, .heading) + "\n" + body
        }
        func prose(_ body: String) -> String { wrapped(body, width: width, indent: 2) }
        func items(_ bodies: [String]) -> String {
            bodies.map { "  - " + wrapped($0, width: width, indent: 4).dropFirst(4) }.joined()
        }
        let page = rule.page
        section("What it means", prose(page.meaning))
        section("Why it matters", prose(page.importance))
        // Scenarios are code: their lines stay as they are.
        section("On the wire", page.onTheWire.isEmpty ? "" : indented(page.onTheWire))
        section("Likely causes", items(page.causes))
        section("What to do", prose(page.remedy))
        section("Not this", prose(page.notThis))
        section("Thresholds", prose(page.thresholds))
        section("References", items(page.references))
        return text
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "\n" : "    \($0)\n" }
            .joined()
    }
}
