import Foundation
import SystemPackage
import Testing

/// Exit statuses, streams and secrets: what scripts rely on.
@Suite struct CommandLineTests {
    static let splitBrain = Fixture.named("split-brain-deaf-backup").capture
    static let quiet = Fixture.named("quiet-pair").capture

    // MARK: Exit status

    @Test func analysisEndsWithStatus0WhateverItFinds() async throws {
        let outcome = try await Vrrpwatch.run(["analyze", Self.splitBrain])
        #expect(outcome.status == 0)
        #expect(outcome.text.contains("split-brain"))
        #expect(outcome.errors.isEmpty)
    }

    @Test("the first argument may be the capture itself")
    func aFileNeedsNoCommand() async throws {
        let short = try await Vrrpwatch.run([Self.splitBrain])
        let long = try await Vrrpwatch.run(["analyze", Self.splitBrain])
        #expect(short.status == 0)
        #expect(short.text == long.text)
    }

    @Test(
        "--fail-on asks for status 1 from a severity upward",
        arguments: [
            ("critical", splitBrain, 1), ("warning", splitBrain, 1), ("notice", splitBrain, 1),
            ("critical", quiet, 0), ("warning", quiet, 0), ("notice", quiet, 1),
        ]
    )
    func failOn(severity: String, file: String, status: Int) async throws {
        let outcome = try await Vrrpwatch.run(["analyze", "--fail-on", severity, "--json", file])
        #expect(outcome.status == status)
        _ = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
    }

