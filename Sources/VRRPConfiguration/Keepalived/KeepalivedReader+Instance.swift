internal import VRRPWire

extension KeepalivedReader {
    mutating func readInstance(_ statement: KeepalivedStatement) {
        var reading = InstanceReading(statement, defaults)
        for inner in statement.block ?? [] { readSetting(inner, &reading) }
        if !positions.keys.contains(reading.instance.name) {
            positions[reading.instance.name] = configuration.instances.count
        } else {
            problem(.value, statement, "there is a vrrp_instance '\(reading.instance.name)' already")
        }
        complete(&reading, statement)
        configuration.instances.append(reading.instance)
    }

    /// An instance while it is read: what can be judged only when all of it is known.
    struct InstanceReading {
        var instance: InstanceConfiguration
        var version: UInt8?
        var priority: UInt8?
        var authType: (type: String, statement: KeepalivedStatement)?
        var authPass: (password: ConfiguredPassword, statement: KeepalivedStatement)?
        var hmac: (configured: ConfiguredHMAC, statement: KeepalivedStatement)?
        var isIPv6ByKeyword = false
        var group: IPAddress?
        var peers: [IPAddress]?
        var hasUnicastSource = false

        init(_ statement: KeepalivedStatement, _ defaults: Defaults) {
            instance = InstanceConfiguration(
                name: statement.arguments.first ?? "unnamed",
                location: statement.location
            )
            instance.downTimerAdverts = defaults.downTimerAdverts
            instance.isStrict = defaults.isStrict
            instance.checksum = defaults.checksum
        }
    }

    /// Reads one statement of an instance.
    private mutating func readSetting(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        guard let keyword = Self.instanceKeywords[statement.keyword] else { return readTracking(statement, &reading) }
        if let setting = keyword.setting {
            reading.instance.locations[setting] = statement.location
            if undecidedLines.contains(statement.location) { reading.instance.undecided.insert(setting) }
        }
        keyword.read(&self, statement, &reading)
    }

    private mutating func readTracking(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        guard let kind = TrackedWeight.Kind(rawValue: statement.keyword) else {
            let title = "vrrp_instance \(reading.instance.name)"
            checkKeyword(statement, in: "vrrp_instance", of: title)
            return
        }
        reading.instance.locations[.tracking] = reading.instance.locations[.tracking] ?? statement.location
        reading.instance.tracked += tracked(kind, statement, of: reading.instance.name)
    }

    /// The objects that a block of tracked objects names, with their weights.
    mutating func tracked(
        _ kind: TrackedWeight.Kind,
        _ statement: KeepalivedStatement,
        of owner: String
    ) -> [TrackedWeight] {
        var found: [TrackedWeight] = []
        for item in statement.block ?? [] {
            let known = kind == .interface ? 0 : weights[kind]?[item.keyword]
            if known == nil {
                problem(.reference, item, "\(owner) tracks '\(item.keyword)', which nothing defines")
                continue
            }
            var weight = known ?? 0
            if let position = item.words.firstIndex(of: "weight") {
                weight = self.weight(item.words[(position + 1)...], item, kind) ?? weight
            }
            found.append(TrackedWeight(kind: kind, name: item.keyword, weight: weight, location: item.location))
        }
        return found
    }

    /// `<number> [reverse]`; reversed weights count the other way round.
    mutating func weight(
        _ words: ArraySlice<String>,
        _ statement: KeepalivedStatement,
        _ kind: TrackedWeight.Kind
    ) -> Int? {
        let limit = kind == .file || kind == .process ? 254 : 253
        guard let word = words.first, let value = Int(word), kind == .file || value.magnitude <= UInt(limit) else {
            problem(.value, statement, "a weight lies between -\(limit) and \(limit)")
            return nil
        }
        // A file's number is multiplied by its weight, so that beyond some size all are alike.
        let bounded = min(max(value, -254), 254)
        return words.dropFirst().first == "reverse" ? -bounded : bounded
    }

