import Testing

/// `vrrpwatch` on the bridge between real routers of which FRR is one, while things go wrong.
@Suite(
    .serialized,
    .timeLimit(.minutes(10)),
    .enabled(if: Lab.obstacleToFRR == nil, Comment(rawValue: Lab.obstacleToFRR ?? ""))
)
struct LiveFRRTests {
    @Test func aKilledMasterIsReplacedAndThenMissed() async throws {
        try await Lab.run { lab in
            let status = try await lab.vrrpwatch(["watch", lab.bridge, "--format", "ndjson"]) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.frr(on: lab.first, priority: 200) { master in
                    try await watch.becomesMaster(lab.first, cause: "initial")
                    try await lab.frr(on: lab.second, priority: 100) { backup in
                        _ = try await backup.find("backup") { $0.contains("-> Backup") ? true : nil }
                        try master.kill()
                        let takeover = try await watch.becomesMaster(lab.second, cause: "timeout")
                        #expect(takeover.from == [lab.first.address])
                        let bound = try #require(takeover.boundMs)
                        #expect((3609...3610).contains(bound), "three seconds and a skew of 156/256 (priority 100)")

                        try backup.kill()
                        let loss = try await watch.missesMaster(after: takeover)
                        #expect(loss.virtualRouter == "untagged/ipv4/51")
                        let silent = try #require(loss.silentMs)
                        let lossBound = try #require(loss.boundMs)
                        #expect(
                            (3218...3219).contains(lossBound),
                            "the first router is known, so its priority 200 counts"
                        )
                        #expect(silent > lossBound)
                        try watch.interrupt()
                    }
                }
            }
            #expect(status == 0)
        }
    }

    /// The master goes on sending, to nobody: the segment has another one, and of the port nothing can be said.
    @Test func aMasterWhoseLinkIsDownIsReplaced() async throws {
        try await Lab.run { lab in
            let arguments = ["watch", lab.bridge, lab.first.name, "--format", "ndjson"]
            let segment = "\(lab.bridge)/untagged/ipv4/51"
            let port = "\(lab.first.name)/untagged/ipv4/51"
            let status = try await lab.vrrpwatch(arguments) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.frr(on: lab.first, priority: 200) { _ in
                    try await watch.becomesMaster(lab.first, of: segment, cause: "initial")
                    try await watch.becomesMaster(lab.first, of: port, cause: "initial")
                    try await lab.keepalived(on: lab.second, state: "BACKUP", priority: 100, version: 3) { backup in
                        _ = try await backup.findAnywhere("backup") {
                            $0.contains("Entering BACKUP STATE") ? true : nil
                        }
                        try await lab.inSwitch("ip", "link", "set", lab.first.name, "down")
                        let takeover = try await watch.becomesMaster(lab.second, of: segment, cause: "timeout")
                        #expect(takeover.from == [lab.first.address])
                        let (link, _) = try await watch.find("link") { try Event(line: $0, type: "link") }
                        #expect(link.state == "down")

                        // When this loss is told, that of a master on the port would have been.
                        try backup.kill()
                        let loss = try await watch.missesMaster(after: takeover)
                        #expect(loss.virtualRouter == segment)
                        try watch.interrupt()
                        _ = try await watch.find("summary") { try Event(line: $0, type: "statistics") }
                    }
                }
                for line in await watch.output.lines {
                    let loss = try Event(line: line.text, type: "master-lost")
                    #expect(loss?.virtualRouter != port)
                }
            }
            #expect(status == 0)
        }
    }
}

extension LabProcess {
    /// The first transition of `virtualRouter` to `router` with this cause.
    @discardableResult
    fileprivate func becomesMaster(
        _ router: Lab.Router,
        of virtualRouter: String = "untagged/ipv4/51",
        cause: String
    ) async throws -> Report.Transition {
        try await find("\(cause) transition to \(router.name)") { line in
            guard let event = try Event(line: line, type: "transition"), event.virtualRouter == virtualRouter else {
                return nil
            }
            return event.transition.flatMap { $0.cause == cause && $0.to == [router.address] ? $0 : nil }
        }.found
    }

    /// The first loss of a master after `takeover`: before it the silence of the former one may have been told.
    fileprivate func missesMaster(after takeover: Report.Transition) async throws -> Event {
        try await find("loss") { line in
            try Event(line: line, type: "master-lost").flatMap { $0.time > takeover.time ? $0 : nil }
        }.found
    }
}
