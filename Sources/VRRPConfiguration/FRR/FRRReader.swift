internal import VRRPWire

/// Reads FRR's `vrrp` commands (FRR, vrrpd/vrrp_vty.c) from a configuration as `vtysh` writes it.
///
/// Other commands are other daemons' business; only what begins with `vrrp` can be unknown here.
struct FRRReader {
    private(set) var configuration: RouterConfiguration
    private var interface: String?
    /// The addresses of each interface (`ip address`), which decide sources and owners.
    private var interfaceAddresses: [String: [ConfiguredAddress]] = [:]
    private var groups: [Key: Group] = [:]
    private var order: [Key] = []
    private var defaults = Settings()

    private struct Key: Hashable {
        var interface: String
        var vrid: UInt8
    }

    /// The settings that `vrrp default …` makes for all and `vrrp N …` for one.
    private struct Settings {
        var priority: UInt8 = 100
        var interval: TimeSpan = .seconds(1)
        var preempts = true
        var isShutDown = false
        var checksum: ChecksumKind = .pseudoHeader
    }

    /// A virtual router of up to two families.
    private struct Group {
        var location: SourceLocation
        var version: UInt8 = 3
        var settings: Settings
        var addresses: [ConfiguredAddress] = []
        var locations: [InstanceConfiguration.Setting: SourceLocation] = [:]
        var isWithdrawn = false
    }

