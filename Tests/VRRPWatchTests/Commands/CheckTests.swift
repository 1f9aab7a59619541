import Foundation
import Testing
import VRRPTestSupport

/// `vrrpwatch check` and `--config`, as scripts use them.
@Suite(.enabled(if: Tool.url != nil, "the command is built with `swift build`"))
struct CheckTests {
    let folder: Folder

    init() throws {
        folder = try Folder()
        try write("r1.conf", Self.configuration(priority: 100))
        try write("r2.conf", Self.configuration(priority: 90))
        try folder.write(Pcap.capture(router: 1, at: [0, 1000, 2000, 3000]), to: "first.pcap")
    }

    private static func configuration(priority: Int, extra: String = "") -> String {
        """
        vrrp_instance VI_1 {
            interface eth0
            virtual_router_id 51
            priority \(priority)
            \(extra)
            virtual_ipaddress {
                10.0.0.100
            }
        }

        """
    }

    private func write(_ name: String, _ text: String) throws {
        try folder.write(Array(text.utf8), to: name)
    }

    private func run(_ arguments: String...) throws -> Tool.Result { try Tool.run(arguments, in: folder) }

    @Test func nothingFoundIsStatus0() throws {
        let result = try run("check", "r1.conf", "r2.conf")
        #expect(result.status == 0)
        #expect(result.output == "2 routers, 2 VRRP instances: 0 critical, 0 warnings, 0 notices\n")
        #expect(result.errors.isEmpty)
    }

