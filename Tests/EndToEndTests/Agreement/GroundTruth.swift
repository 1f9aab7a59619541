import Foundation

/// The masters over time, by the routers' own logs.
///
/// A router counts as master from its log's word until its next, and only while it can send: not while it is paused or cut
/// off, and not after it was killed. A pause in which nobody took over is one reign with late adverts.
struct GroundTruth {
    struct Key: Hashable, CustomStringConvertible {
        var vrid: Int
        var family: String

        var description: String { "\(family)/\(vrid)" }
    }

    /// A router's log line, or what was done to the router.
    struct Entry: Decodable {
        var t: Double
        var router: String
        var event: String
        var detail: String

        var time: Instant { Instant(seconds: t) }
    }

    private(set) var timelines: [Key: Timeline] = [:]

    init(_ fixture: Fixture) throws {
        let lab = try Configurations(fixture.configurations())
        var mastersByLog: [Key: Set<String>] = [:]
        var unable: Set<String> = []

        for entry in try Self.entries(of: fixture, interval: lab.shortestInterval) {
            let router = lab.address(of: entry.router)
            switch entry.event {
            case "MASTER":
                mastersByLog[lab.key(of: entry), default: []].insert(router)
            case "BACKUP", "FAULT", "INIT":
                mastersByLog[lab.key(of: entry), default: []].remove(router)
            case "kill", "stop":
                for key in mastersByLog.keys { mastersByLog[key]?.remove(router) }
            case "pause", "link-down":
                unable.insert(router)
            case "resume", "link-up", "start":
                unable.remove(router)
            default:
                continue
            }
            for (key, masters) in mastersByLog {
                timelines[key, default: Timeline()].append(masters.subtracting(unable), from: entry.time)
            }
        }
    }

    private static func entries(of fixture: Fixture, interval: Double) throws -> [Entry] {
        let text = try String(contentsOf: fixture.folder.appending(path: "truth.jsonl"), encoding: .utf8)
        let entries = try text.split(separator: "\n")
            .map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
            .enumerated()
            .sorted { ($0.element.t, $0.offset) < ($1.element.t, $1.offset) }
            .map(\.element)
        return entries.indices
            .filter { !isUnnoticedPause(entries[$0...], interval: interval) }
            .map { entries[$0] }
    }

    /// Whether the first of `entries` pauses a router for so short a time that nobody takes over.
    private static func isUnnoticedPause(_ entries: ArraySlice<Entry>, interval: Double) -> Bool {
        guard let pause = entries.first, pause.event == "pause" else { return false }
        let endings: Set = ["resume", "stop", "kill"]
        let end =
            entries.first { $0.router == pause.router && endings.contains($0.event) }?.t ?? entries.last?.t ?? pause.t
        let tookOver = entries.contains {
            $0.event == "MASTER" && $0.router != pause.router && $0.t > pause.t && $0.t <= end + 0.2
        }
        return end - pause.t <= 4 * interval && !tookOver
    }
}

/// Facts about the names in the routers' logs, from the routers' configurations.
private struct Configurations {
    /// VRIDs by router and by the number in keepalived's instance name.
    private var instances: [String: [Int: Int]] = [:]
    private var families: [String: String] = [:]
    private(set) var shortestInterval = 1.0

    init(_ texts: [String: String]) {
        var intervals: [Double] = []
        for (router, text) in texts {
            let instance = /vrrp_instance VI_(\d+) \{.*?virtual_router_id (\d+)/.dotMatchesNewlines()
            for match in text.matches(of: instance) {
                guard let number = Int(match.1), let vrid = Int(match.2) else { continue }
                instances[router, default: [:]][number] = vrid
            }
            let isIPv6 = text.contains(/virtual_ipaddress \{\n +fe80/) || text.contains("native_ipv6")
            families[router] = isIPv6 ? "ipv6" : "ipv4"
            intervals += text.matches(of: /advert_int ([\d.]+)/).compactMap { Double($0.1) }
        }
        shortestInterval = intervals.min() ?? 1
    }

    /// Router `r2` has the address 10.51.0.2.
    func address(of router: String) -> String {
        "10.51.0.\(router.dropFirst())"
    }

    func key(of entry: GroundTruth.Entry) -> GroundTruth.Key {
        // FRR names VRID and family in its log, keepalived the instance.
        if let match = entry.detail.firstMatch(of: /\[VRID (\d+)\] \[IPv(\d)\]/), let vrid = Int(match.1) {
            return GroundTruth.Key(vrid: vrid, family: "ipv\(match.2)")
        }
        let number = entry.detail.firstMatch(of: /\(VI_(\d+)\)/).flatMap { Int($0.1) } ?? 1
        return GroundTruth.Key(
            vrid: instances[entry.router]?[number] ?? number,
            family: families[entry.router] ?? "ipv4"
        )
    }
}