    fileprivate mutating func readAddresses(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        for item in statement.block ?? [] {
            let parts = item.keyword.split(separator: "/", omittingEmptySubsequences: false)
            if undecidedLines.contains(item.location) { reading.instance.undecided.insert(.addresses) }
            guard parts.count <= 2, let address = parts.first.flatMap({ IPAddress(text: $0) }) else {
                if undecidedLines.contains(item.location) { continue }
                problem(.value, item, "'\(item.keyword)' is no address")
                continue
            }
            var configured = ConfiguredAddress(address)
            if parts.count == 2 {
                guard let length = UInt8(parts[1]), length <= (address.family == .ipv4 ? 32 : 128) else {
                    problem(.value, item, "'/\(parts[1])' is no prefix length of \(address.family.words)")
                    continue
                }
                configured.prefixLength = length
            }
            if let position = item.words.firstIndex(of: "dev"), position + 1 < item.words.count {
                configured.device = item.words[position + 1]
            }
            guard statement.keyword == "virtual_ipaddress" else {
                reading.instance.excludedAddresses.append(configured)
                continue
            }
            if let first = reading.instance.addresses.first, first.address.family != address.family {
                problem(.value, item, "\(address) is of another family than the addresses before it")
                continue
            }
            if reading.instance.addresses.contains(where: { $0.address == address }) { continue }
            reading.instance.addresses.append(configured)
        }
    }

    fileprivate mutating func readPeers(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        var peers = reading.peers ?? []
        for item in statement.block ?? [] {
            if undecidedLines.contains(item.location) { reading.instance.undecided.insert(.delivery) }
            // keepalived leaves a prefix length aside.
            let text = item.keyword.prefix { $0 != "/" }
            guard let peer = IPAddress(text: text) else {
                if undecidedLines.contains(item.location) { continue }
                problem(.value, item, "'\(item.keyword)' is no address")
                continue
            }
            peers.append(peer)
        }
        reading.peers = peers
    }

    fileprivate mutating func readAuthentication(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        for item in statement.block ?? [] {
            switch item.keyword {
            case "auth_type":
                guard let type = item.arguments.first else {
                    problem(.value, item, "'auth_type' takes PASS or AH")
                    continue
                }
                reading.authType = (type, item)
            case "auth_pass":
                guard let password = item.arguments.first else {
                    problem(.value, item, "'auth_pass' takes a password; an unquoted # or ! begins a comment")
                    continue
                }
                if undecidedLines.contains(item.location) { reading.instance.undecided.insert(.authentication) }
                reading.authPass = (ConfiguredPassword(password), item)
                reading.instance.locations[.authentication] = item.location
            default:
                // The word may be a password that lost its keyword.
                noteSecretWord(item, in: "authentication")
            }
        }
    }

    /// Tells of a word in a block of secrets without the word itself, which may be one.
    mutating func noteSecretWord(_ item: KeepalivedStatement, in block: String) {
        var message = "there is a word in '\(block)' that is no keyword of it"
        if let keyword = KeepalivedKeywords.nearest(to: item.keyword, in: "vrrp_instance/\(block)") {
            message += "; did you mean '\(keyword)'?"
        }
        problem(.keyword, item, message)
    }

    // MARK: Completing an instance

