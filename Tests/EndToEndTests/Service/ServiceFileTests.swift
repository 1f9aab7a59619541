import Foundation
import Testing

/// The unit and the alert rules that `vrrpwatch service` prints, held against the programs that read them.
@Suite struct ServiceFileTests {
    @Test("the alert rules are well-formed", .enabled(if: Tool.isInstalled("promtool"), "promtool is not installed"))
    func rulesAreWellFormed() async throws {
        try await withTemporaryFolder { folder in
            let rules = try await write("rules", to: folder.appending(path: "vrrpwatch.rules.yml"))
            #expect(try await Tool.run("promtool", "check", "rules", rules.path).contains("SUCCESS: 15 rules found"))
        }
    }

    @Test(
        "each alert rule fires when it should",
        .enabled(if: Tool.isInstalled("promtool"), "promtool is not installed")
    )
    func rulesFire() async throws {
        try await withTemporaryFolder { folder in
            try await write("rules", to: folder.appending(path: "vrrpwatch.rules.yml"))
            let stories = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "vrrpwatch.test.yml")
            let copy = folder.appending(path: "vrrpwatch.test.yml")
            try FileManager.default.copyItem(at: stories, to: copy)
            #expect(try await Tool.run("promtool", "test", "rules", copy.path).contains("SUCCESS"))
            // A rule without a story would pass as well.
            let rules = try String(contentsOf: folder.appending(path: "vrrpwatch.rules.yml"), encoding: .utf8)
            let text = try String(contentsOf: copy, encoding: .utf8)
            for rule in rules.matches(of: /alert: (\w+)/) {
                #expect(text.contains("alertname: \(rule.1)\n"), "\(rule.1) never fires in a story")
            }
        }
    }

    @Test(
        "the example of Alertmanager's configuration is well-formed",
        .enabled(if: Tool.isInstalled("amtool"), "amtool is not installed")
    )
    func alertmanagerIsWellFormed() async throws {
        try await withTemporaryFolder { folder in
            let file = try await write("alertmanager", to: folder.appending(path: "alertmanager.yml"))
            #expect(try await Tool.run("amtool", "check-config", file.path).contains("SUCCESS"))
            // A rule that is renamed would silently be told no longer as it should.
            let rules = try await Vrrpwatch.run(["service", "rules"]).text
            let text = try String(contentsOf: file, encoding: .utf8)
            let named = text.matches(of: /VRRP(?:\(([\w|]+)\)|(\w+))/).flatMap { match in
                (match.1 ?? match.2 ?? "").split(separator: "|")
            }
            #expect(named.count > 8)
            for name in named { #expect(rules.contains("alert: VRRP\(name)\n"), "there is no VRRP\(name)") }
        }
    }

    @Test(
        "every expression of the dashboard is one that Prometheus takes",
        .enabled(if: Tool.isInstalled("promtool"), "promtool is not installed")
    )
    func dashboardIsWellFormed() async throws {
        let dashboard = try await Dashboard.printed()
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
        let expressions = dashboard.queries.map(\.expression)
        #expect(expressions.count > 15)
        // As rules that record, which promtool checks.
        let rules =
            ["groups:", "  - name: dashboard", "    rules:"]
            + expressions.enumerated().flatMap { index, text in
                ["      - record: panel:\(index)", "        expr: '\(text.replacing("'", with: "''"))'"]
            }
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "dashboard.yml")
            try Data((rules.joined(separator: "\n") + "\n").utf8).write(to: file)
            #expect(try await Tool.run("promtool", "check", "rules", file.path).contains("SUCCESS"))
        }
    }

    @Test(
        "the unit's exposure is 1.6 at most",
        .enabled(if: Tool.isInstalled("systemd-analyze"), "systemd-analyze is not installed")
    )
    func unitIsHardened() async throws {
        try await withTemporaryFolder { folder in
            let unit = try await write("unit", to: folder.appending(path: "vrrpwatch@.service"))
            // In tenths; above it the status is not 0.
            let report = try await Tool.run(
                "systemd-analyze",
                ["security", "--offline=true", "--no-pager", "--threshold=16", unit.path]
            )
            #expect(report.contains("Overall exposure level"))
        }
    }

    @Test(
        "systemd understands every line of the unit",
        .enabled(if: Tool.isInstalled("systemd-analyze"), "systemd-analyze is not installed")
    )
    func unitIsUnderstood() async throws {
        try await withTemporaryFolder { folder in
            let unit = try await write("unit", to: folder.appending(path: "vrrpwatch@eth0.service"))
            // It also looks whether the program is there, which on this machine need not be so.
            let text = try String(contentsOf: unit, encoding: .utf8)
                .replacing("/usr/local/bin/vrrpwatch", with: "/bin/true")
            try Data(text.utf8).write(to: unit)
            let complaints = try await Tool.run("sh", "-c", "systemd-analyze verify --man=no '\(unit.path)' 2>&1")
            #expect(!complaints.contains("vrrpwatch@eth0.service"), "\(complaints)")
        }
    }

    @Test("the unit's command line is one that the program takes")
    func commandLineIsUnderstood() async throws {
        let unit = try await Vrrpwatch.run(["service", "unit"]).text
        let start = try #require(unit.firstMatch(of: /ExecStart=\S+ ((?:.*\\\n)*.*)\n/))
        let words = String(start.1).replacing("\\\n", with: " ").replacing("%I", with: "no-such-interface")
            .replacing("%i", with: "x").replacing("%S", with: "/tmp").replacing("%t", with: "/tmp").split(
                separator: " "
            )
        let outcome = try await Vrrpwatch.run(words.map(String.init) + ["--help"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        for word in words where word.hasPrefix("-") {
            #expect(outcome.text.contains(word), "there is no option \(word)")
        }
    }

    @discardableResult
    private func write(_ what: String, to file: URL) async throws -> URL {
        let outcome = try await Vrrpwatch.run(["service", what])
        try #require(outcome.status == 0)
        try Data(outcome.output).write(to: file)
        return file
    }
}
