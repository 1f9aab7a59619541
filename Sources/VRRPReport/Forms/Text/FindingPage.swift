package import VRRPFindings

/// The catalogue of findings as `vrrpwatch explain` prints it.
package enum FindingPage {
    /// Returns the catalogue: the rules about packets, then those of `vrrpwatch check`, one a line.
    package static func list(width: Int, style: TextStyle) -> String {
        table(Catalogue.wireRules, "FINDING", width, style) + "\n"
            + table(Catalogue.checkRules, "IN CONFIGURATIONS", width, style)
    }

    private static func table(_ rules: [Rule], _ title: String, _ width: Int, _ style: TextStyle) -> String {
        var table = TextTable([(title, .left), ("SEVERITY", .left), ("MADE WHEN", .prose)])
        for rule in rules {
            table.add([
                TextTable.Cell(rule.id), TextTable.Cell(rule.severity.rawValue, rule.severity.role),
                TextTable.Cell(rule.summary),
            ])
        }
        var text = ""
        table.render(indent: 0, style: style, width: width, into: &text)
        return text
    }

    /// Returns the page of a rule; parts that it leaves empty are left out.
    package static func render(_ rule: Rule, width: Int = TextReport.standardWidth, style: TextStyle) -> String {
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
        section(
            rule.group.isOfCheck ? "In configurations, an example" : "On the wire, an example with times in seconds",
            page.onTheWire.isEmpty ? "" : indented(page.onTheWire)
        )
        section("Likely causes", items(page.causes))
        section("What to do", prose(page.remedy))
        section("What this is not", prose(page.notThis))
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
