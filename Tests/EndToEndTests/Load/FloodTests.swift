import Foundation
import Testing

/// A live watch that somebody floods, beside real keepalived: what happens to the routers is told in time, and so is what was not seen.
///
/// Only the watch hears the flood, so that the routers do what they would do without. `VRRPWATCH_FLOOD` is the rate and the length,
/// such as `100000 60`: `.ci/flood` sets both, and only there are two seconds the limit, for the machine has nothing else to do.
@Suite(
    .serialized,
    .timeLimit(.minutes(15)),
    .enabled(if: Lab.obstacle == nil && Vrrpwatch.release != nil, "needs network namespaces and VRRPWATCH_RELEASE"),
    .enabled(if: Tool.isInstalled("nft"), "nft is not installed")
)
struct FloodTests {
    /// Frames a second, and seconds.
    private static let asked: (rate: Int, seconds: Int)? = {
        let words = ProcessInfo.processInfo.environment["VRRPWATCH_FLOOD"]?.split(separator: " ").compactMap { Int($0) }
        return words.flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
    }()
    private static let flood = asked ?? (10_000, 10)
    /// The most seconds from when a router says that it is master to when the watch says so.
    private static let latest = 2.0

    /// The attacks of `sender.py`; `random` invents virtual routers.
    private static let attacks = ["random", "resignations", "intervals", "claims", "addresses", "sources"]

    @Test(arguments: attacks)
    func faultsAreToldInTime(attack: String) async throws {
        try await Lab.run { lab in
            try await connectAttacker(to: lab)
            let release = try #require(Vrrpwatch.release)
            let arguments = ["watch", lab.bridge, "--format", "ndjson"]
            let status = try await lab.vrrpwatch(executable: release, arguments) { watch in
                _ = try await watch.find("capture event") { try Event(line: $0, type: "capture") }
                try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { first in
                    try await told([lab.first.address], by: watch, since: nil)
                    try await lab.keepalived(on: lab.second, state: "BACKUP", priority: 90) { second in
                        _ = try await second.findAnywhere("Backup") { $0.contains("BACKUP STATE") ? true : nil }
                        try await flood(lab, attack) { sender in
                            let begun = try await sender.find("first frames", within: .seconds(60)) { sent($0) }
                            try await failOver(lab, first, second, watch)
                            try await split(lab, watch)
                            await tellRate(of: sender, since: begun, attack)
                            await checkThatNoForgerIsMaster(by: watch, since: begun.arrival)
                        }
                    }
                }
                try watch.interrupt()
                try await checkThatLossIsTold(by: watch, attack)
            }
            #expect(status == 0)
        }
    }

    /// Ends the master, and checks that the next one is told.
    private func failOver(_ lab: Lab, _ first: LabProcess, _ second: LabProcess, _ watch: LabProcess) async throws {
        try first.kill()
        let next = try await second.findAnywhere("next master") { $0.contains("MASTER STATE") ? true : nil }
        try await told([lab.second.address], by: watch, since: next.arrival)
    }

    /// Begins the old master anew, deaf to none and unheard by the other, and checks that both are told.
    private func split(_ lab: Lab, _ watch: LabProcess) async throws {
        try await drop("ip saddr \(lab.first.address)", at: lab.second)
        // The killed one is not reaped yet, and so its number is still that of a process.
        for name in ["r1.pid", "r1-vrrp.pid"] {
            try? FileManager.default.removeItem(at: lab.folder.appending(path: name))
        }
        try await lab.keepalived(on: lab.first, state: "MASTER", priority: 100) { again in
            let both = try await again.findAnywhere("second master") { $0.contains("MASTER STATE") ? true : nil }
            try await told([lab.first.address, lab.second.address], by: watch, since: both.arrival)
        }
    }

