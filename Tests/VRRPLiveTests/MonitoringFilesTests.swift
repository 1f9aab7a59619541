import Foundation
import Testing
import VRRPTestSupport

/// The alert rules and the dashboard, held against the metrics that are written.
@Suite struct MonitoringFilesTests {
    @Test("rules and dashboard ask for metrics and labels that there are", arguments: ["rules.yml", "dashboard.json"])
    func everyMetricThatIsAskedForIsWritten(file: String) throws {
        var story = MetricsTests.Story()
        story.play(MetricsTests.takeover, until: 22_700)
        _ = story.page(at: 22_700)
        let written = Set(story.text.matches(of: #/# TYPE (\w+) /#).map { String($0.1) })
        // Labels that Prometheus, its targets or the rules themselves add, and those of samples that a takeover does not make.
        let labels = Set(story.text.matches(of: /[{,](\w+)="/).map { String($0.1) })
            .union(["instance", "job", "segment", "vlan", "tunnel", "reason", "kind", "id", "severity", "result", "le"])
        let text = try String(
            contentsOf: SourceTree.url("Sources/vrrpwatch/Service/Files/vrrpwatch.\(file)"),
            encoding: .utf8
        )
        let asked = Set(text.matches(of: /vrrpwatch_[a-z_]+/).map { String($0.0) }).subtracting(["vrrpwatch_"])
        #expect(asked.count > 10)
        for name in asked.sorted() {
            #expect(written.contains(name.replacing(/_bucket$/, with: "")), "\(name) is not written")
        }
        let lists = text.matches(of: /\b(?:on|by|without|ignoring|group_left) \(([\w, ]*)\)/).flatMap {
            $0.1.split { ", ".contains($0) }.map(String.init)
        }
        let matched = text.matches(of: /[{,](\w+)\\?(?:=~|!=|=)/).map { String($0.1) }
        #expect(lists.count > 10)
        for label in Set(lists + matched).sorted() { #expect(labels.contains(label), "there is no label \(label)") }
    }
}
