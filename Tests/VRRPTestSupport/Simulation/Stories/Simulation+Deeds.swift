import VRRPWire

extension Simulation {
    /// Does to a router, the network or the captures what the plan says.
    mutating func perform(_ deed: StoryPlan.Deed, at now: TimeSpan) {
        switch deed {
        case .start(let router): start(router, at: now)
        case .stop(let router): end(router, at: now, .stop) { $0.stop() }
        case .kill(let router): end(router, at: now, .kill) { $0.kill() }
        case .stall(let router): stall(router, at: now)
        case .resume(let router): resume(router, at: now)
        case .cutLink(let router): setLink(of: router, false, at: now)
        case .mendLink(let router): setLink(of: router, true, at: now)
        case .loseInbound(let router, let percent): paths[router].inboundLoss = percent
        case .loseOutbound(let router, let percent): paths[router].outboundLoss = percent
        case .part(let away): for router in paths.indices { paths[router].isParted = away.contains(router) }
        case .reload(let router, let settings): reload(router, settings, at: now)
        case .install(let router, let daemon): daemons[router] = daemon
        case .track(let router, let priority): routers[router].track(priority: priority)
        case .loseAtCapture(let percent): captureLoss = percent
        }
    }

    private mutating func start(_ router: Int, at now: TimeSpan) {
        guard routers[router].state == .off else { return }
        lives[router] += 1
        routers[router].daemon = daemons[router]
        log(.start, of: router, at: now)
        // A process needs some time for its configuration.
        let span = noise[router].span(.milliseconds(15), .milliseconds(150))
        queue.add(.ready(router, life: lives[router]), at: now + span)
    }

    private mutating func end(
        _ router: Int,
        at now: TimeSpan,
        _ event: TruthLog.Event,
        _ end: (inout SimulatedRouter) -> Void
    ) {
        // A process that does not run cannot say farewell.
        if paths[router].isStalled { resume(router, at: now) }
        lives[router] += 1
        log(event, of: router, at: now)
        end(&routers[router])
        settle(router, at: now)
    }

    private mutating func stall(_ router: Int, at now: TimeSpan) {
        guard routers[router].state != .off, !paths[router].isStalled else { return }
        paths[router].isStalled = true
        log(.pause, of: router, at: now)
    }

    private mutating func resume(_ router: Int, at now: TimeSpan) {
        guard paths[router].isStalled else { return }
        paths[router].isStalled = false
        log(.resume, of: router, at: now)
        var now = now
        for event in waiting[router] {
            now = now + noise[router].span(TimeSpan(nanoseconds: 300_000), .milliseconds(5))
            queue.add(event, at: now)
        }
        waiting[router] = []
    }

    private mutating func setLink(of router: Int, _ hasLink: Bool, at now: TimeSpan) {
        guard paths[router].hasLink != hasLink else { return }
        paths[router].hasLink = hasLink
        log(hasLink ? .linkUp : .linkDown, of: router, at: now)
        if hasLink { routers[router].regainLink(at: now) } else { routers[router].loseLink() }
        settle(router, at: now)
    }

    private mutating func reload(_ router: Int, _ settings: RouterSettings, at now: TimeSpan) {
        guard routers[router].state != .off else {
            routers[router].settings = settings
            return
        }
        routers[router].prepareReload()
        settle(router, at: now)
        let span = noise[router].span(.milliseconds(1), .milliseconds(35))
        queue.add(.settingsRead(router, settings, life: lives[router]), at: now + span)
    }
}
