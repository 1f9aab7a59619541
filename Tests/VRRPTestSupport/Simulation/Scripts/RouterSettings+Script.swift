import VRRPWire

extension RouterSettings {
    /// Reads settings from the words of a line, up to those that are none; what is not said stays as it is.
    ///
    /// - Returns: whether a word was read.
    mutating func read(_ word: String, _ words: inout Words) throws -> Bool {
        switch word {
        case "v2": version = 2
        case "v3": version = 3
        case "vrid": virtualRouterID = try words.number("VRID")
        case "priority": priority = try words.number("priority")
        case "interval": interval = try words.seconds("interval")
        case "addresses": addresses = try words.addresses()
        case "pass": password = try words.next("a password")
        case "nopreempt": preempts = false
        case "preempt-delay": preemptDelay = try words.seconds("delay")
        case "start-delay": startDelay = try words.seconds("delay")
        case "begins-as-master": beginsAsMaster = true
        case "peers": peers = try words.addresses()
        case "ttl": ttl = try words.number("TTL")
        case "announces-again": announcementDelay = try words.seconds("delay")
        case "no-announcements-to-lesser": announcesToLesser = false
        case "checksum":
            let name = try words.next("a checksum convention")
            guard let kind = ChecksumKind(rawValue: name) else { throw words.error("no checksum is called '\(name)'") }
            checksum = kind
        default: return false
        }
        return true
    }

    /// All settings as words that ``read(_:_:)`` takes.
    var script: String {
        var words = ["v\(version) vrid \(virtualRouterID) priority \(priority) interval \(interval.script)"]
        words.append("addresses \(Self.list(addresses))")
        if let password { words.append("pass \(password)") }
        if !preempts { words.append("nopreempt") }
        if preemptDelay > .zero { words.append("preempt-delay \(preemptDelay.script)") }
        if startDelay > .zero { words.append("start-delay \(startDelay.script)") }
        if beginsAsMaster { words.append("begins-as-master") }
        if !peers.isEmpty { words.append("peers \(Self.list(peers))") }
        if ttl != 255 { words.append("ttl \(ttl)") }
        if announcementDelay != .seconds(5) { words.append("announces-again \(announcementDelay.script)") }
        if !announcesToLesser { words.append("no-announcements-to-lesser") }
        if checksum != .pseudoHeader { words.append("checksum \(checksum.rawValue)") }
        return words.joined(separator: " ")
    }

    private static func list(_ addresses: [IPAddress]) -> String {
        addresses.map(\.description).joined(separator: ",")
    }
}

extension TimeSpan {
    /// Decimal seconds without zeros at the end.
    package var script: String {
        let fraction = String(nanoseconds % 1_000_000_000)
        var digits = String(repeating: "0", count: 9 - fraction.count) + fraction
        while digits.last == "0" { digits.removeLast() }
        let whole = nanoseconds / 1_000_000_000
        return digits.isEmpty ? "\(whole)" : "\(whole).\(digits)"
    }
}
