import Foundation
import Subprocess
import SystemPackage
import Testing

/// The files that `vrrpwatch` leaves behind while it watches, and the user that it runs as, with real keepalived.
///
/// The tests belong to the suite of the lab, of which one can be there at a time.
extension LiveLabTests {
    @Test func aRecordingSurvivesAKill() async throws {
        try await Lab.run { lab in
            let file = lab.folder.appending(path: "vrrp.pcapng")
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--format", "ndjson", "-w", file.path]) {
                watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.find("first master") { try Event(line: $0, type: "transition") }
                    try watch.kill()
                }
            }
            #expect(status == 137)
            let report = try await report(on: [file])
            #expect(report.virtualRouters.map(\.vrid) == [51])
            #expect(report.captures.first?.problems.isEmpty == true)
            #expect(try permissions(of: file) == 0o600)
        }
    }

    @Test func recordingsRotateOnAQuietLink() async throws {
        try await Lab.run { lab in
            let ring = lab.folder.appending(path: "ring")
            try FileManager.default.createDirectory(at: ring, withIntermediateDirectories: true)
            let arguments = ["watch", lab.bridge, "-w", ring.appending(path: "vrrp.pcapng").path, "-G", "1", "-W", "2"]
            let status = try await lab.vrrpwatch(arguments) { watch in
                try await eventually("a fourth file") {
                    try names(in: ring).contains { $0.hasPrefix("vrrp_00004_") }
                }
                try watch.interrupt()
            }
            #expect(status == 0)
            let files = try names(in: ring).map { ring.appending(path: $0) }
            #expect(files.count == 2)
            #expect(try await report(on: files).captures.allSatisfy { $0.problems.isEmpty })
        }
    }

    @Test func aLimitOnFilesIsStatus5AndTheRecordingIsWhole() async throws {
        try await Lab.run { lab in
            let file = lab.folder.appending(path: "vrrp.pcapng")
            let prlimit = try #require(Tool.path(of: "prlimit"))
            let arguments = ["watch", lab.bridge, "--format", "ndjson", "-w", file.path, "-o", "/dev/null"]
            let status = try await lab.vrrpwatch(under: [prlimit, "--fsize=600"], arguments) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.findAnywhere("complaint") { $0.contains("File too large") ? true : nil }
                }
            }
            #expect(status == 5)
            let report = try await report(on: [file])
            #expect(report.captures.first?.problems.isEmpty == true)
            #expect(report.captures.first?.packets ?? 0 > 0)
        }
    }

    @Test(.enabled(if: Tool.isInstalled("unshare"), "unshare is not installed"))
    func aFullDiskStopsRecordingAndNothingElseUntilThereIsRoom() async throws {
        try await Lab.run { lab in
            let out = try folder("out", in: lab, mode: 0o755)
            let hook = lab.folder.appending(path: "hook")
            try Data("#!/bin/sh\n[ \"$1\" != INSTANCE ] || echo \"hook: $3\"\n".utf8).write(to: hook)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook.path)
            // A disk of its own, of which two pages are free: one for the recording, one for a page of metrics.
            let script = """
                mount -t tmpfs -o size=64k tmpfs "$0"
                head -c 57344 /dev/zero >"$0/filler"
                exec "$@"
                """
            let wrapper = ["unshare", "--mount", "sh", "-ec", script, out.path]
            let arguments = [
                "watch", lab.bridge, "-w", out.appending(path: "vrrp.pcapng").path, "--exec", hook.path, "-Z", "root",
            ]
            let status = try await lab.vrrpwatch(under: wrapper, arguments) { watch in
                _ = try await watch.find("first line") { $0.contains("watching") ? true : nil }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { first in
                    _ = try await watch.find("first master") { $0.contains("initial") ? true : nil }
                    try await flood(lab)
                    _ = try await watch.findAnywhere("complaint") {
                        $0.contains("No space left on device; watching goes on") ? true : nil
                    }
                    try first.kill()
                    _ = try await watch.find("loss of the master") {
                        $0.contains("master lost: 10.51.0.1") ? true : nil
                    }
                    _ = try await watch.findAnywhere("hook") { $0 == "hook: FAULT" ? true : nil }
                    try FileManager.default.removeItem(atPath: "/proc/\(watch.identifier)/root\(out.path)/filler")
                    try await flood(lab)
                    _ = try await watch.findAnywhere("end of the complaint") {
                        $0.contains("recording goes on; ") && $0.contains("could not be recorded") ? true : nil
                    }
                    let copy = lab.folder.appending(path: "copy.pcapng").path
                    try await Tool.run("cp", "/proc/\(watch.identifier)/root\(out.path)/vrrp.pcapng", copy)
                    // The packets for which there was no room are known to be missing.
                    let outcome = try await Vrrpwatch.run(["analyze", "--json", copy])
                    #expect(outcome.status == 2, "\(outcome.errors)")
                    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
                    #expect(report.captures.first?.problems.map(\.kind) == ["dropped"])
                    #expect(report.captures.first?.packets ?? 0 > 100)
                }
                try watch.interrupt()
                _ = try await watch.findAnywhere("closing words") {
                    $0.contains("the recording is not whole: ") ? true : nil
                }
            }
            #expect(status == 5)
        }
    }

    /// Sends two seconds of advertisements of another VLAN, more than a page of a disk holds.
    private func flood(_ lab: Lab) async throws {
        let script = Fixture.package.appending(path: "Tests/EndToEndTests/Load/sender.py").path
        let command = ["python3", script, "eth0", "250", "2", "10"]
        try await LabProcess.run(in: lab.second.namespace, command, outlivesBody: false) { _ in }
    }

    @Test func aCriticalFindingLeavesItsEvidence() async throws {
        try await Lab.run { lab in
            let folder = lab.folder.appending(path: "evidence")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let arguments = ["watch", lab.bridge, "--format", "ndjson", "--evidence", folder.path]
            let status = try await lab.vrrpwatch(arguments) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    try await lab.keepalived(on: lab.second, state: "BACKUP", priority: 90, password: "2222") { _ in
                        _ = try await watch.find("auth-mismatch") { line in
                            try Event(line: line, type: "finding-opened")
                                .flatMap { $0.finding?.id == "auth-mismatch" ? true : nil }
                        }
                        try watch.interrupt()
                        _ = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
                    }
                }
            }
            #expect(status == 0)
            let names = try names(in: folder)
            #expect(names.count == 1)
            let name = try #require(names.first)
            #expect(name.wholeMatch(of: /vrrpwatch-\d{8}T\d{6}Z-[a-z-]+-untagged-ipv4-51\.pcapng/) != nil)
            let file = folder.appending(path: name)
            #expect(try permissions(of: file) == 0o600)
            let report = try await report(on: [file])
            #expect(report.findings.contains { $0.id == "auth-mismatch" })
            let comments = try await Tool.run("tshark", "-r", file.path, "-T", "fields", "-e", "frame.comment")
            #expect(comments.contains("vrrpwatch: auth-mismatch: "))
        }
    }

    @Test func programsAreToldByAProcessWithoutPrivileges() async throws {
        try await Lab.run { lab in
            let out = try folder("out", in: lab, mode: 0o777)
            let hook = lab.folder.appending(path: "hook")
            // What it prints comes out where the watch's own messages do.
            // Before there is a master, the silence of the segment is a finding.
            let script = """
                #!/bin/sh
                [ "$1" = INSTANCE ] || exit 0
                echo "arguments: $*"
                grep -E '^(Uid|Gid|CapEff|CapPrm|CapBnd|NoNewPrivs):' /proc/$PPID/status
                echo "input: $(head -c 60)"
                echo mine > '\(out.path)/written' && echo "may write to the output"
                echo mine > /dev/shm/vrrpwatch-hook-$$ || echo "may not write elsewhere"
                echo done

                """
            try Data(script.utf8).write(to: hook)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook.path)
            let prom = out.appending(path: "vrrpwatch.prom")
            let arguments = [
                "watch", lab.bridge, "--exec", hook.path, "-Z", "nobody", "--metrics-file", prom.path,
            ]
            let status = try await lab.vrrpwatch(arguments) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.findAnywhere("end of the hook") { $0 == "done" ? true : nil }
                    try watch.interrupt()
                }
                _ = try await watch.findAnywhere("closing summary") { $0.contains("1 virtual router") ? true : nil }
                let lines = await watch.errors.lines.map(\.text)
                #expect(lines.contains("arguments: INSTANCE untagged/ipv4/51 MASTER 100"))
                #expect(lines.contains { $0.hasPrefix(#"input: {"schema":"vrrpwatch.event/1","type":"transition""#) })
                #expect(lines.contains { $0.wholeMatch(of: /Uid:(\s+65534){4}/) != nil })
                for set in ["CapEff", "CapPrm", "CapBnd"] { #expect(lines.contains("\(set):\t0000000000000000")) }
                #expect(lines.contains("NoNewPrivs:\t1"))
                #expect(lines.contains("may write to the output"))
                let isConfined = !lines.contains { $0.contains("has no Landlock") }
                #expect(lines.contains("may not write elsewhere") == isConfined)
            }
            #expect(status == 0)
            let page = try String(contentsOf: prom, encoding: .utf8)
            #expect(page.contains(#"vrrpwatch_hook_runs_total{result="ok"} "#))
            #expect(try permissions(of: prom) == 0o644)
            _ = try await Tool.run("sh", "-c", "promtool check metrics < '\(prom.path)'")
        }
    }

    /// The watch is made to try by ``attempts(of:_:)``, and nothing succeeds.
    @Test(.enabled(if: Self.attemptsArePossible, "needs python3 on x86-64"))
    func rootWithoutAUserToBecomeIsNobodyAndCanDoNothing() async throws {
        try await Lab.run { lab in
            let out = try folder("out", in: lab, mode: 0o700)
            let file = out.appending(path: "vrrp.pcapng")
            let prom = out.appending(path: "vrrpwatch.prom")
            let arguments = ["watch", lab.bridge, "-w", file.path, "-C", "1", "-W", "2", "--metrics-file", prom.path]
            let wrapper = ["/usr/bin/env", "-u", "SUDO_UID", "-u", "SUDO_GID"]
            let status = try await lab.vrrpwatch(under: wrapper, arguments) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.find("first master") { $0.contains("initial") ? true : nil }
                    let state = try await Tool.run("cat", "/proc/\(watch.identifier)/status")
                    let users = try #require(state.firstMatch(of: /Uid:\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/))
                    #expect(Set([users.1, users.2, users.3]).count == 1)
                    let user = try #require(Int(users.1))
                    #expect((61_184...65_519).contains(user))
                    // Its files are still those of who ran it.
                    #expect(users.4 == "0")
                    for set in ["CapEff", "CapPrm", "CapBnd"] { #expect(state.contains("\(set):\t0000000000000000")) }
                    for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(watch.identifier)/task")
                    {
                        let state = try await Tool.run("cat", "/proc/\(watch.identifier)/task/\(thread)/status")
                        #expect(state.contains("Seccomp:\t2"), "thread \(thread)")
                    }
                    let attempts = try await attempts(of: watch)
                    #expect(attempts.count > 20)
                    for attempt in attempts {
                        #expect(attempt.hasSuffix(": EPERM") || attempt.hasSuffix(": EACCES"), "\(attempt)")
                    }
                }
                // And it goes on as if nothing had been.
                _ = try await watch.find("loss of the master") { $0.contains("master lost: 10.51.0.1") ? true : nil }
                try watch.interrupt()
            }
            #expect(status == 0)
            for name in try names(in: out) {
                let attributes = try FileManager.default.attributesOfItem(atPath: out.appending(path: name).path)
                #expect(attributes[.ownerAccountID] as? Int == 0, "\(name)")
            }
            let recording = try #require(try names(in: out).first { $0.hasSuffix(".pcapng") })
            #expect(try await report(on: [out.appending(path: recording)]).virtualRouters.map(\.vrid) == [51])
        }
    }

    /// Without it a wrong way of trying would pass the test above.
    @Test(.enabled(if: Self.attemptsArePossible, "needs python3 on x86-64"))
    func withoutTheSandboxRootCanDoWhatRootCan() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "-Z", "root", "--no-sandbox"]) { watch in
                _ = try await watch.find("first line") { $0.contains("watching") ? true : nil }
                // These leave the process as it is.
                let possible = [
                    "read /etc/shadow", "read /etc/passwd", "list /root", "write to /tmp", "write to /etc",
                    "open a TCP socket", "end another process", "become root",
                ]
                let attempts = try await attempts(of: watch, possible)
                #expect(attempts == possible.map { "\($0): done" })
                for name in ["/tmp/vrrpwatch-attempt", "/etc/vrrpwatch-attempt"] {
                    try FileManager.default.removeItem(atPath: name)
                }
                try watch.interrupt()
            }
            #expect(status == 0)
        }
    }

    @Test func capNetRawAloneSuffices() async throws {
        try await Lab.run { lab in
            let copy = lab.folder.appending(path: "vrrpwatch")
            try FileManager.default.copyItem(at: URL(filePath: Vrrpwatch.executable.string), to: copy)
            let setpriv = try #require(Tool.path(of: "setpriv"))
            let wrapper = [
                setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all,+net_raw",
                "--ambient-caps=-all,+net_raw", "--bounding-set=-all,+net_raw",
            ]
            let arguments = ["watch", lab.bridge, "--format", "ndjson"]
            let status = try await lab.vrrpwatch(under: wrapper, executable: copy.path, arguments) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.find("first master") { try Event(line: $0, type: "transition") }
                    try watch.interrupt()
                }
            }
            #expect(status == 0)
        }
    }

    @Test func underSudoFilesBelongToTheCaller() async throws {
        try await Lab.run { lab in
            let out = try folder("out", in: lab, mode: 0o777)
            let file = out.appending(path: "vrrp.pcapng")
            let wrapper = ["/usr/bin/env", "SUDO_UID=65534", "SUDO_GID=65534"]
            let status = try await lab.vrrpwatch(under: wrapper, ["watch", lab.bridge, "-w", file.path]) { watch in
                // At once: from the moment a file is begun, it is also ended.
                try await eventually("recording", lookingEvery: .microseconds(50)) {
                    FileManager.default.fileExists(atPath: file.path)
                }
                try watch.interrupt()
            }
            #expect(status == 0)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            #expect(attributes[.ownerAccountID] as? Int == 65534)
            #expect(attributes[.groupOwnerAccountID] as? Int == 65534)
        }
    }

    @Test func whatCannotBeGivenUpEndsTheProgram() async throws {
        try await Lab.run { lab in
            let setpriv = try #require(Tool.path(of: "setpriv"))
            let wrapper = [setpriv, "--bounding-set=-setuid", "--inh-caps=-all"]
            let status = try await lab.vrrpwatch(under: wrapper, ["watch", lab.bridge, "-Z", "nobody"]) { watch in
                _ = try await watch.findAnywhere("complaint") {
                    $0.contains("user nobody could not be taken") ? true : nil
                }
            }
            #expect(status == 3)
            let stranger = try await lab.vrrpwatch(["watch", lab.bridge, "-Z", "nobody-at-all"]) { watch in
                _ = try await watch.findAnywhere("complaint") { $0.contains("there is no such user") ? true : nil }
            }
            #expect(stranger == 3)
            let private_ = try folder("private", in: lab, mode: 0o755)
            let file = private_.appending(path: "vrrp.pcapng").path
            let refused = try await lab.vrrpwatch(["watch", lab.bridge, "-Z", "nobody", "-w", file]) { watch in
                _ = try await watch.findAnywhere("complaint") {
                    $0.contains("\(file): Permission denied, as user nobody") ? true : nil
                }
            }
            #expect(refused == 3)
        }
    }

    @Test func hangupBeginsTheLogAnewAndUserOneShowsASnapshot() async throws {
        try await Lab.run { lab in
            let log = lab.folder.appending(path: "events.log")
            let moved = lab.folder.appending(path: "events.log.1")
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "-o", log.path, "--journal"]) { watch in
                try await eventually("first line") { try text(log).contains("watching \(lab.bridge)") }
                try FileManager.default.moveItem(at: log, to: moved)
                try watch.send(.terminalClosed)
                try await eventually("new file") { FileManager.default.fileExists(atPath: log.path) }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    try await eventually("first master") { try text(log).contains("initial") }
                }
                try watch.send(.userDefinedOne)
                _ = try await watch.findAnywhere("snapshot") {
                    $0.contains("(VRID 51)") && $0.hasPrefix("Virtual router ") ? true : nil
                }
                try watch.interrupt()
            }
            #expect(status == 0)
            #expect(try !text(moved).contains("initial"))
            for line in try (text(moved) + text(log)).split(separator: "\n") {
                // The journal has the time already.
                #expect(line.prefixMatch(of: /<[2-6]>(?!\d{4}-)/) != nil, "\(line)")
            }
        }
    }

    // MARK: Helpers

    static let attemptsArePossible: Bool = {
        #if arch(x86_64)
        Tool.isInstalled("python3")
        #else
        false
        #endif
    }()

    /// Makes a watch try what an attacker in it would, all of it where nothing is named; returns a line for each attempt, with
    /// its outcome.
    private func attempts(of watch: LabProcess, _ names: [String] = []) async throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "attempt.py").path
        return try await Tool.run("python3", [script, "\(watch.identifier)"] + names).split(separator: "\n")
            .map(String.init)
    }

    func report(on files: [URL]) async throws -> Report {
        let outcome = try await Vrrpwatch.run(["analyze", "--json"] + files.map(\.path))
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(outcome.output))
    }

    func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    private func text(_ file: URL) throws -> String {
        // Absence is the meaning: what is not there yet is empty.
        (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }

    private func permissions(of file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    private func folder(_ name: String, in lab: Lab, mode: Int) throws -> URL {
        let folder = lab.folder.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
        return folder
    }
}
