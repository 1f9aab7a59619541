import Foundation
import Subprocess
import SystemPackage
import Testing
import VRRPConfiguration
import VRRPFindings
import VRRPTestSupport

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

    /// Compares the findings in keepalived's samples with keepalived's own complaints.
    ///
    /// Complaints about interfaces that the machine does not have, routes, rules and servers do not concern VRRP's
    /// configuration and are left out. For the rest, both must find something or neither. Where keepalived names a
    /// line, a finding must be on the same line.
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
        let own = Catalogue.findings(in: [router]).filter { $0.severity > .notice }
        #expect(own.isEmpty == complaints.isEmpty, "\(complaints) against \(own.map(\.summary))")
        let lines = complaints.compactMap { $0.firstMatch(of: /: Line (\d+)\)/).flatMap { Int($0.1) } }
        for line in lines { #expect(own.contains { $0.location.line == line }, "\(name):\(line)") }
    }

    /// Changes lines of the scenarios of the rules of `check` in ways that follow from the seed.
    @Test(
        "what keepalived --config-test complains about in changed configurations is found",
        .enabled(if: Samples.hasKeepalived, "keepalived runs as root only"),
        arguments: 1...40 as ClosedRange<UInt64>
    )
    func findsWhatKeepalivedFinds(_ seed: UInt64) async throws {
        var generator = SplitMix64(seed: seed)
        let base = try #require(try Samples.cases().randomElement(using: &generator))
        let text = Samples.changed(base, using: &generator)
        let file = FileManager.default.temporaryDirectory.appending(path: "vrrpwatch-\(UUID().uuidString).conf")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let complaints = try await Samples.complaints(about: file.path)
        let router = try ConfigurationReader.read("x", configID: "high", from: ConfigurationTexts(["x": text]))
        let own = Catalogue.findings(in: [router]).filter { $0.severity > .notice }
        #expect(complaints.isEmpty || !own.isEmpty, "seed \(seed): \(complaints)\n\(text)")
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

    /// Returns keepalived's complaints about a file, without the complaints that do not concern VRRP.
    static func complaints(about path: String) async throws -> [String] {
        let result = try await run(
            .path("/usr/sbin/keepalived"),
            arguments: ["--config-test", "--config-id", "high", "--use-file", path],
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        return result.standardError.split(separator: "\n").map(String.init).filter(isAboutVRRP)
    }

    /// The keepalived configurations in the scenarios of the rules of `check`, those aside that use what only newer versions know.
    static func cases() throws -> [String] {
        let rules = URL(filePath: #filePath).appending(path: "../../VRRPFindingsTests/Rules").standardized.path
        let files = try GoldenFile.names(beside: rules, in: "Rules").filter { $0.hasPrefix("config-") }
        let cases = try files.flatMap { try GoldenFile($0, beside: rules, in: "Rules").cases }
        return cases.compactMap { item in
            let lines = item.directive.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { $0.dropFirst(2) }
            let text = lines.joined(separator: "\n") + "\n"
            let newer = ["v3_checksum_as_v2", "timer_expired", " vrrp 51", "include"]
            return text.contains("vrrp_instance") && !newer.contains { text.contains($0) } ? text : nil
        }
    }

    static func changed(_ text: String, using generator: inout SplitMix64) -> String {
        let words = [
            "0", "1", "255", "256", "-1", "abc", "0.5", "2", "3", "MASTER", "PASS", "AH", "10.0.0.9", "fe80::9", "{",
            "}",
        ]
        var lines = text.split(separator: "\n").map(String.init)
        for _ in 0..<2 {
            guard let index = lines.indices.randomElement(using: &generator) else { break }
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: lines.remove(at: index)
            case 1: lines.insert(lines.randomElement(using: &generator) ?? "", at: index)
            default:
                let kept = lines[index].split(separator: " ").dropLast().map(String.init)
                lines[index] = (kept + [words.randomElement(using: &generator) ?? ""]).joined(separator: " ")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func isAboutVRRP(_ complaint: String) -> Bool {
        let others = [
            "doesn't exist", "Non-existent interface", "Virtual server", "route", "Route", "rule", "Rule", "VROUTE",
            "invalid IP", "SECURITY VIOLATION", "script user", "lvs_sync_daemon", "deprecated", "Unknown interface",
            "irtual server",
            "not found/accessible", "default user",
        ]
        return !complaint.isEmpty && !others.contains { complaint.contains($0) }
    }
}
