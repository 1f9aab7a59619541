import Foundation
import Testing

/// The dashboard on real numbers: a watch writes them, node_exporter shows them, and Prometheus is asked what each panel asks.
extension LiveLabTests {
    private static let programs = ["prometheus", "prometheus-node-exporter", "promtool"]

    @Test(
        .enabled(if: programs.allSatisfy(Tool.isInstalled), "prometheus or prometheus-node-exporter is not installed")
    )
    func everyPanelOfTheDashboardShowsData() async throws {
        let dashboard = try await Dashboard.printed()
        try await Lab.run { lab in
            try await lab.inSwitch("ip", "link", "set", "lo", "up")
            let prom = lab.folder.appending(path: "vrrpwatch.prom")
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--metrics-file", prom.path]) { watch in
                _ = try await watch.find("first line") { $0.contains("watching") ? true : nil }
                try await Self.prometheus(in: lab) {
                    try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                        // A change that Prometheus has not seen the counter before is none to it.
                        let known = "vrrpwatch_master_changes_total{reason=\"contested\"}"
                        try await Self.expectData(of: known, "the first scrape", in: lab)
                        try await lab.keepalived(on: lab.second, state: "BACKUP", priority: 90, password: "2222") { _ in
                            try await Self.expectData(of: "vrrpwatch_masters > 1", "two masters", in: lab)
                            try await Self.expectData(of: dashboard, in: lab)
                        }
                    }
                }
                try watch.interrupt()
            }
            #expect(status == 0)
        }
    }

    /// Records every panel, annotation and choice that shows nothing, or names a label that its data do not have.
    private static func expectData(of dashboard: Dashboard, in lab: Lab) async throws {
        for panel in dashboard.panels {
            for query in panel.targets { try await expectData(of: query, panel.title, in: lab) }
        }
        for query in dashboard.annotations.list { try await expectData(of: query, "annotations", in: lab) }
        for variable in dashboard.templating.list {
            guard let definition = variable.definition else { continue }
            let match = try #require(definition.wholeMatch(of: /label_values\((.+), (\w+)\)/), "\(definition)")
            let series = try await expectData(of: Dashboard.choosingAll(String(match.1)), variable.name, in: lab)
            #expect(series.contains { $0.metric[String(match.2)] != nil }, "\(definition)")
        }
    }

    private static func expectData(of query: Dashboard.Query, _ name: String, in lab: Lab) async throws {
        let series = try await expectData(of: query.expression, name, in: lab)
        for label in query.namedLabels {
            #expect(series.contains { $0.metric[label] != nil }, "\(name): no label \(label) in \(query.expression)")
        }
    }

    // MARK: Prometheus

    private static let server = "http://127.0.0.1:9090"

    /// The value of a series of Prometheus.
    private struct Series: Decodable {
        var metric: [String: String]
        var value: Double

        private enum CodingKeys: String, CodingKey {
            case metric, value
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            metric = try members.decode([String: String].self, forKey: .metric)
            // The time, as a number, and the value, as text.
            var pair = try members.nestedUnkeyedContainer(forKey: .value)
            _ = try pair.decode(Double.self)
            value = Double(try pair.decode(String.self)) ?? .nan
        }
    }

    /// Runs node_exporter and Prometheus on the switch while `body` runs.
    private static func prometheus(in lab: Lab, _ body: () async throws -> Void) async throws {
        let configuration = lab.folder.appending(path: "prometheus.yml")
        let text = """
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: node
                static_configs:
                  - targets: ['127.0.0.1:9100']

            """
        try Data(text.utf8).write(to: configuration)
        let exporter = [
            "prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
            "--collector.textfile.directory=\(lab.folder.path)", "--web.listen-address=127.0.0.1:9100",
        ]
        let server = [
            "prometheus", "--config.file=\(configuration.path)", "--web.listen-address=127.0.0.1:9090",
            "--storage.tsdb.path=\(lab.folder.appending(path: "series").path)",
        ]
        try await LabProcess.run(in: lab.switchNamespace, exporter, outlivesBody: true) { _ in
            try await LabProcess.run(in: lab.switchNamespace, server, outlivesBody: true) { prometheus in
                _ = try await prometheus.findAnywhere("readiness") { $0.contains("ready to receive") ? true : nil }
                try await body()
            }
        }
    }

    /// Asks until there is a number, for half a minute, and records that there is none.
    @discardableResult
    private static func expectData(of expression: String, _ name: String, in lab: Lab) async throws -> [Series] {
        let deadline = ContinuousClock.now + .seconds(30)
        let command = ["netns", "exec", lab.switchNamespace, "promtool", "query", "instant", "--format=json"]
        while true {
            let answer = try await Tool.run("ip", command + [server, expression])
            let series = try JSONDecoder().decode([Series].self, from: Data(answer.utf8)).filter { $0.value.isFinite }
            if !series.isEmpty { return series }
            guard ContinuousClock.now < deadline else { break }
            try await Task.sleep(for: .milliseconds(200))
        }
        Issue.record("\(name) shows nothing: \(expression)")
        return []
    }
}
