import VRRPWire

extension StoryPlan {
    /// Returns a smaller plan that still fails: fewer steps and routers, a shorter time, a calmer network.
    ///
    /// Takes away what it can, piece by piece, until nothing more can go; each plan tried is played once.
    ///
    /// - Parameters:
    ///   - most: how many plans are tried.
    ///   - fails: whether a plan fails.
    /// - Returns: the smallest failing plan found, or this one.
    package func shrunk(trying most: Int = 600, where fails: (StoryPlan) -> Bool) -> Self {
        var least = self
        var tries = 0
        var hasChanged = true
        while hasChanged, tries < most {
            hasChanged = false
            for candidate in least.smaller where tries < most {
                tries += 1
                if fails(candidate) {
                    least = candidate
                    hasChanged = true
                    break
                }
            }
        }
        return least
    }

    /// Plans with a piece less, the largest pieces first.
    private var smaller: [Self] {
        var plans: [Self] = []
        for share in [2, 4, 3] where length * Int64(share - 1) / Int64(share) > shortestInterval * 8 {
            plans.append(shortened(to: length * Int64(share - 1) / Int64(share)))
        }
        for router in routers.indices.reversed() where routers.count > 1 { plans.append(without(router: router)) }
        var size = steps.count / 2
        while size > 0 {
            for start in stride(from: 0, to: steps.count, by: size) {
                var plan = self
                plan.steps.removeSubrange(start..<min(start + size, steps.count))
                plans.append(plan)
            }
            size /= 2
        }
        plans.append(calmed)
        return plans.filter { $0 != self }
    }

    private func shortened(to length: TimeSpan) -> Self {
        var plan = self
        plan.length = length
        plan.steps.removeAll { $0.time > length }
        return plan
    }

    /// The plan with exact clocks and the network as it is by default.
    private var calmed: Self {
        var plan = self
        plan.conditions = Conditions()
        for index in plan.routers.indices {
            plan.routers[index].clockRate = 1
            plan.routers[index].firstIdentification = 1
        }
        return plan
    }

    private func without(router gone: Int) -> Self {
        var plan = self
        let address = plan.routers.remove(at: gone).address
        for index in plan.routers.indices { plan.routers[index].settings.peers.removeAll { $0 == address } }
        plan.steps = steps.compactMap { step in
            step.deed.without(router: gone, at: address).map { Step(step.time, $0) }
        }
        return plan
    }
}

extension StoryPlan.Deed {
    /// Returns the same without a router, those behind it counted anew; `nil` where it was done to that one.
    fileprivate func without(router gone: Int, at address: IPAddress) -> Self? {
        func moved(_ router: Int) -> Int { router > gone ? router - 1 : router }
        if router == gone { return nil }
        switch self {
        case .start(let router): return .start(moved(router))
        case .stop(let router): return .stop(moved(router))
        case .kill(let router): return .kill(moved(router))
        case .stall(let router): return .stall(moved(router))
        case .resume(let router): return .resume(moved(router))
        case .cutLink(let router): return .cutLink(moved(router))
        case .mendLink(let router): return .mendLink(moved(router))
        case .loseInbound(let router, let percent): return .loseInbound(moved(router), percent: percent)
        case .loseOutbound(let router, let percent): return .loseOutbound(moved(router), percent: percent)
        case .part(let away): return .part(Set(away.subtracting([gone]).map(moved)))
        case .install(let router, let daemon): return .install(moved(router), daemon)
        case .track(let router, let priority): return .track(moved(router), priority: priority)
        case .loseAtCapture: return self
        case .reload(let router, var settings):
            settings.peers.removeAll { $0 == address }
            return .reload(moved(router), settings)
        }
    }
}
