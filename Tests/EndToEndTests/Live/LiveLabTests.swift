import Foundation
import Subprocess
import SystemPackage
import Testing

/// `vrrpwatch` on the bridge between two real keepalived, while things go wrong.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: Lab.obstacle == nil, Comment(rawValue: Lab.obstacle ?? "")))
struct LiveLabTests {
    @Test func seesTheBackupTakeOverFromAKilledMaster() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--format", "ndjson"]) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { master in
                    let initial = try await watch.transition("initial")
                    #expect(initial.to == [lab.first.address])

                    try await lab.keepalived(on: lab.second, state: "BACKUP", priority: 90) { backup in
                        _ = try await backup.findAnywhere("backup") {
                            $0.contains("Entering BACKUP STATE") ? true : nil
                        }
                        try master.kill()

                        let (takeover, arrival) = try await watch.find("timeout") { line in
                            try Event(line: line, type: "transition").flatMap {
                                $0.transition?.cause == "timeout" ? $0 : nil
                            }
                        }
                        let transition = try #require(takeover.transition)
                        #expect(takeover.virtualRouter == "untagged/ipv4/51")
                        #expect(transition.from == [lab.first.address])
                        #expect(transition.to == [lab.second.address])
                        // The new master's first advertisement is the transition's time.
                        #expect(arrival.seconds(since: transition.time) < 1)
                        // Three seconds and a skew of 166/256 (priority 90), less what of the last second passed; how much
                        // later a busy machine lets keepalived take over is not ours to judge.
                        let outage = try #require(transition.outageMs)
                        let bound = try #require(transition.boundMs)
                        #expect(outage >= 2000)
                        #expect((3648...3649).contains(bound))

                        try watch.interrupt()
                        let (closing, _) = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
                        #expect(closing.summary != nil)
                    }
                }
            }
            #expect(status == 0)
        }
    }

    @Test func tellsTheSameInWords() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch([lab.bridge]) { watch in
                // What is being watched is known to a person before anything happens.
                _ = try await watch.findAnywhere("what is watched") { $0.contains(lab.bridge) ? true : nil }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.find("first master") {
                        $0.contains("initial") && $0.contains(lab.first.address) ? true : nil
                    }
                    try watch.interrupt()
                    _ = try await watch.findAnywhere("closing summary") { $0.contains("1 virtual router") ? true : nil }
                }
            }
            #expect(status == 0)
        }
    }

    @Test func opensAFindingWhenPasswordsDiffer() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--format", "ndjson"]) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.transition("initial")
                    try await lab.keepalived(on: lab.second, state: "BACKUP", priority: 90, password: "2222") { _ in
                        let (event, _) = try await watch.find("auth-mismatch") { line in
                            try Event(line: line, type: "finding-opened")
                                .flatMap { $0.finding?.id == "auth-mismatch" ? $0 : nil }
                        }
                        #expect(event.finding?.severity == "critical")
                        try watch.interrupt()
                        let (closing, _) = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
                        #expect((closing.summary?.critical ?? 0) >= 1)
                    }
                }
                let output = await watch.output.text
                #expect(!output.contains(/"(1111|2222)"/), "a password was printed")
            }
            #expect(status == 0)
        }
    }

    @Test func opensAFindingWhenARouterDoesNotRunItsFile() async throws {
        try await Lab.run { lab in
            // keepalived started before somebody wrote another priority into its file.
            let file = lab.folder.appending(path: "\(lab.first.name)-written.conf")
            try Data(lab.configuration(of: lab.first, state: "MASTER", priority: 120, password: "1111").utf8).write(
                to: file
            )
            let arguments = ["watch", lab.bridge, "--format", "ndjson", "--config", file.path]
            let status = try await lab.vrrpwatch(arguments) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    let (event, _) = try await watch.find("config-drift") { line in
                        try Event(line: line, type: "finding-opened")
                            .flatMap { $0.finding?.id == "config-drift" ? $0 : nil }
                    }
                    #expect(event.finding?.summary.contains("r1 (10.51.0.1)") == true)
                    #expect(event.finding?.summary.contains("priority 100 instead of 120") == true)
                    try watch.interrupt()
                    _ = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
                }
            }
            #expect(status == 0)
        }
    }

    @Test func anInterfaceThatGoesAwayIsStatus4() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--format", "ndjson"]) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.inSwitch("ip", "link", "delete", lab.bridge)
                _ = try await watch.findAnywhere("complaint") { $0.hasPrefix("vrrpwatch: ") ? true : nil }
            }
            #expect(status == 4)
        }
    }

    @Test(
        "each signal that ends a program politely ends it with status 0",
        arguments: [
            Signal.interrupt, .terminate, .terminalClosed,
        ]
    )
    func signals(signal: Signal) async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--format", "ndjson"]) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try watch.send(signal)
                _ = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
            }
            #expect(status == 0)
        }
    }

    @Test func withoutPermissionTheCapabilityIsNamed() async throws {
        // A copy, because the folders above a checkout may be closed to others.
        try await withTemporaryFolder { folder in
            let copy = folder.appending(path: "vrrpwatch")
            try FileManager.default.copyItem(at: URL(filePath: Vrrpwatch.executable.string), to: copy)
            let setpriv = try #require(Tool.path(of: "setpriv"))
            let result = try await Subprocess.run(
                .path(FilePath(setpriv)),
                arguments: ["--reuid=65534", "--regid=65534", "--clear-groups", copy.path, "watch", "lo"],
                environment: Vrrpwatch.environment,
                output: .string(limit: Vrrpwatch.outputLimit),
                error: .string(limit: Vrrpwatch.outputLimit)
            )
            #expect(result.terminationStatus == .exited(3))
            #expect(result.standardOutput == "")
            #expect(result.standardError.contains("CAP_NET_RAW"))
            #expect(result.standardError.contains("setcap"), "the message names the command that helps")
        }
    }
}

extension LabProcess {
    /// The first transition with this cause.
    fileprivate func transition(_ cause: String) async throws -> Report.Transition {
        let (transition, _) = try await find("\(cause) transition") { line in
            try Event(line: line, type: "transition")?.transition.flatMap { $0.cause == cause ? $0 : nil }
        }
        return transition
    }
}
