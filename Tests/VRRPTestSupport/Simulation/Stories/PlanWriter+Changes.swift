import VRRPWire

/// Changes that are rolled out, one router after the other.
extension PlanWriter {
    /// Changes a setting as people do it: on each router in turn, with time between.
    mutating func roll() {
        let changes = possibleChanges()
        let change = pick(changes)
        for index in drawOrder() {
            if change == .priority {
                let priority = UInt8(number(10...249))
                reload(index) { $0.priority = priority }
            } else {
                let target = target(of: change)
                reload(index) { target(&$0) }
            }
            pass(10...90)
        }
        rolled += 1
    }

    enum Change: Hashable {
        case password, noPassword, addresses, interval, version, delivery, priority
    }

    private func possibleChanges() -> [Change] {
        guard routers.allSatisfy(\.daemon.knowsPasswords) else { return [.priority, .addresses, .interval] }
        guard settings[0].addresses[0].family == .ipv4 else { return [.priority, .addresses, .interval] }
        guard settings[0].version == 2 else { return [.priority, .addresses, .interval, .version, .delivery] }
        return [.password, .password, .addresses, .addresses, .interval, .version, .delivery, .priority, .noPassword]
    }

    mutating func drawOrder() -> [Int] {
        var order = Array(routers.indices)
        order.shuffle(using: &noise)
        return order
    }

    /// Returns a function that applies a change to a router's settings, the same for each router of one roll-out.
    private func target(of change: Change) -> (inout RouterSettings) -> Void {
        let number = rolled
        let unit = unit
        let addresses = routers.map(\.address)
        switch change {
        case .password: return { $0.password = "pw\(number)" }
        case .noPassword: return { $0.password = nil }
        case .addresses:
            return { settings in
                let count = 1 + (number + 1) % 3
                settings.addresses = Self.virtualAddresses(count, settings.addresses[0].family)
            }
        case .interval:
            return { settings in
                settings.interval = number % 2 == 0 ? unit * 2 : unit
                // keepalived rounds the intervals of version 2 to whole seconds.
                if settings.version == 2 { settings.interval = max(settings.interval, .seconds(1)) }
            }
        case .version:
            return { settings in
                settings.version = settings.version == 2 ? 3 : 2
                settings.password = settings.version == 3 ? nil : "1111"
                settings.interval = max(settings.interval, .seconds(1))
            }
        case .delivery:
            return { settings in settings.peers = settings.isUnicast ? [] : addresses }
        case .priority: return { _ in }
        }
    }

    /// Installs another version on each router in turn.
    mutating func upgrade() {
        let daemons = routers.allSatisfy(\.daemon.knowsPasswords) ? Daemon.keepalived : [.frr, .rfc9568]
        let daemon = pick(daemons)
        for index in drawOrder() {
            add(.stop(index))
            add(.install(index, daemon))
            pass(3...30)
            add(.start(index))
            pass(40...90)
        }
    }

    /// Lets one router be of another mind from the start.
    mutating func misconfigure() {
        let odd = router()
        var own = settings[odd]
        switch number(0...5) {
        case 0 where own.version == 2: own.password = own.password == nil ? "2222" : nil
        case 1 where own.version == 2: own.password = "other"
        case 2: own.interval = own.interval * 3
        case 3: own.addresses = Self.virtualAddresses(own.addresses.count + 1, own.addresses[0].family)
        case 4 where own.version == 3 && own.addresses[0].family == .ipv4:
            own.checksum = own.checksum == .messageOnly ? .pseudoHeader : .messageOnly
        default: own.ttl = 254
        }
        settings[odd] = own
        routers[odd].settings = own
    }
}
