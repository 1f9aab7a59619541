import VRRPWire

extension StoryPlan {
    /// The plan as a script that ``StoryScript`` reads; the network is left as it is by default.
    package var script: String {
        var lines = ["seed \(seed)"]
        for (index, router) in routers.enumerated() {
            var line = "router r\(index + 1) \(router.address) \(router.daemon.name) \(router.settings.script)"
            if router.clockRate != 1 { line += " clock \(router.clockRate)" }
            if router.firstIdentification != 1 { line += " id \(router.firstIdentification)" }
            lines.append(line)
        }
        lines += steps.map { "\($0.time.script) \($0.deed.script)" }
        lines.append("\(length.script) end")
        return lines.joined(separator: "\n") + "\n"
    }
}

extension StoryPlan.Deed {
    fileprivate var script: String {
        switch self {
        case .start(let router): "r\(router + 1) starts"
        case .stop(let router): "r\(router + 1) stops"
        case .kill(let router): "r\(router + 1) dies"
        case .stall(let router): "r\(router + 1) stalls"
        case .resume(let router): "r\(router + 1) resumes"
        case .cutLink(let router): "r\(router + 1) loses-link"
        case .mendLink(let router): "r\(router + 1) regains-link"
        case .loseInbound(let router, let percent): "r\(router + 1) loses-inbound \(percent)"
        case .loseOutbound(let router, let percent): "r\(router + 1) loses-outbound \(percent)"
        case .part(let away):
            away.isEmpty ? "part none" : "part \(away.sorted().map { "r\($0 + 1)" }.joined(separator: ","))"
        case .reload(let router, let settings): "r\(router + 1) reloads \(settings.script)"
        case .install(let router, let daemon): "r\(router + 1) installs \(daemon.name)"
        case .track(let router, let priority): "r\(router + 1) tracks \(priority)"
        case .loseAtCapture(let percent): "captures-lose \(percent)"
        }
    }
}