    init(_ path: String, name: String, from files: any ConfigurationFiles) throws(ConfigurationFileError) {
        configuration = RouterConfiguration(name: name, dialect: .frr, files: [path])
        var number = 0
        let text = try files.text(of: path)
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            number += 1
            let words = line.split { $0.isKeepalivedBlank }.map(String.init)
            guard let first = words.first, !first.hasPrefix("!"), !first.hasPrefix("#") else { continue }
            read(words, at: SourceLocation(path, number))
        }
        for key in order { complete(key) }
        configuration.problems.sort { $0.location < $1.location }
    }

    private mutating func read(_ words: [String], at location: SourceLocation) {
        let isDenied = words.first == "no"
        let words = isDenied ? Array(words.dropFirst()) : words
        switch words.first {
        case "interface": interface = words.count > 1 ? words[1] : nil
        case "hostname":
            if words.count > 1, !isDenied { configuration.name = words[1] }
        case "exit", "end", "router", "vrf", "route-map", "line": interface = nil
        case "ip" where words.count > 2 && words[1] == "address",
            "ipv6" where words.count > 2 && words[1] == "address":
            guard let interface, !isDenied, let address = Self.address(words[2]) else { return }
            interfaceAddresses[interface, default: []].append(address)
        case "vrrp": readVRRP(Array(words.dropFirst()), isDenied, at: location)
        default: return
        }
    }

    private mutating func readVRRP(_ words: [String], _ isDenied: Bool, at location: SourceLocation) {
        guard let first = words.first else { return problem(.value, location, "'vrrp' is followed by nothing") }
        if first == "default" {
            var settings = defaults
            if apply(Array(words.dropFirst()), isDenied, to: &settings, at: location) == nil {
                noteUnknown(words, at: location)
            }
            defaults = settings
            return
        }
        if first == "autoconfigure" {
            let message = "'vrrp autoconfigure' takes virtual routers from the machine's interfaces; they are not known"
            return problem(.unevaluated, location, message)
        }
        guard let number = Int(first) else { return noteUnknown(words, at: location) }
        guard let vrid = UInt8(exactly: number), vrid > 0 else {
            return problem(.value, location, "a VRID is 1 to 255")
        }
        guard let interface else {
            return problem(.syntax, location, "'vrrp \(first)' stands under no interface")
        }
        readGroup(Key(interface: interface, vrid: vrid), Array(words.dropFirst()), isDenied, at: location)
    }

    private mutating func readGroup(_ key: Key, _ words: [String], _ isDenied: Bool, at location: SourceLocation) {
        if groups[key] == nil {
            order.append(key)
            groups[key] = Group(location: location, settings: defaults)
        }
        guard var group = groups[key] else { return }
        defer { groups[key] = group }
        switch words.first {
        case nil: group.isWithdrawn = isDenied
        case "version":
            if words.count > 1, let version = UInt8(words[1]), version == 2 || version == 3 {
                group.version = version
                group.locations[.version] = location
            } else {
                problem(.value, location, "the version is 2 or 3")
            }
        case "ip", "ipv6":
            guard words.count > 1, let address = Self.address(words[1]),
                (address.address.family == .ipv4) == (words[0] == "ip")
            else { return problem(.value, location, "'vrrp \(key.vrid) \(words[0])' takes an address of its family") }
            group.locations[.addresses] = location
            group.addresses.removeAll { $0.address == address.address }
            if !isDenied { group.addresses.append(address) }
        default:
            if let setting = apply(words, isDenied, to: &group.settings, at: location) {
                group.locations[setting] = location
            } else {
                noteUnknown([String(key.vrid)] + words, at: location)
            }
        }
    }

    /// Applies a setting and says which, or `nil` where it is not known.
    private mutating func apply(
        _ words: [String],
        _ isDenied: Bool,
        to settings: inout Settings,
        at location: SourceLocation
    ) -> InstanceConfiguration.Setting? {
        let value = words.dropFirst().first.flatMap { Int($0) }
        switch words.first {
        case "priority":
            if isDenied {
                settings.priority = 100
            } else if let value, 1...254 ~= value {
                settings.priority = UInt8(value)
            } else {
                problem(.value, location, "a priority is 1 to 254")
            }
            return .priority
        case "advertisement-interval":
            if isDenied {
                settings.interval = .seconds(1)
            } else if let value, 10...40950 ~= value, value % 10 == 0 {
                settings.interval = .milliseconds(Int64(value))
            } else {
                problem(.value, location, "the interval is 10 to 40950 ms in steps of 10")
            }
            return .interval
        case "preempt":
            settings.preempts = !isDenied
            return .preemption
        case "shutdown":
            settings.isShutDown = !isDenied
            return .state
        case "checksum-with-ipv4-pseudoheader":
            settings.checksum = isDenied ? .messageOnly : .pseudoHeader
            return .checksum
        default: return nil
        }
    }

    // MARK: Instances

    private mutating func complete(_ key: Key) {
        guard let group = groups[key], !group.isWithdrawn else { return }
        if group.addresses.isEmpty {
            problem(.value, group.location, "vrrp \(key.vrid) on \(key.interface) has no address and stays idle")
        }
        for family in [AddressFamily.ipv4, .ipv6] {
            let addresses = group.addresses.filter { $0.address.family == family }
            guard !addresses.isEmpty else { continue }
            guard family == .ipv4 || group.version == 3 else {
                problem(.value, group.location, "vrrp \(key.vrid): IPv6 needs version 3")
                continue
            }
            configuration.instances.append(instance(key, group, family, addresses))
        }
    }

    private func instance(
        _ key: Key,
        _ group: Group,
        _ family: AddressFamily,
        _ addresses: [ConfiguredAddress]
    ) -> InstanceConfiguration {
        var instance = InstanceConfiguration(name: "vrrp \(key.vrid)", location: group.location)
        let own = (interfaceAddresses[key.interface] ?? []).filter { $0.address.family == family }
        instance.interface = key.interface
        instance.family = family
        instance.vrid = key.vrid
        instance.version = group.version
        instance.priority = group.settings.priority
        instance.interval = group.settings.interval
        instance.addresses = addresses
        instance.interfaceAddresses = own
        instance.checksum = group.version == 3 && family == .ipv4 ? group.settings.checksum : nil
        instance.preempts = group.settings.preempts
        instance.isShutDown = group.settings.isShutDown
        instance.usesVirtualMAC = true
        instance.locations = group.locations
        if !instance.canAdvertiseInterval { instance.undecided.insert(.interval) }
        if own.isEmpty {
            // With the first address on its interface it is the owner (`vrrp_is_owner` in vrrp.c); nothing here tells.
            instance.undecided.insert(.priority)
        } else if let first = addresses.first, own.contains(where: { $0.address == first.address }) {
            instance.priority = 255
        }
        // IPv4 advertisements leave from the interface's primary address, those of IPv6 from the macvlan's link-local.
        if family == .ipv4 { instance.source = own.first?.address }
        return instance
    }

    private static func address(_ text: String) -> ConfiguredAddress? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = parts.first.flatMap({ IPAddress(text: $0) }) else { return nil }
        return ConfiguredAddress(address, prefixLength: parts.count == 2 ? UInt8(parts[1]) : nil)
    }

    private mutating func problem(
        _ kind: ConfigurationProblem.Kind,
        _ location: SourceLocation,
        _ message: String
    ) {
        configuration.problems.append(ConfigurationProblem(kind, location, message))
    }

    private mutating func noteUnknown(_ words: [String], at location: SourceLocation) {
        let command = (["vrrp"] + words.prefix(2)).joined(separator: " ")
        let block = interface.map { "interface \($0)" }
        configuration.unknown.append(
            RouterConfiguration.UnknownKeyword(keyword: command, block: block, location: location)
        )
        problem(.keyword, location, "'\(command)' is no command of FRR's VRRP")
    }
}
