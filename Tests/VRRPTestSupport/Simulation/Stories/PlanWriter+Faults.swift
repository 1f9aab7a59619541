import VRRPWire

/// Faults that pass: each is over when the writer goes on.
extension PlanWriter {
    mutating func restart() {
        let victim = router()
        add(chance(50) ? .kill(victim) : .stop(victim))
        pass(chance(30) ? 1...10 : 10...90)
        add(.start(victim))
    }

    mutating func stall() {
        let victim = router()
        add(.stall(victim))
        pass(5...75)
        add(.resume(victim))
    }

    mutating func cutLink() {
        let victim = router()
        add(.cutLink(victim))
        pass(5...75)
        add(.mendLink(victim))
    }

    mutating func deafen() {
        let victim = router()
        add(.loseInbound(victim, percent: 100))
        pass(10...120)
        add(.loseInbound(victim, percent: 0))
    }

    mutating func loseSome() {
        let victim = router()
        let percent = pick([20, 40, 60, 80, 99])
        let isInbound = chance(50)
        add(isInbound ? .loseInbound(victim, percent: percent) : .loseOutbound(victim, percent: percent))
        pass(40...140)
        add(isInbound ? .loseInbound(victim, percent: 0) : .loseOutbound(victim, percent: 0))
    }

    mutating func part() {
        var all = Array(routers.indices)
        all.shuffle(using: &noise)
        add(.part(Set(all.prefix(number(1...count - 1)))))
        pass(50...140)
        add(.part([]))
    }

    mutating func track() {
        let tracked = router()
        add(.track(tracked, priority: UInt8(number(2...253))))
        if chance(40) {
            pass(10...80)
            add(.track(tracked, priority: settings[tracked].priority))
        }
    }

    mutating func reloadOne() {
        let changed = router()
        switch number(0...5) {
        case 0...2:
            let priority = UInt8(number(2...253))
            reload(changed) { $0.priority = priority }
        case 3:
            let before = settings[changed].addresses
            let more = Self.virtualAddresses(before.count + 1, before[0].family)
            reload(changed) { $0.addresses = more }
            pass(30...60)
            reload(changed) { $0.addresses = before }
        case 4:
            let before = settings.map(\.interval)
            for index in routers.indices { reload(index) { $0.interval = $0.interval * 2 } }
            pass(100...140)
            for index in routers.indices { reload(index) { $0.interval = before[index] } }
        default:
            add(.stop(changed))
            pass(1...20)
            add(.start(changed))
        }
    }
}