    @Test func aWarningIsStatus1AndPointsToTheLine() throws {
        try write("r2.conf", Self.configuration(priority: 100))
        let result = try run("check", "r1.conf", "r2.conf", "-q")
        #expect(result.status == 1)
        #expect(
            result.output
                == "r2.conf:4: warning: VRID 51 (IPv4) of r1 and r2: both have priority 100 [config-priority-tie]\n"
        )
        #expect(try run("check", "r1.conf", "r2.conf", "--fail-on", "critical").status == 0)
    }

    @Test func aNoticeIsStatus0UnlessAskedFor() throws {
        try write("r2.conf", Self.configuration(priority: 100, extra: "nopreempt"))
        try write("r1.conf", Self.configuration(priority: 100, extra: "nopreempt"))
        #expect(try run("check", "r1.conf", "r2.conf").status == 0)
        #expect(try run("check", "r1.conf", "r2.conf", "--fail-on", "notice").status == 1)
    }

    @Test func damageIsStatus2AndSaysWhere() throws {
        try write("r2.conf", String(Self.configuration(priority: 90).dropLast(3)))
        let result = try run("check", "r1.conf", "r2.conf")
        #expect(result.status == 2)
        #expect(result.errors == "vrrpwatch: r2.conf:1: the block of 'vrrp_instance' is not closed\n")
        #expect(result.output.contains("[config-syntax]"))
        let analysis = try run("analyze", "first.pcap", "--config", "r2.conf")
        #expect(analysis.status == 2)
        #expect(analysis.errors.contains("r2.conf:1"))
        #expect(analysis.output.contains("1 virtual router"))
    }

    @Test(arguments: [["check"], ["analyze", "first.pcap", "--config"]])
    func aFileThatCannotBeReadIsStatus3(command: [String]) throws {
        for (path, reason) in [("missing.conf", "no such file"), (".", "directory")] {
            let result = try Tool.run(command + [path], in: folder)
            #expect(result.status == 3)
            #expect(result.output.isEmpty)
            #expect(result.errors.contains(path) && result.errors.contains(reason), "\(result.errors)")
        }
    }

    @Test(arguments: [
        ["check"], ["check", "r1.conf", "--format", "html"], ["check", "r1.conf", "--json", "--format", "text"],
    ])
    func wrongUsageIsStatus64(arguments: [String]) throws {
        let result = try Tool.run(arguments, in: folder)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
    }

    @Test func filesAreIncludedRelativeToTheIncludingOne() throws {
        try FileManager.default.createDirectory(atPath: folder.path("etc/conf.d"), withIntermediateDirectories: true)
        try write("etc/main.conf", "include conf.d/*.{conf,inc}\n")
        try write("etc/conf.d/b.conf", Self.configuration(priority: 90, extra: "include ../more"))
        try write("etc/conf.d/a.inc", "global_defs {\n    router_id edge\n}\n")
        try write("etc/conf.d/.hidden.conf", "}\n")
        try write("etc/more", "advert_int 7\n")
        let result = try run("check", "etc/main.conf", "--json")
        #expect(result.status == 0, "\(result.output)")
        let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let router = try #require((report?["routers"] as? [[String: Any]])?.first)
        #expect(router["name"] as? String == "edge")
        #expect(
            router["files"] as? [String]
                == ["etc/main.conf", "etc/conf.d/b.conf", "etc/conf.d/../more", "etc/conf.d/a.inc"]
        )
        let instance = try #require((router["instances"] as? [[String: Any]])?.first)
        #expect(instance["advertIntervalMs"] as? Int == 7000)
        #expect(instance["file"] as? String == "etc/conf.d/b.conf")
    }

    @Test func aFileCanBeReadAsEachOfItsRouters() throws {
        let text =
            "@main $P=200\n@backup $P=100\n"
            + Self.configuration(priority: 1).replacing("priority 1", with: "priority $P")
        try write("both.conf", text)
        let result = try run("check", "both.conf@main", "both.conf@backup", "--json")
        #expect(result.status == 0, "\(result.output)")
        let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let routers = try #require(report?["routers"] as? [[String: Any]])
        #expect(routers.map { $0["name"] as? String } == ["main", "backup"])
        let priorities = routers.map { (($0["instances"] as? [[String: Any]])?.first)?["priority"] as? Int }
        #expect(priorities == [200, 100])
        #expect(try run("check", "both.conf").output.contains("[config-unevaluated]"))
    }

    /// The members of `vrrpwatch.check/1`, which scripts rely on: they only grow.
    @Test func members() throws {
        try write("r2.conf", Self.configuration(priority: 100, extra: "nonsense 1"))
        let result = try run("check", "r1.conf", "r2.conf", "--format", "json")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["schema"] as? String == "vrrpwatch.check/1")
        #expect(Set(report.keys) == ["schema", "generator", "routers", "findings", "summary"])
        let router = try #require((report["routers"] as? [[String: Any]])?.last)
        #expect(Set(router.keys) == ["name", "dialect", "files", "instances", "syncGroups", "unknown"])
        let unknown = try #require((router["unknown"] as? [[String: Any]])?.first)
        #expect(unknown["keyword"] as? String == "nonsense" && unknown["line"] as? Int == 5)
        let instance = try #require((router["instances"] as? [[String: Any]])?.first)
        #expect(
            Set(instance.keys) == [
                "name", "file", "line", "interface", "family", "vrid", "version", "priority", "lowestPriority",
                "highestPriority", "advertIntervalMs", "addresses", "excludedAddresses", "authentication", "delivery",
                "peers", "source", "checksum", "preempt", "syncGroup", "shutdown",
            ]
        )
        let finding = try #require((report["findings"] as? [[String: Any]])?.first)
        #expect(
            Set(finding.keys) == ["id", "severity", "file", "line", "routers", "summary", "remedy", "related"]
        )
        let summary = try #require(report["summary"] as? [String: Any])
        #expect(Set(summary.keys) == ["critical", "warning", "notice", "worst"])
    }

    @Test func everyFindingIsExplained() throws {
        let list = try run("explain").output
        for id in ["config-drift", "config-syntax", "config-vrid-mismatch"] {
            #expect(list.contains("\(id) "))
            let page = try run("explain", id)
            #expect(page.status == 0)
            #expect(page.output.hasPrefix(id) && page.output.contains("What to do"))
        }
    }

    @Test func textFromAFileReachesNoTerminalAsItIs() throws {
        try write(
            "r1.conf",
            "global_defs {\n router_id \u{1b}[31mred\u{202e}\n}\nvrrp_instance \u{1b}]0;x\u{7} {\n \u{9b}31m 1\n}\n"
        )
        for arguments in [
            ["check", "r1.conf", "-v"], ["check", "r1.conf", "--json"],
            ["analyze", "first.pcap", "--config", "r1.conf"],
        ] {
            let result = try Tool.run(arguments, in: folder)
            let unsafe = (result.output + result.errors).unicodeScalars.contains { scalar in
                (scalar.value < 0x20 && scalar != "\n") || 0x7f...0x9f ~= scalar.value || scalar.value == 0x202e
            }
            #expect(!unsafe, "\(arguments)")
        }
    }
}
