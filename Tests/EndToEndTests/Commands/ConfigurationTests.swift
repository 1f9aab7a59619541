import Foundation
import Testing

/// Recordings of real routers, held against the configurations that they ran with.
@Suite struct ConfigurationTests {
    /// Fixtures whose routers say the same as one another, so that nobody can tell who is who.
    private static let alike: Set = ["equal-priority", "owner-twice"]

    @Test("what real routers said is what their files say, and each is known by name", arguments: Fixture.all)
    func asConfigured(_ fixture: Fixture) async throws {
        let names = try fixture.configurations().keys.sorted()
        guard !names.isEmpty else { return }
        let options = names.flatMap { ["--config", fixture.folder.appending(path: "\($0).conf").path] }
        let report = try await Self.report(try fixture.captures() + options)
        let ids = report.findings.map(\.id)
        #expect(!ids.contains("config-drift") && !ids.contains("unexpected-router"), "\(report.findings)")
        for router in report.virtualRouters.flatMap(\.routers) {
            guard !Self.alike.contains(fixture.name) else {
                #expect(router.name == nil)
                continue
            }
            // The lab numbers its routers, in names and in addresses. FRR's IPv6 address is that of the virtual router.
            let number = router.address.split(whereSeparator: { ".:".contains($0) }).last.map(String.init) ?? ""
            guard number.count == 1 else { continue }
            // keepalived's router_id is alike on all, and names a router where only one has it.
            #expect([number.isEmpty ? nil : "r\(number)", "my_router"].contains(router.name), "\(router)")
        }
    }

    @Test func aPriorityThatATrackedFileLoweredIsNamedSo() async throws {
        let fixture = Fixture.named("priority-change")
        let report = try await Self.report([fixture.capture] + Self.configurations(of: fixture))
        let demoted = try #require(report.virtualRouters.first?.transitions.first { $0.cause == "demoted" })
        let summary = try #require(demoted.summary)
        #expect(summary.contains("r2 (10.51.0.2) took over from r1 (10.51.0.1)"), "\(summary)")
        #expect(summary.contains("fell from 100 to 70 by track_file T (weight 1)"), "\(summary)")
    }

    /// Replaces a line of r1's configuration with another text, and checks the finding that the change leads to.
    @Test(
        "a file that says otherwise than its router is a finding, and which router",
        arguments: [
            ("priority 100", "priority 120", "priority 100 instead of 120"),
            ("advert_int 1", "advert_int 2", "interval 1 s instead of 2 s"),
            ("10.51.0.100/24", "10.51.0.100/24\n10.51.0.101/24", "addresses 10.51.0.100 instead of"),
            ("auth_pass 1111", "auth_pass 2222", "another password"),
            ("auth_type PASS", "auth_type AH", "authentication simple-text instead of ah"),
            ("vrrp_version 2", "vrrp_version 3", "VRRPv2 instead of VRRPv3"),
            ("advert_int 1", "unicast_peer {\n10.51.0.2\n}", "multicast instead of unicast"),
        ]
    )
    func drift(_ line: String, _ replacement: String, _ words: String) async throws {
        let fixture = Fixture.named("crash-failover")
        let text = try #require(try fixture.configurations()["r1"])
        let changed = text.replacing(line, with: replacement)
        #expect(changed != text)
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "r1.conf")
            try Data(changed.utf8).write(to: file)
            let other = fixture.folder.appending(path: "r2.conf").path
            let report = try await Self.report([fixture.capture, "--config", file.path, "--config", other])
            let drifts = report.findings.filter { $0.id == "config-drift" }
            #expect(drifts.count == 1, "\(report.findings)")
            let summary = try #require(drifts.first?.summary)
            #expect(summary.contains("r1 (10.51.0.1)") && summary.contains(words), "\(summary)")
            #expect(!summary.contains("1111") && !summary.contains("2222"))
        }
    }

    @Test func aRouterWithoutAConfigurationIsAStranger() async throws {
        let fixture = Fixture.named("crash-failover")
        let report = try await Self.report([
            fixture.capture, "--config", fixture.folder.appending(path: "r1.conf").path,
        ])
        let strangers = report.findings.filter { $0.id == "unexpected-router" }
        #expect(
            strangers.map(\.summary) == [
                "10.51.0.2 advertises for this virtual router and is none of the configured routers (my_router)"
            ]
        )
    }

    @Test(
        "every form of a report names the routers",
        arguments: [
            ["analyze"], ["report", "--format", "html", "-o", "-"], ["report", "--format", "markdown", "-o", "-"],
        ]
    )
    func forms(_ command: [String]) async throws {
        let fixture = Fixture.named("priority-change")
        let outcome = try await Vrrpwatch.run(command + [fixture.capture] + Self.configurations(of: fixture))
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("track"), "the cause by a tracked file")
        #expect(outcome.text.contains("r1"))
        #expect(!outcome.text.contains("1111"))
    }

    @Test(
        "check finds what is wrong with the lab's configurations, and nothing with the others",
        arguments: Fixture.all
    )
    func check(_ fixture: Fixture) async throws {
        let files = try fixture.configurations().keys.sorted().map { fixture.folder.appending(path: "\($0).conf").path }
        guard !files.isEmpty else { return }
        let outcome = try await Vrrpwatch.run(["check"] + files)
        let wrong: [String: String] = [
            "ah-key-mismatch": "config-auth-mismatch", "auth-mismatch": "config-auth-mismatch",
            "auth-type-mismatch": "config-auth-mismatch", "interval-mismatch": "config-interval-mismatch",
            "vip-mismatch": "config-address-mismatch", "version-mismatch": "config-version-mismatch",
            "unicast-and-multicast": "config-delivery-mismatch", "owner-twice": "config-owner-conflict",
            "equal-priority": "config-priority-tie", "duplicate-vrid": "config-vrid-collision",
            "random-misconfiguration-102": "config-auth-mismatch",
            "random-misconfiguration-103": "config-auth-mismatch",
            "ah-auth": "config-ignored-setting",
        ]
        if let id = wrong[fixture.name] {
            #expect(outcome.status == 1)
            #expect(outcome.text.contains("[\(id)]"), "\(outcome.text)")
        } else {
            #expect(outcome.status == 0, "\(outcome.text)")
        }
    }

    // MARK: -

    private static func configurations(of fixture: Fixture) throws -> [String] {
        try fixture.configurations().keys.sorted().flatMap {
            ["--config", fixture.folder.appending(path: "\($0).conf").path]
        }
    }

    private static func report(_ arguments: [String]) async throws -> Report {
        let outcome = try await Vrrpwatch.run(["analyze", "--json"] + arguments)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(outcome.output))
    }
}