    /// Fills in what follows from the rest (keepalived, `vrrp_complete_instance` in vrrp.c).
    private mutating func complete(_ reading: inout InstanceReading, _ statement: KeepalivedStatement) {
        let family = reading.instance.addresses.first?.address.family
        reading.instance.family =
            family ?? (reading.isIPv6ByKeyword ? .ipv6 : nil) ?? reading.instance.source?.family
            ?? reading.peers?.first?.family ?? .ipv4
        reading.instance.version =
            reading.instance.family == .ipv6 ? (reading.version ?? 3) : reading.version ?? defaults.version ?? 2
        reading.instance.priority = reading.priority ?? (reading.instance.startsAsMaster ? 255 : 100)
        if reading.instance.vrid == nil, !reading.instance.undecided.contains(.vrid) {
            problem(.value, statement, "\(reading.instance.name) has no virtual_router_id; keepalived does not run it")
        }
        if !reading.instance.canAdvertiseInterval { reading.instance.undecided.insert(.interval) }
        completeAuthentication(&reading)
        completeFamily(of: reading, statement)
        if let peers = reading.peers, !peers.isEmpty {
            reading.instance.delivery = .unicast(peers: peers)
        } else {
            let group = reading.group ?? defaults.multicastGroups[reading.instance.family]
            reading.instance.delivery = .multicast(group: group)
        }
        let hasConventions = reading.instance.version == 3 && reading.instance.family == .ipv4
        if !hasConventions { reading.instance.checksum = nil }
    }

    /// Tells of addresses that do not go with the others, and of unicast without anybody to send to.
    private mutating func completeFamily(of reading: InstanceReading, _ statement: KeepalivedStatement) {
        let name = reading.instance.name
        let others = [reading.instance.source].compactMap { $0 } + (reading.peers ?? [])
        if let other = others.first(where: { $0.family != reading.instance.family }) {
            problem(.value, statement, "\(name): \(other) is of another family than the instance")
        }
        guard reading.peers?.isEmpty ?? reading.hasUnicastSource, !reading.instance.undecided.contains(.delivery) else {
            return
        }
        problem(.value, statement, "\(name) has no unicast peer; keepalived uses multicast")
    }

    private mutating func completeAuthentication(_ reading: inout InstanceReading) {
        let name = reading.instance.name
        if completeHMAC(&reading) { return }
        guard let (type, statement) = reading.authType else {
            guard let (password, statement) = reading.authPass else { return }
            // Without a type keepalived uses none.
            problem(.value, statement, "\(name): 'auth_pass' (\(password.length) characters) without 'auth_type'")
            return
        }
        guard type.uppercased() == "PASS" || type.uppercased() == "AH" else {
            problem(.value, statement, "\(name): auth_type is PASS or AH")
            return
        }
        guard let password = reading.authPass?.password else {
            problem(.value, statement, "\(name): 'auth_type' without 'auth_pass'; keepalived does not authenticate")
            return
        }
        let isAH = type.uppercased() == "AH"
        guard reading.instance.version == 2, !isAH || reading.instance.family == .ipv4 else {
            reading.instance.ignoredAuthentication = statement.location
            return
        }
        reading.instance.authentication = isAH ? .ah(password) : .simpleText(password)
    }
}

// MARK: The keywords of an instance

/// A keyword of a `vrrp_instance`: the setting that it makes, and how it is read.
private struct InstanceKeyword: Sendable {
    typealias Read =
        @Sendable (inout KeepalivedReader, KeepalivedStatement, inout KeepalivedReader.InstanceReading) -> Void

    /// `nil` for keywords that show on the wire only by way of others.
    var setting: InstanceConfiguration.Setting?
    var read: Read

    init(_ setting: InstanceConfiguration.Setting?, _ read: @escaping Read) {
        self.setting = setting
        self.read = read
    }
}

