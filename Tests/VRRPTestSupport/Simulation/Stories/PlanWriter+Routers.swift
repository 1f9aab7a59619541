import VRRPWire

extension PlanWriter {
    /// Sets up the routers, most of them alike and of one mind.
    mutating func setUpRouters(_ kind: StoryKind) {
        let daemons = drawDaemons()
        let version: UInt8 = daemons.contains { $0 == .rfc9568 } || chance(35) ? 3 : 2
        let family: AddressFamily = version == 3 && chance(35) ? .ipv6 : .ipv4
        var common = RouterSettings(priority: 100, addresses: Self.virtualAddresses(number(1...3), family))
        common.version = version
        common.interval =
            version == 2 ? pick([.seconds(1), .seconds(1), .seconds(1), .seconds(2), .seconds(3)]) : drawInterval()
        if version == 2, daemons.allSatisfy(\.knowsPasswords), chance(60) { common.password = "1111" }
        if chance(10), daemons.allSatisfy({ $0 == daemons[0] }) { common.checksum = .messageOnly }
        unit = common.interval
        let addresses = (0..<daemons.count).map { Self.address($0, family) }
        let isUnicast = family == .ipv4 && daemons.allSatisfy(\.knowsPasswords) && chance(15)
        let priorities = drawPriorities(daemons.count)
        for index in daemons.indices {
            var own = common
            own.priority = priorities[index]
            if isUnicast { own.peers = addresses.filter { $0 != addresses[index] } }
            own.beginsAsMaster = index == 0 && chance(40)
            var router = StoryPlan.Router(address: addresses[index], daemon: daemons[index], settings: own)
            router.clockRate = 1 + Double(number(-200...200)) / 1_000_000
            router.firstIdentification =
                router.daemon.identification == .byKernel ? UInt16(number(0...65535)) : UInt16(pick([1, 1, 1, 65500]))
            routers.append(router)
            settings.append(own)
        }
        if kind != .rolling, kind != .everything { drawPreemption() }
    }

    private mutating func drawDaemons() -> [Daemon] {
        let count = pick([2, 2, 2, 2, 3, 3, 3, 4, 4, 5])
        let daemon = pick([
            Daemon.keepalived22, .keepalived22, .keepalived22, .keepalived24, .keepalived24, .keepalived20,
            .keepalived20, .keepalived1, .frr, .rfc9568,
        ])
        guard chance(15) else { return Array(repeating: daemon, count: count) }
        return (0..<count).map { _ in pick(Daemon.all) }
    }

    private mutating func drawInterval() -> TimeSpan {
        pick([
            .seconds(1), .seconds(1), .seconds(1), .milliseconds(100), .milliseconds(300), .milliseconds(500),
            .seconds(2),
        ])
    }

    private mutating func drawPriorities(_ count: Int) -> [UInt8] {
        if chance(8) { return Array(repeating: 100, count: count) }
        var priorities = [200, 150, 100, 50, 20].prefix(count).map { UInt8($0 + number(-9...9)) }
        if chance(6) { priorities[0] = 255 }
        priorities.shuffle(using: &noise)
        return priorities
    }

    private mutating func drawPreemption() {
        guard routers.allSatisfy({ $0.daemon.knowsPasswords && $0.settings.priority != 255 }) else { return }
        let isHeld = chance(10)
        let delay = chance(8) ? unit * Int64(number(2...8)) : .zero
        let startDelay = chance(6) ? unit * Int64(number(2...8)) : .zero
        for index in routers.indices {
            settings[index].preempts = !isHeld
            settings[index].preemptDelay = isHeld ? .zero : delay
            settings[index].startDelay = startDelay
            routers[index].settings = settings[index]
        }
    }

    static func address(_ index: Int, _ family: AddressFamily) -> IPAddress {
        switch family {
        case .ipv4: IPAddress(ipv4: 0x0a33_0001 + UInt32(index))
        case .ipv6: IPAddress(ipv6High: 0xfe80_0000_0000_0000, low: 0x0051_00ff_fe00_0001 + UInt64(index))
        }
    }

    static func virtualAddresses(_ count: Int, _ family: AddressFamily) -> [IPAddress] {
        (0..<count).map { index in
            switch family {
            case .ipv4: IPAddress(ipv4: 0x0a33_0064 + UInt32(index))
            case .ipv6: IPAddress(ipv6High: 0xfe80_0000_0000_0000, low: 0x51_0100 + UInt64(index))
            }
        }
    }
}