    /// Waits until a change to these masters, and perhaps others, is told.
    private func told(_ masters: [String], by watch: LabProcess, since instant: Instant?) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        var seen = 0
        while ContinuousClock.now < deadline {
            // What was told a moment before the router's own word has arrived counts as well.
            let earliest = instant.map { $0.advanced(bySeconds: -1) }
            for line in await watch.output.lines.dropFirst(seen) {
                seen += 1
                guard earliest.map({ line.arrival > $0 }) ?? true, isTransition(line.text),
                    let list = line.text.firstMatch(of: /"to":\[([^\]]*)\]/),
                    masters.allSatisfy({ list.1.contains("\"\($0)\"") })
                else { continue }
                if let instant, Self.asked != nil {
                    #expect(line.arrival.seconds(since: instant) <= Self.latest, "told late: \(masters)")
                }
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("never told: \(masters)")
    }

    // MARK: The flood

    /// Adds a port to the switch that nobody but the watch hears.
    private func connectAttacker(to lab: Lab) async throws {
        try await lab.inSwitch("ip", "link", "add", "port", "type", "veth", "peer", "name", "flood")
        try await lab.inSwitch("ip", "link", "set", "port", "master", lab.bridge, "up")
        try await lab.inSwitch("ip", "link", "set", "flood", "up")
        for router in [lab.first, lab.second] {
            try await drop("ether saddr & ff:ff:00:00:00:00 == 02:bd:00:00:00:00", at: router)
            try await drop("ether type vlan", at: router)
        }
    }

    private func drop(_ packets: String, at router: Lab.Router) async throws {
        let rules = "add table netdev t; add chain netdev t c { type filter hook ingress device eth0 priority 0; }; "
        let command = ["netns", "exec", router.namespace, "nft", rules + "add rule netdev t c \(packets) drop"]
        try await Tool.run("ip", command)
    }

    private func flood(_ lab: Lab, _ attack: String, _ body: (LabProcess) async throws -> Void) async throws {
        let script = Fixture.package.appending(path: "Tests/EndToEndTests/Load/sender.py").path
        let command = ["python3", script, "flood", "\(Self.flood.rate)", "\(Self.flood.seconds)", attack]
        try await LabProcess.run(in: lab.switchNamespace, command, outlivesBody: true, body)
    }

    /// The frames that a line of the sender's says were sent.
    private func sent(_ line: String) -> Int? {
        line.contains("/100: ") ? line.split(separator: " ").last.flatMap { Int($0) } : nil
    }

    /// Says how fast the flood was.
    private func tellRate(of sender: LabProcess, since begun: (found: Int, arrival: Instant), _ attack: String) async {
        let lines = await sender.output.lines
        guard let last = lines.last(where: { sent($0.text) != nil }), let frames = sent(last.text) else { return }
        let seconds = last.arrival.seconds(since: begun.arrival)
        let rate = seconds > 0 ? Int(Double(frames - begun.found) / seconds) : frames
        print("flood \(attack): \(rate) frames a second for \(Int(seconds)) s")
    }

    /// Checks that no sender that `sender.py` invents is told to be master, once it shows that they are a crowd.
    private func checkThatNoForgerIsMaster(by watch: LabProcess, since begun: Instant) async {
        let earliest = begun.advanced(bySeconds: 1)
        for line in await watch.output.lines where line.arrival > earliest && isTransition(line.text) {
            #expect(!line.text.contains("\"10.52."), "\(line.text.prefix(400))")
        }
    }

    /// Whether a line tells a change of master of the virtual router whose routers are real.
    private func isTransition(_ line: String) -> Bool {
        line.contains(#""type":"transition""#) && line.contains("untagged/ipv4/51")
    }

    /// Checks that what was dropped is a finding.
    private func checkThatLossIsTold(by watch: LabProcess, _ attack: String) async throws {
        let statistics = try await watch.find("statistics") { try Event(line: $0, type: "statistics") }
        let capture = try #require(statistics.found.captures?.first)
        let dropped = try #require(capture.dropped)
        print("flood \(attack): \(capture.packets) frames seen, \(dropped) dropped")
        guard dropped > 0 else { return }
        let isTold = await watch.output.lines.contains { $0.text.contains(#""id":"capture-loss""#) }
        #expect(isTold, "\(dropped) frames were dropped, and nobody was told")
    }
}
