import VRRPWire

/// A plan told in lines of text, and, where it was recorded, what the routers said and how often they spoke.
///
///     seed 7
///     router r1 10.51.0.1 keepalived-2.2 v2 vrid 51 priority 100 interval 1 addresses 10.51.0.100 pass 1111
///     0.002 r1 starts                   also stops, dies, stalls, resumes, loses-link, regains-link
///     9 r1 loses-inbound 60             of 100 adverts on the way to it; loses-outbound of those from it
///     12 r1 reloads v2 priority 90 …    all settings anew
///     14 r1 installs keepalived-2.4     for its next start
///     16 r1 tracks 70                   a priority that tracking sets
///     20 part r1,r2                     they and the rest do not reach each other; `part none` heals
///     25 captures-lose 3                of 100 frames
///     30 end
///     recorded 3.772 r1 master          also backup and fault
///     recorded-adverts r1 16            without resignations
package struct StoryScript: Sendable {
    package private(set) var plan: StoryPlan
    /// The states that the routers reported; the deeds done to the routers are in the plan.
    package private(set) var recordedLog: [TruthLog.Row] = []
    package private(set) var recordedAdverts: [Int: Int] = [:]
    private var names: [String] = []
    private var settings: [RouterSettings] = []

    /// Reads a script.
    ///
    /// - Throws: ``ScenarioError``, which names the line.
    package init(_ text: String) throws {
        plan = StoryPlan(seed: 1, routers: [], steps: [], length: .zero)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var words = Words(line.prefix { $0 != "#" }, line: index + 1)
            if words.isEmpty { continue }
            try read(&words)
            try words.finish()
        }
        guard plan.length > .zero else { throw ScenarioError(line: 0, message: "the end is missing") }
    }

    /// The masters over time, by the deeds of the plan and the states that the routers reported.
    package var recordedTruth: MasterTimeline {
        let done = plan.steps.compactMap { step in step.deed.row(at: step.time) }
        return TruthLog(rows: done + recordedLog, shortestInterval: plan.shortestInterval).timeline
    }

    private mutating func read(_ words: inout Words) throws {
        let word = try words.next("a word")
        switch word {
        case "seed": plan.seed = try words.number("seed")
        case "router": try declare(&words)
        case "recorded":
            let time = try words.seconds("time")
            let router = try router(&words)
            let state = try words.next("a state")
            let events: [String: TruthLog.Event] = ["master": .master, "backup": .backup, "fault": .fault]
            guard let event = events[state] else { throw words.error("no state is called '\(state)'") }
            recordedLog.append(.init(time, router, event))
        case "recorded-adverts":
            let router = try router(&words)
            recordedAdverts[router] = try words.number("count")
        default:
            guard let time = TimeSpan(secondsText: word) else { throw words.error("'\(word)' is not understood") }
            try readStep(at: time, &words)
        }
    }

    private mutating func declare(_ words: inout Words) throws {
        names.append(try words.next("a name"))
        let address = try words.address()
        let daemon = try Self.daemon(&words)
        var own = RouterSettings(priority: 100, addresses: [])
        var router = StoryPlan.Router(address: address, daemon: daemon, settings: own)
        while !words.isEmpty {
            let word = try words.next("an option")
            if word == "clock" {
                let text = try words.next("a rate")
                guard let rate = Double(text) else { throw words.error("'\(text)' is no rate") }
                router.clockRate = rate
            } else if word == "id" {
                router.firstIdentification = try words.number("identification")
            } else if try !own.read(word, &words) {
                throw words.error("no option is called '\(word)'")
            }
        }
        router.settings = own
        plan.routers.append(router)
        settings.append(own)
    }

    private mutating func readStep(at time: TimeSpan, _ words: inout Words) throws {
        if words.take("end") {
            plan.length = time
        } else if words.take("part") {
            if words.take("none") {
                plan.steps.append(.init(time, .part([])))
            } else {
                let list = try words.next("routers").split(separator: ",")
                plan.steps.append(.init(time, .part(Set(try list.map { try position(of: String($0), words) }))))
            }
        } else if words.take("captures-lose") {
            plan.steps.append(.init(time, .loseAtCapture(percent: try words.number("percentage"))))
        } else {
            let router = try router(&words)
            plan.steps.append(.init(time, try readDeed(of: router, &words)))
        }
    }

    private mutating func readDeed(of router: Int, _ words: inout Words) throws -> StoryPlan.Deed {
        let word = try words.next("a deed")
        switch word {
        case "starts": return .start(router)
        case "stops": return .stop(router)
        case "dies": return .kill(router)
        case "stalls": return .stall(router)
        case "resumes": return .resume(router)
        case "loses-link": return .cutLink(router)
        case "regains-link": return .mendLink(router)
        case "loses-inbound": return .loseInbound(router, percent: try words.number("percentage"))
        case "loses-outbound": return .loseOutbound(router, percent: try words.number("percentage"))
        case "tracks": return .track(router, priority: try words.number("priority"))
        case "installs": return .install(router, try Self.daemon(&words))
        case "reloads":
            settings[router] = RouterSettings(priority: 100, addresses: [])
            while !words.isEmpty {
                let word = try words.next("an option")
                guard try settings[router].read(word, &words) else {
                    throw words.error("no option is called '\(word)'")
                }
            }
            return .reload(router, settings[router])
        default: throw words.error("nobody can do '\(word)'")
        }
    }

    private static func daemon(_ words: inout Words) throws -> Daemon {
        let name = try words.next("a daemon")
        guard let daemon = Daemon.all.first(where: { $0.name == name }) else {
            throw words.error("no daemon is called '\(name)'")
        }
        return daemon
    }

    private func router(_ words: inout Words) throws -> Int { try position(of: try words.next("a router"), words) }

    private func position(of name: String, _ words: Words) throws -> Int {
        guard let position = names.firstIndex(of: name) else { throw words.error("nobody is called '\(name)'") }
        return position
    }
}

extension StoryPlan.Deed {
    /// Returns the row for the deed in a log of the truth, if such a log notes the deed.
    fileprivate func row(at time: TimeSpan) -> TruthLog.Row? {
        switch self {
        case .start(let router): .init(time, router, .start)
        case .stop(let router): .init(time, router, .stop)
        case .kill(let router): .init(time, router, .kill)
        case .stall(let router): .init(time, router, .pause)
        case .resume(let router): .init(time, router, .resume)
        case .cutLink(let router): .init(time, router, .linkDown)
        case .mendLink(let router): .init(time, router, .linkUp)
        case .loseInbound, .loseOutbound, .part, .reload, .install, .track, .loseAtCapture: nil
        }
    }
}
