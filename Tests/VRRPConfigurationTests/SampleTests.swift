import Foundation
import Subprocess
import SystemPackage
import Testing
import VRRPConfiguration

/// keepalived's own samples, and what keepalived says of them.
@Suite(.enabled(if: Samples.isThere, "install the package keepalived, with its documentation"))
struct SampleTests {
    @Test("no VRRP instance of a sample is lost", arguments: Samples.names)
    func instances(_ name: String) throws {
        let text = try String(contentsOfFile: Samples.folder + name, encoding: .utf8)
        let named = text.split(separator: "\n").compactMap { line in
            line.wholeMatch(of: /\s*vrrp_instance\s+(\S+)\s*\{?.*/).map { String($0.1) }
        }
        let router = try ConfigurationReader.read(name, from: ConfigurationTexts([name: text]))
        #expect(router.instances.map(\.name) == named)
        for instance in router.instances {
            #expect(instance.vrid != nil, "\(instance.name)")
            #expect(!instance.addresses.isEmpty, "\(instance.name)")
        }
    }

    /// What keepalived says about interfaces that the machine does not have, about routes and rules, and about servers is
    /// no matter of VRRP's configuration; the rest has to be found by both, and by line where keepalived names one.
    @Test(
        "keepalived --config-test finds the same samples valid",
        .enabled(if: Samples.hasKeepalived, "keepalived runs as root only"),
        arguments: Samples.names
    )
    func agreesWithKeepalived(_ name: String) async throws {
        // Both know the machine by the same name.
        let result = try await run(
            .path("/usr/sbin/keepalived"),
            arguments: ["--config-test", "--config-id", "high", "--use-file", Samples.folder + name],
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        let complaints = result.standardError.split(separator: "\n").map(String.init).filter(
            Samples.isAboutVRRP
        )
        let text = try String(contentsOfFile: Samples.folder + name, encoding: .utf8)
        let router = try ConfigurationReader.read(name, configID: "high", from: ConfigurationTexts([name: text]))
        let own = ConfigurationChecks.findings(in: [router]).filter { $0.severity > .notice }
        #expect(own.isEmpty == complaints.isEmpty, "\(complaints) against \(own.map(\.summary))")
        let lines = complaints.compactMap { $0.firstMatch(of: /: Line (\d+)\)/).flatMap { Int($0.1) } }
        for line in lines { #expect(own.contains { $0.location.line == line }, "\(name):\(line)") }
    }
}

private enum Samples {
    static let folder = "/usr/share/doc/keepalived/samples/"

    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasPrefix("keepalived.conf") && !$0.hasSuffix(".gz") }.sorted()

    static var isThere: Bool { !names.isEmpty }

    static var hasKeepalived: Bool {
        getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/sbin/keepalived")
    }

    static func isAboutVRRP(_ complaint: String) -> Bool {
        let others = [
            "doesn't exist", "Non-existent interface", "Virtual server", "route", "Route", "rule", "Rule", "VROUTE",
            "invalid IP", "SECURITY VIOLATION", "script user", "lvs_sync_daemon", "deprecated",
        ]
        return !complaint.isEmpty && !others.contains { complaint.contains($0) }
    }
}
