import Foundation
import Testing
import VRRPTestSupport

/// The program's JSON is what the schemas say, the schemas notice what is not, and the pages say what the schemas say.
@Suite(.enabled(if: Schemas.isInstalled, "jsonschema is not there; .ci/schema-setup fetches it"))
struct SchemaTests {
    private static let endings = ["pcap", "pcapng", "cap", "snoop", "gz", "zst"]

    /// Every capture of the fixtures, by its path from the root.
    private static func captures() throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: SourceTree.url("Fixtures").path)
        return paths.filter { endings.contains(URL(filePath: $0).pathExtension) }.map { "Fixtures/\($0)" }.sorted()
    }

    /// The configurations of each recording that has any.
    private static func configurations() throws -> [[String]] {
        let recordings = SourceTree.url("Fixtures/Captures")
        return try FileManager.default.contentsOfDirectory(atPath: recordings.path).sorted().map { name in
            try FileManager.default.contentsOfDirectory(atPath: recordings.appending(path: name).path).sorted()
                .filter { $0.hasSuffix(".conf") }.map { "Fixtures/Captures/\(name)/\($0)" }
        }.filter { !$0.isEmpty }
    }

    private func expectNone(_ problems: [String]) {
        for problem in problems { Issue.record("\(problem)") }
    }

    // MARK: What the program prints

    private let folder: Folder

    init() throws {
        folder = try Folder()
        // Outputs name files as in the repository.
        let link = folder.url.appending(path: "Fixtures")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: SourceTree.url("Fixtures"))
    }

    private func sample(_ form: Schemas.Form, _ arguments: [String]) throws -> Schemas.Sample {
        let output = try Tool.run(arguments, in: folder).output
        return try sample(form, arguments.joined(separator: " "), output)
    }

    private func sample(_ form: Schemas.Form, _ name: String, _ text: String) throws -> Schemas.Sample {
        let file = "\(UUID().uuidString).json"
        try folder.write(Array(text.utf8), to: file)
        return Schemas.Sample(form: form, name: name, file: folder.path(file))
    }

    private func keys() throws -> String {
        try folder.write(Array("s3cret\n".utf8), to: "keys")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path("keys"))
        return "keys"
    }

    @Test("the report on every capture is a vrrpwatch.report/1")
    func reports() throws {
        var samples = try Self.captures().map { try sample(.report, ["analyze", "--json", $0]) }
        #expect(samples.count > 100)
        for configurations in try Self.configurations() {
            let recording = configurations[0].split(separator: "/").dropLast().joined(separator: "/") + "/"
            let captures = try Self.captures().filter { $0.hasPrefix(recording) }
            let options = configurations.flatMap { ["--config", $0] }
            samples.append(try sample(.report, ["analyze", "--json"] + captures + options))
        }
        for recording in ["ah-auth", "ah-key-mismatch"] {
            let capture = "Fixtures/Captures/\(recording)/capture.pcap"
            samples.append(try sample(.report, ["analyze", "--json", "--key-file", try keys(), capture]))
        }
        expectNone(try Schemas.violations(in: samples))
    }

    @Test("every packet of every capture is a vrrpwatch.packet/1")
    func packets() throws {
        var samples = try Self.captures().map { try sample(.packet, ["decode", "--format", "ndjson", $0]) }
        samples.removeAll { (try? String(contentsOfFile: $0.file, encoding: .utf8)) == "" }
        #expect(samples.count > 90)
        let capture = "Fixtures/Captures/ah-key-mismatch/capture.pcap"
        samples.append(try sample(.packet, ["decode", "--format", "ndjson", "--key-file", try keys(), capture]))
        expectNone(try Schemas.violations(in: samples))
    }

    @Test("the check of every configuration is a vrrpwatch.check/1")
    func checks() throws {
        var samples = try Self.configurations().map { try sample(.check, ["check", "--json"] + $0) }
        #expect(samples.count > 30)
        // The scenarios of the rules of `check` have all its findings.
        let source = SourceTree.url("Tests/VRRPFindingsTests/RuleScenarioTests.swift").path
        let names = try GoldenFile.names(beside: source, in: "Rules").filter { $0.hasPrefix("config-") }
        #expect(names.count > 20)
        let cases = try names.flatMap { name in
            try GoldenFile(name, beside: source, in: "Rules").cases.map { (name, $0) }
        }
        for (rule, item) in cases {
            // `config-drift` is of the wire and asks nothing of `check`; the example of a page is no file.
            guard !item.directive.split(separator: "\n").contains("example"),
                let question = item.directive.split(separator: "\n").last(where: { $0.hasPrefix("check ") })
            else { continue }
            let here = try Folder()
            var names: [String] = []
            var files: [String: String] = [:]
            for line in item.directive.split(separator: "\n") {
                if line.hasPrefix("file "), let name = line.split(separator: " ").last {
                    names.append(String(name))
                } else if line.hasPrefix("|"), let name = names.last {
                    files[name, default: ""] += line.dropFirst(2) + "\n"
                }
            }
            for (name, text) in files where !name.contains("/") { try here.write(Array(text.utf8), to: name) }
            guard files.keys.allSatisfy({ !$0.contains("/") }) else { continue }
            let arguments = question.split(separator: " ").dropFirst().map(String.init)
            let output = try Tool.run(["check", "--json"] + arguments, in: here).output
            samples.append(try sample(.check, "\(rule):\(item.line)", output))
        }
        expectNone(try Schemas.violations(in: samples))
    }

    @Test("the summary of the extract of every capture is a vrrpwatch.extract/1")
    func extracts() throws {
        let samples = try Self.captures().map { path in
            let summary = try Tool.run(["extract", "-q", path, "-w", "x.pcapng", "--summary", "-"], in: folder).output
            return try sample(.extract, "extract \(path)", summary)
        }
        #expect(samples.count > 100)
        expectNone(try Schemas.violations(in: samples))
    }

    @Test("the report on an extract is a vrrpwatch.report/1, with the origins of its evidence")
    func reportOnAnExtract() throws {
        let capture = "Fixtures/Captures/auth-mismatch/capture.pcap"
        _ = try Tool.run(["extract", "-q", capture, "-w", "x.pcapng"], in: folder)
        let report = try sample(.report, ["analyze", "--json", "x.pcapng"])
        #expect(try String(contentsOfFile: report.file, encoding: .utf8).contains("\"file\": \"\(capture)\""))
        expectNone(try Schemas.violations(in: [report]))
        expectNone(try Schemas.unnoticedChanges(to: [report]))
    }

    @Test("every line of a live capture is a vrrpwatch.event/1")
    func events() throws {
        let lines = try LiveEvents.everyLine()
        let types = Set(lines.compactMap { $0.firstMatch(of: /"type":"([a-z-]+)"/).map { String($0.1) } })
        let all = [
            "capture", "finding-closed", "finding-opened", "incident-changed", "incident-closed", "incident-opened",
            "link",
            "master-lost", "router", "sensor-back", "sensor-lost", "statistics", "transition",
        ]
        #expect(types.sorted() == all)
        expectNone(try Schemas.violations(in: lines, of: .event))
    }

    // MARK: What the schemas notice

    @Test("no document stays valid when one member is left out, added, or of another type")
    func changes() throws {
        let recording = "Fixtures/Captures/random-misconfiguration-101"
        let configurations = try Self.configurations().first { $0[0].hasPrefix(recording) } ?? []
        let packets = ["ah-auth", "v3-ipv6"].map { "Fixtures/Captures/\($0)/capture.pcap" }
        let lines = try packets.flatMap {
            try Tool.run(["decode", "--json", $0], in: folder).output.split(separator: "\n")
        }
        let samples = [
            try sample(.report, ["analyze", "--json", "Fixtures/Captures/auth-mismatch/capture.pcap"]),
            try sample(.check, ["check", "--json"] + configurations),
            try sample(
                .packet,
                "packets",
                Self.firstOfEach(lines.map(String.init), "protocol").joined(separator: "\n")
            ),
            try sample(
                .extract,
                ["extract", "-q", recording + "/capture.pcap", "-w", "x.pcapng", "--summary", "-"]
            ),
            try sample(.event, "events", try Self.firstOfEach(LiveEvents.everyLine(), "type").joined(separator: "\n")),
        ]
        expectNone(try Schemas.violations(in: samples))
        expectNone(try Schemas.unnoticedChanges(to: samples))
    }

    @Test("the words of the lists are the only ones")
    func words() throws {
        let report = try Tool.run(["analyze", "--json", "Fixtures/Captures/auth-mismatch/capture.pcap"], in: folder)
            .output
        for (word, other) in [
            ("\"initial\"", "\"first\""), ("\"split\"", "\"two\""), ("\"multicast\"", "\"broadcast\""),
            ("\"critical\"", "\"grave\""), ("\"untagged/ipv4/51\"", "\"untagged-ipv4-51\""), ("000Z\"", "000+00:00\""),
            ("\"10.51.0.100\"", "\"10.51.0.256\""), ("02:51:00:00:00:01", "02:51:00:00:00:0A"), ("key-1", "secret"),
        ] {
            #expect(report.contains(word), "\(word)")
            let changed = try sample(.report, other, report.replacing(word, with: other))
            #expect(try !Schemas.violations(in: [changed]).isEmpty, "\(other) is accepted")
        }
    }

    @Test func theSchemasAreStrictAndDescribed() throws {
        expectNone(try Schemas.faults())
    }

    // MARK: The pages

    @Test("the page of a form says what its schema says", arguments: Schemas.Form.allCases)
    func page(of form: Schemas.Form) throws {
        let name = form.rawValue.capitalized + "Schema.md"
        let url = SourceTree.url("Sources/vrrpwatch/Documentation.docc/\(name)")
        let page = try Schemas.page(form, examples: examples(of: form))
        if GoldenFile.isRewriting {
            try page.write(to: url, atomically: true, encoding: .utf8)
        } else {
            #expect(try String(contentsOf: url, encoding: .utf8) == page, "\(name) is not current")
        }
    }

    private func examples(of form: Schemas.Form) throws -> [String] {
        let recording = "Fixtures/Captures/auth-mismatch"
        switch form {
        case .report:
            let report = try Tool.run(["analyze", "--json", "\(recording)/capture.pcap"], in: folder).output
            return [
                report.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
            ]
        case .packet:
            let lines = try Tool.run(["decode", "--json", "\(recording)/capture.pcap"], in: folder).output
            return Self.firstOfEach(lines.split(separator: "\n").map(String.init), "protocol")
        case .check:
            let check = try Tool.run(["check", "--json", "\(recording)/r1.conf", "\(recording)/r2.conf"], in: folder)
                .output
            return [check.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")]
        case .extract:
            let arguments = ["extract", "-q", "\(recording)/capture.pcap", "-w", "x.pcapng", "--summary", "-"]
            let summary = try Tool.run(arguments, in: folder).output
            return [
                summary.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
            ]
        case .event:
            let scenario = try Scenario(
                "router A 10.0.0.1\nrouter B 10.0.0.2 priority 90\n0..3 every 1 A\n6.648 B\n9 end\n"
            )
            return LiveEvents.lines(of: scenario).filter { line in
                ["\"transition\"", "\"link\"", "\"statistics\""].contains { line.contains("\"type\":\($0)") }
            }.suffix(2)
        }
    }

    /// The first line for each value of a member.
    private static func firstOfEach(_ lines: [String], _ member: String) -> [String] {
        var seen: Set<Substring> = []
        return lines.filter { line in
            guard let start = line.firstRange(of: "\"\(member)\":\"")?.upperBound else { return false }
            return seen.insert(line[start...].prefix { $0 != "\"" }).inserted
        }
    }
}