extension KeepalivedReader {
    /// The keywords that are read; ``KeepalivedKeywords/blocks`` has all that keepalived knows.
    fileprivate static let instanceKeywords: [String: InstanceKeyword] = [
        "state": InstanceKeyword(.state) { $0.readState($1, &$2) },
        "interface": InstanceKeyword(.interface) { reader, statement, reading in
            guard let name = statement.arguments.first else {
                return reader.problem(.value, statement, "'interface' takes a name")
            }
            reading.instance.interface = name
        },
        "virtual_router_id": InstanceKeyword(.vrid) { reader, statement, reading in
            if let vrid = reader.number(statement, 1...255, "a VRID") { reading.instance.vrid = UInt8(vrid) }
        },
        "priority": InstanceKeyword(.priority) { reader, statement, reading in
            if let priority = reader.number(statement, 1...255, "a priority") { reading.priority = UInt8(priority) }
        },
        "version": InstanceKeyword(.version) { reader, statement, reading in
            if let version = reader.number(statement, 2...3, "the version") { reading.version = UInt8(version) }
        },
        "advert_int": InstanceKeyword(.interval) { reader, statement, reading in
            if let span = reader.seconds(statement, "the interval") { reading.instance.interval = span }
        },
        "native_ipv6": InstanceKeyword(nil) { _, _, reading in reading.isIPv6ByKeyword = true },
        "nopreempt": InstanceKeyword(.preemption) { _, _, reading in reading.instance.preempts = false },
        "preempt_delay": InstanceKeyword(.preemptDelay) { $0.readPreemptDelay($1, &$2) },
        "down_timer_adverts": InstanceKeyword(.downTimer) { reader, statement, reading in
            if let adverts = reader.number(statement, 1...100, "the number of advertisements") {
                reading.instance.downTimerAdverts = UInt8(adverts)
            }
        },
        "strict_mode": InstanceKeyword(nil) { $2.instance.isStrict = $0.isOn($1) },
        "use_vmac": InstanceKeyword(.virtualMAC) { _, _, reading in reading.instance.usesVirtualMAC = true },
        "v3_checksum_as_v2": InstanceKeyword(.checksum) {
            $2.instance.checksum = $0.isOn($1) ? .messageOnly : .pseudoHeader
        },
        "old_unicast_checksum": InstanceKeyword(.checksum) { _, statement, reading in
            if statement.arguments.first != "never" { reading.instance.checksum = .multicastPseudoHeader }
        },
        "virtual_ipaddress": InstanceKeyword(.addresses) { $0.readAddresses($1, &$2) },
        "virtual_ipaddress_excluded": InstanceKeyword(.addresses) { $0.readAddresses($1, &$2) },
        "unicast_src_ip": InstanceKeyword(.source) { reader, statement, reading in
            reading.hasUnicastSource = true
            reader.readSource(statement, &reading)
        },
        "mcast_src_ip": InstanceKeyword(.source) { $0.readSource($1, &$2) },
        "unicast_peer": InstanceKeyword(.delivery) { $0.readPeers($1, &$2) },
        "mcast_dst_ip": InstanceKeyword(.delivery) { reader, statement, reading in
            guard let address = reader.address(statement), address.isMulticast else {
                return reader.problem(.value, statement, "'mcast_dst_ip' takes a multicast address")
            }
            reading.group = address
        },
        "unicast_ttl": InstanceKeyword(.ttl) { reader, statement, reading in
            if let ttl = reader.number(statement, 0...255, "a TTL") { reading.instance.ttl = UInt8(ttl) }
        },
        "authentication": InstanceKeyword(.authentication) { $0.readAuthentication($1, &$2) },
        "auth_hmac": InstanceKeyword(.authentication) { $0.readHMAC($1, &$2) },
    ]

    /// The keywords of an instance that are read.
    static var wordsOfInstances: [String] { instanceKeywords.keys.sorted() }

    private mutating func readState(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        switch statement.arguments.first {
        case "MASTER": reading.instance.startsAsMaster = true
        case "BACKUP": reading.instance.startsAsMaster = false
        default: problem(.value, statement, "'state' is MASTER or BACKUP")
        }
    }

    private mutating func readPreemptDelay(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        guard let span = seconds(statement, "the delay"), span <= .seconds(1000) else {
            return problem(.value, statement, "'preempt_delay' takes 0 to 1000 seconds")
        }
        reading.instance.preemptDelay = span
    }

    private mutating func readSource(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        guard let address = address(statement) else {
            return problem(.value, statement, "'\(statement.keyword)' takes an address")
        }
        reading.instance.source = address
    }
}
