import VRRPWire

extension StoryRecording {
    /// The frames of the captures as a scenario, at the same instants and without queries.
    package var scenario: String {
        var lines = plan.routers.enumerated().map { index, router in "router R\(index + 1) \(router.address)" }
        for frame in frames {
            let capture = frame.capture == 0 ? "" : " capture \(frame.capture)"
            switch frame.content {
            case .advert(let advert, let destination):
                lines.append("\(frame.time.script) R\(advert.sender + 1) \(advert.scenario(to: destination))\(capture)")
            case .announcement(let address, let mac):
                lines.append("\(frame.time.script) host \(mac) announces \(address)\(capture)")
            }
        }
        lines.append("\(plan.length.script) end")
        return lines.joined(separator: "\n") + "\n"
    }
}

extension SimulatedAdvert {
    /// The options with which a speaker of a scenario says the same.
    fileprivate func scenario(to destination: IPAddress?) -> String {
        var words = ["v\(settings.version) vrid \(settings.virtualRouterID) priority \(priority)"]
        words.append("interval \(settings.interval.script)")
        words.append("addresses \(settings.addresses.map(\.description).joined(separator: ","))")
        if source.family == .ipv4 { words.append("id \(identification)") }
        if settings.version == 2, let password = settings.password { words.append("pass \(password)") }
        if settings.checksum != .pseudoHeader { words.append("checksum \(settings.checksum.rawValue)") }
        if settings.ttl != 255 { words.append("ttl \(settings.ttl)") }
        if let destination { words.append("to \(destination)") }
        words.append("mac \(sourceMAC)")
        return words.joined(separator: " ")
    }
}