    @Test func damageIsStatus2AndTheReportOfEverythingBeforeIt() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "cut.pcap")
            let whole = try Data(contentsOf: URL(filePath: Self.splitBrain))
            try whole.dropLast(10).write(to: file)

            let outcome = try await Vrrpwatch.run(["analyze", "--format", "json", file.path])
            #expect(outcome.status == 2)

            let complaint = outcome.errors.split(separator: "\n")
            #expect(complaint.count == 1, "\(outcome.errors)")
            #expect(outcome.errors.contains(file.path))

            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
            let problem = try #require(report.captures.first?.problems.first)
            #expect(problem.kind == "truncated")
            let offset = try #require(problem.offset)
            #expect(outcome.errors.contains(String(offset)), "the byte offset is \(offset): \(outcome.errors)")

            let undamaged = try await Vrrpwatch.run(["analyze", "--format", "json", Self.splitBrain])
            let complete = try JSONDecoder().decode(Report.self, from: Data(undamaged.output))
            #expect(report.captures.first?.packets == (complete.captures.first?.packets ?? 0) - 1)
            #expect(report.findings.map(\.id).contains("split-brain"))
        }
    }

    @Test func damageOutranksFindings() async throws {
        let whole = try Data(contentsOf: URL(filePath: Self.splitBrain))
        let outcome = try await Vrrpwatch.run(
            ["analyze", "--fail-on", "critical", "-"],
            input: Array(whole.dropLast(10))
        )
        #expect(outcome.status == 2)
    }

    @Test("what is no capture at all is damage at offset 0", arguments: ["analyze", "decode"])
    func noCapture(command: String) async throws {
        let outcome = try await Vrrpwatch.run([command, "-"], input: Array("this is not a capture".utf8))
        #expect(outcome.status == 2)
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }

    @Test(
        "a file that is not there is status 3, and so is an interface",
        arguments: [
            ["analyze", "/nonexistent/capture.pcap"], ["decode", "/nonexistent/capture.pcap"],
            ["/nonexistent/capture.pcap"],
            ["watch", "nonexistent0"],
        ]
    )
    func notThere(arguments: [String]) async throws {
        let outcome = try await Vrrpwatch.run(arguments)
        #expect(outcome.status == 3)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("nonexistent"), "\(outcome.errors)")
    }

    @Test(
        "output that fails is status 5",
        arguments: [
            ["analyze", splitBrain], ["analyze", "--json", splitBrain], ["decode", splitBrain], ["explain"],
        ]
    )
    func fullDisk(arguments: [String]) async throws {
        let full = try FileDescriptor.open(FilePath("/dev/full"), .writeOnly)
        let outcome = try await Vrrpwatch.run(arguments, writingTo: full)
        #expect(outcome.status == 5)
        #expect(!outcome.errors.isEmpty)
    }

    @Test(
        "a reader that goes away, as head does, is no failure",
        arguments: [
            ["analyze", splitBrain], ["analyze", "--json", splitBrain], ["decode", splitBrain], ["explain"], ["--help"],
        ]
    )
    func closedOutput(arguments: [String]) async throws {
        let pipe = try FileDescriptor.pipe()
        try pipe.readEnd.close()
        let outcome = try await Vrrpwatch.run(arguments, writingTo: pipe.writeEnd)
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    }

    @Test(
        "wrong usage is status 64",
        arguments: [
            [], ["analyze"], ["analyze", "--no-such-option", quiet], ["analyze", "--format", "no-such-format", quiet],
            ["analyze", "--fail-on", "no-such-severity", quiet], ["explain", "no-such-finding"],
        ]
    )
    func wrongUsage(arguments: [String]) async throws {
        let outcome = try await Vrrpwatch.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.isEmpty)
    }

    @Test(
        "a form that a command cannot write is refused, and the refusal names those that it can",
        arguments: [
            (["analyze", "--format", "csv", quiet], ["'text'", "'json'", "'html'", "'markdown'"]),
            (["decode", "--format", "html", quiet], ["'text'", "'ndjson'"]),
            (["watch", "--format", "json", "lo"], ["'text'", "'ndjson'"]),
            (["report", "--format", "text", "-o", "-", quiet], ["'html'", "'markdown'", "'json'", "'csv'"]),
            (["check", "--format", "html", "a.conf"], ["'text'", "'json'"]),
            ([quiet, "--format", "ndjson"], ["text, json, html, markdown"]),
            (["lo", "--format", "html"], ["text, ndjson"]),
        ]
    )
    func impossibleForm(arguments: [String], forms: [String]) async throws {
        let outcome = try await Vrrpwatch.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        for form in forms { #expect(outcome.errors.contains(form), "\(outcome.errors)") }
    }

    // MARK: Input and output

    @Test func standardInputIsReadLikeAFile() async throws {
        let bytes = try Array(Data(contentsOf: URL(filePath: Self.splitBrain)))
        for command in [["analyze"], ["decode"], ["decode", "--format", "ndjson"]] {
            let piped = try await Vrrpwatch.run(command + ["-"], input: bytes)
            let named = try await Vrrpwatch.run(command + [Self.splitBrain])
            #expect(piped.status == 0)
            // A report ends with the captures by name.
            #expect(Self.withoutCaptures(piped.text) == Self.withoutCaptures(named.text))
        }
    }

    private static func withoutCaptures(_ report: String) -> Substring {
        report.firstRange(of: "\nCapture\n").map { report[..<$0.lowerBound] } ?? report[...]
    }

    @Test func theSameInputGivesTheSameBytes() async throws {
        for form in [["analyze"], ["analyze", "--json"], ["decode"], ["decode", "--format", "ndjson"]] {
            let first = try await Vrrpwatch.run(form + [Self.splitBrain])
            let second = try await Vrrpwatch.run(form + [Self.splitBrain])
            #expect(first.output == second.output)
        }
    }

    @Test func anOutputFileIsWhollyThereOrNotAtAll() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "report.json")
            let written = try await Vrrpwatch.run(["analyze", "--json", "-o", file.path, Self.splitBrain])
            #expect(written.status == 0)
            #expect(written.output.isEmpty)
            let printed = try await Vrrpwatch.run(["analyze", "--json", Self.splitBrain])
            let kept = try Array(Data(contentsOf: file))
            #expect(kept == printed.output)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["report.json"])

            let nowhere = folder.appending(path: "no-such-folder/report.json")
            let failed = try await Vrrpwatch.run(["analyze", "--json", "-o", nowhere.path, Self.splitBrain])
            #expect(failed.status == 5)
            #expect(failed.errors.contains(nowhere.path), "\(failed.errors)")
        }
    }

    @Test func helpGoesToStandardOutputAndSaysHowToStart() async throws {
        let outcome = try await Vrrpwatch.run(["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.errors.isEmpty)
        for command in ["watch", "analyze", "decode", "explain"] {
            #expect(outcome.text.contains(command))
        }
    }

    // MARK: Damage

    /// Wherever a capture breaks off, what came before is reported and the program ends by itself.
    @Test func everyPrefixOfACaptureIsReadToItsEnd() async throws {
        let bytes = try Array(Data(contentsOf: URL(filePath: Fixture.named("crash-failover").capture)))
        // All of the file's and the first record's bytes, then a step that has no factor in common with any structure.
        let lengths = Array(0..<120) + stride(from: 120, to: bytes.count, by: 37)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for half in 0..<2 {
                group.addTask {
                    for length in lengths where length % 2 == half {
                        let outcome = try await Vrrpwatch.run(
                            ["analyze", "--json", "-"],
                            input: Array(bytes.prefix(length))
                        )
                        #expect(
                            [0, 2].contains(outcome.status),
                            "\(length) bytes: \(outcome.status) \(outcome.errors)"
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    // MARK: Secrets

    /// Passwords that occur nowhere but where they are put.
    ///
    /// As 16-bit words they add up to the same as the lab's `1111` and `2222`, so that checksums stay right.
    static let passwords = ["1111": "XYYZZVVX", "2222": "XZYXZXXY"]

    @Test(
        "no password is printed",
        arguments: [
            ["analyze"], ["analyze", "--json"], ["decode"], ["decode", "--format", "ndjson"],
            ["report", "--format", "html", "-o", "-"], ["report", "--format", "markdown", "-o", "-"],
            ["report", "--format", "csv", "-o", "-"],
        ]
    )
    func secrets(form: [String]) async throws {
        // As text, and as the bytes on the wire.
        let secrets = /XYYZZVVX|XZYXZXXY|k33p4l1[vw]|58595[9a]|585a5958|6b333370/.ignoresCase()
        try await withTemporaryFolder { folder in
            for fixture in Fixture.all {
                let captures = try fixture.captures().map { try Self.withTellingPasswords($0, in: folder) }
                let outcome = try await Vrrpwatch.run(form + captures)
                #expect(outcome.status == 0)
                let printed = (outcome.text + outcome.errors).firstMatch(of: secrets).map { String($0.0) }
                #expect(printed == nil, "\(fixture)")
            }
        }
    }

    @Test(
        "a password is printed where it is asked for",
        arguments: [["analyze"], ["decode"], ["report", "--format", "html", "-o", "-"]]
    )
    func shownSecrets(command: [String]) async throws {
        try await withTemporaryFolder { folder in
            let capture = try Self.withTellingPasswords(Fixture.named("auth-mismatch").capture, in: folder)
            let outcome = try await Vrrpwatch.run(command + ["--show-secrets", capture])
            #expect(outcome.status == 0)
            for password in Self.passwords.values { #expect(outcome.text.contains(password)) }
        }
    }

    /// Copies a capture, putting other passwords in it.
    private static func withTellingPasswords(_ capture: String, in folder: URL) throws -> String {
        var bytes = try Data(contentsOf: URL(filePath: capture))
        for (password, other) in passwords {
            let field = Data(password.utf8) + Data(count: 4)
            while let range = bytes.range(of: field) { bytes.replaceSubrange(range, with: Data(other.utf8)) }
        }
        let copy = folder.appending(path: URL(filePath: capture).lastPathComponent)
        try bytes.write(to: copy)
        return copy.path
    }
}
