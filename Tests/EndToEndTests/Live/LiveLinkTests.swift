import Foundation
import Subprocess
import SystemPackage
import Testing

/// `vrrpwatch` while what it watches falls silent or goes away.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled(if: Lab.obstacle == nil, Comment(rawValue: Lab.obstacle ?? "")))
struct LiveLinkTests {
    /// Nothing is sent any more, so only time can tell.
    @Test func silenceIsToldWhenItHappens() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--format", "ndjson"]) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { master in
                    _ = try await watch.find("initial") { try Event(line: $0, type: "transition") }
                    try master.kill()
                    let (loss, _) = try await watch.find("loss") { try Event(line: $0, type: "master-lost") }
                    let silent = try #require(loss.silentMs)
                    let bound = try #require(loss.boundMs)
                    #expect((3996...3997).contains(bound), "no other router is known, so the slowest possible counts")
                    #expect(silent > bound)
                    let (opened, _) = try await watch.find("no-master") { line in
                        try Event(line: line, type: "finding-opened").flatMap {
                            $0.finding?.id == "no-master" ? $0 : nil
                        }
                    }
                    // A fifth advertisement that is missing makes it certain.
                    #expect(opened.time.seconds(since: loss.time) < 1.5)
                    try watch.interrupt()
                }
            }
            #expect(status == 0)
        }
    }

    /// Neither live nor in the recording.
    @Test func aLinkThatIsDownIsNoDeadMaster() async throws {
        try await Lab.run { lab in
            let file = lab.folder.appending(path: "vrrp.pcapng").path
            let arguments = ["watch", lab.first.name, "--format", "ndjson", "-w", file]
            let status = try await lab.vrrpwatch(arguments) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.find("initial") { try Event(line: $0, type: "transition") }
                    try await lab.inSwitch("ip", "link", "set", lab.first.name, "down")
                    try await watch.link("down")
                    // Longer than any takeover may take.
                    try await Task.sleep(for: .seconds(5))
                    try await lab.inSwitch("ip", "link", "set", lab.first.name, "up")
                    try await watch.link("up")
                    // Advertisements are seen again, so whatever was to be said of the silence has been said.
                    try await Task.sleep(for: .seconds(2))
                    try watch.interrupt()
                    _ = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
                }
                let text = await watch.output.text
                #expect(!text.contains("\"master-lost\"") && !text.contains("no-master"), "\(text)")
            }
            #expect(status == 0)
            let outcome = try await Vrrpwatch.run(["analyze", "--json", file])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.text.contains("\"not-observed\"") && !outcome.text.contains("no-master"), "\(outcome.text)")
        }
    }

    @Test func anInterfaceOfAnotherNameIsWatchedOn() async throws {
        try await Lab.run { lab in
            // Opening it again takes a permission that a watch gives up unless it may have to wait.
            let arguments = ["watch", lab.first.name, "--format", "ndjson", "--wait"]
            let status = try await lab.vrrpwatch(arguments) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.inSwitch("ip", "link", "set", lab.first.name, "down")
                // One that comes up again before it is looked at was never down.
                try await watch.link("down")
                try await lab.inSwitch("ip", "link", "set", lab.first.name, "name", "lan0")
                try await lab.inSwitch("ip", "link", "set", "lan0", "up")
                let renamed = try await watch.link("renamed")
                #expect(renamed.newName == "lan0")
                try await watch.link("up")
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.find("initial") { try Event(line: $0, type: "transition") }
                    try watch.interrupt()
                }
            }
            #expect(status == 0)
        }
    }

    @Test func anInterfaceThatIsMadeAgainIsWaitedFor() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--wait", "--format", "ndjson"]) { watch in
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { _ in
                    _ = try await watch.find("initial") { try Event(line: $0, type: "transition") }
                    try await lab.inSwitch("ip", "link", "delete", lab.bridge)
                    try await watch.link("gone")
                    // Longer than any takeover may take.
                    try await Task.sleep(for: .seconds(5))
                    try await lab.makeBridge()
                    try await watch.link("back")
                    try await Task.sleep(for: .seconds(2))
                    try watch.interrupt()
                    let (closing, _) = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
                    #expect(closing.summary?.critical == 0)
                }
                let text = await watch.output.text
                #expect(!text.contains("\"master-lost\""), "\(text)")
            }
            #expect(status == 0)
        }
    }

    @Test func anInterfaceThatIsNotThereYetIsWaitedFor() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["later0", "--wait", "--format", "ndjson"]) { watch in
                try await watch.link("gone")
                try await lab.inSwitch("ip", "link", "add", "later0", "type", "bridge")
                try await lab.inSwitch("ip", "link", "set", "later0", "up")
                try await watch.link("back")
                try watch.interrupt()
            }
            #expect(status == 0)
        }
    }

    /// On a terminal that script(1) makes; it ends with the program and says how it ended.
    @Test(
        "the terminal is put back however the program ends",
        arguments: [
            (Signal.interrupt, 0), (.terminate, 0), (.terminalClosed, 0), (.segmentationFault, 139), (.abort, 134),
        ]
    )
    func screen(signal: Signal, status expected: Int) async throws {
        let script = try #require(Tool.path(of: "script"))
        try await withTemporaryFolder { folder in
            let recording = folder.appending(path: "terminal").path
            let command = "exec \(Vrrpwatch.executable.string) watch lo --screen"
            let result = try await Subprocess.run(
                .path(FilePath(script)),
                arguments: ["--quiet", "--return", "--flush", "--command", command, recording],
                environment: Vrrpwatch.environment.updating(["TERM": "xterm", "SWIFT_BACKTRACE": "enable=no"]),
                input: .none,
                output: .discarded,
                error: .discarded
            ) { execution in
                let deadline = ContinuousClock.now + .seconds(20)
                var child: String?
                while ContinuousClock.now < deadline {
                    let terminal = (try? String(contentsOfFile: recording, encoding: .utf8)) ?? ""
                    // The keys are on the last line, so the screen is drawn.
                    if terminal.contains("q quit") {
                        let id = execution.processIdentifier.value
                        child = try? String(contentsOfFile: "/proc/\(id)/task/\(id)/children", encoding: .utf8)
                        break
                    }
                    try await Task.sleep(for: .milliseconds(20))
                }
                let id = try #require(child?.split(separator: " ").first.flatMap { pid_t($0) })
                #expect(kill(id, signal.rawValue) == 0)
            }
            let terminal = try String(contentsOfFile: recording, encoding: .utf8)
            let end = try #require(terminal.range(of: "\u{1b}[?1049l", options: .backwards))
            let start = try #require(terminal.range(of: "\u{1b}[?1049h"))
            #expect(start.lowerBound < end.lowerBound)
            #expect(terminal[..<end.lowerBound].contains("\u{1b}[?25h"), "the cursor is back")
            #expect(result.terminationStatus == .exited(TerminationStatus.Code(expected)))
        }
    }

    @Test func aScreenNeedsATerminal() async throws {
        let outcome = try await Vrrpwatch.run(["watch", "lo", "--screen"])
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("needs a terminal"))
    }
}

extension LabProcess {
    @discardableResult
    fileprivate func link(_ state: String) async throws -> Event {
        try await find("link \(state)") { line in
            try Event(line: line, type: "link").flatMap { $0.state == state ? $0 : nil }
        }.found
    }
}

extension Signal {
    fileprivate static let segmentationFault = Signal(rawValue: SIGSEGV)
    fileprivate static let abort = Signal(rawValue: SIGABRT)
}
