internal import VRRPWire

/// Reads keepalived.conf as far as VRRP goes (keepalived.conf(5); keepalived, vrrp_parser.c and vrrp.c).
struct KeepalivedReader {
    private(set) var configuration: RouterConfiguration
    private let undecidedLines: Set<SourceLocation>
    private var defaults = Defaults()
    /// What is tracked by name: its weight, where it says one.
    private var weights: [TrackedWeight.Kind: [String: Int]] = [:]
    /// What `global_defs` says before any instance counts for all of them, wherever it stands.
    private var instanceStatements: [KeepalivedStatement] = []
    private var groupStatements: [KeepalivedStatement] = []
    /// Where the first instance of each name is.
    private var positions: [String: Int] = [:]

    /// What `global_defs` says for all instances.
    struct Defaults {
        var version: UInt8?
        var downTimerAdverts: UInt8 = 3
        var isStrict = false
        var checksum: ChecksumKind = .pseudoHeader
        var multicastGroups: [AddressFamily: IPAddress] = [:]
        var routerID: String?
    }

    /// Reads a node's configuration.
    ///
    /// - Throws: ``ConfigurationFileError`` where the file itself cannot be read.
    init(
        _ path: String,
        name: String,
        configID: String?,
        mostLines: Int,
        from files: any ConfigurationFiles
    )
        throws(ConfigurationFileError)
    {
        let lines = try KeepalivedLines(path, configID: configID, mostLines: mostLines, from: files)
        let blocks = KeepalivedBlocks(lines.lines)
        configuration = RouterConfiguration(name: name, dialect: .keepalived, files: lines.files)
        configuration.problems = lines.problems + blocks.problems
        undecidedLines = lines.undecidedLines
        for statement in blocks.statements { read(statement) }
        if let routerID = defaults.routerID { configuration.name = routerID }
        for statement in instanceStatements { readInstance(statement) }
        for statement in groupStatements { readSyncGroup(statement) }
        configuration.problems.sort { $0.location < $1.location }
    }

    // MARK: The top of the file

    private mutating func read(_ statement: KeepalivedStatement) {
        switch statement.keyword {
        case "global_defs": readGlobal(statement.block ?? [])
        case "vrrp_instance": if named(statement) { instanceStatements.append(statement) }
        case "vrrp_sync_group": if named(statement) { groupStatements.append(statement) }
        case "vrrp_script": readTracked(.script, statement, KeepalivedKeywords.script, defaultWeight: 0)
        case "vrrp_track_file", "track_file":
            readTracked(.file, statement, KeepalivedKeywords.file, defaultWeight: 1)
        case "vrrp_track_process", "track_process":
            readTracked(.process, statement, KeepalivedKeywords.process, defaultWeight: 1)
        case "bfd_instance": readTracked(.bfd, statement, KeepalivedKeywords.bfd, defaultWeight: 0)
        default:
            guard !KeepalivedKeywords.top.contains(statement.keyword) else { return }
            noteUnknown(statement, in: nil)
        }
    }

    /// Whether a block that needs a name has one, and braces.
    private mutating func named(_ statement: KeepalivedStatement) -> Bool {
        if statement.block == nil {
            problem(.syntax, statement, "'\(statement.keyword)' is followed by no block")
        }
        if statement.arguments.isEmpty { problem(.syntax, statement, "'\(statement.keyword)' has no name") }
        return true
    }

    private mutating func readGlobal(_ block: [KeepalivedStatement]) {
        for statement in block {
            switch statement.keyword {
            case "router_id": defaults.routerID = statement.arguments.first ?? defaults.routerID
            case "vrrp_version":
                if let version = number(statement, 2...3, "the version") { defaults.version = UInt8(version) }
            case "vrrp_down_timer_adverts":
                if let adverts = number(statement, 1...100, "the number of advertisements") {
                    defaults.downTimerAdverts = UInt8(adverts)
                }
            case "vrrp_strict": defaults.isStrict = isOn(statement)
            case "v3_checksum_as_v2": defaults.checksum = isOn(statement) ? .messageOnly : .pseudoHeader
            case "vrrp_mcast_group4", "vrrp_mcast_group6":
                guard let address = address(statement), address.isMulticast else {
                    problem(.value, statement, "'\(statement.keyword)' takes a multicast address")
                    continue
                }
                defaults.multicastGroups[address.family] = address
            default:
                guard !KeepalivedKeywords.global.contains(statement.keyword) else { continue }
                noteUnknown(statement, in: "global_defs")
            }
        }
    }

    private mutating func readTracked(
        _ kind: TrackedWeight.Kind,
        _ statement: KeepalivedStatement,
        _ keywords: Set<String>,
        defaultWeight: Int
    ) {
        guard named(statement), let name = statement.arguments.first else { return }
        var weight = defaultWeight
        var hasScript = kind != .script
        for inner in statement.block ?? [] {
            if inner.keyword == "script", !inner.arguments.isEmpty { hasScript = true }
            if inner.keyword == "weight" {
                weight = self.weight(inner.arguments, inner, kind) ?? weight
            } else if !keywords.contains(inner.keyword) {
                problem(.keyword, inner, "'\(inner.keyword)' is no keyword of '\(statement.keyword)'")
            }
        }
        guard hasScript else {
            problem(.value, statement, "'\(name)' runs no script; keepalived drops it")
            return
        }
        weights[kind, default: [:]][name] = weight
    }

    // MARK: Instances

    private mutating func readInstance(_ statement: KeepalivedStatement) {
        var reading = InstanceReading(statement, defaults)
        for inner in statement.block ?? [] { readInstance(inner, &reading) }
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
        var hasHMAC = false
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

    private mutating func readInstance(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        func note(_ setting: InstanceConfiguration.Setting) {
            reading.instance.locations[setting] = statement.location
            if undecidedLines.contains(statement.location) { reading.instance.undecided.insert(setting) }
        }
        switch statement.keyword {
        case "state":
            note(.state)
            switch statement.arguments.first {
            case "MASTER": reading.instance.startsAsMaster = true
            case "BACKUP": reading.instance.startsAsMaster = false
            default: problem(.value, statement, "'state' is MASTER or BACKUP")
            }
        case "interface":
            note(.interface)
            if let interface = statement.arguments.first {
                reading.instance.interface = interface
            } else {
                problem(.value, statement, "'interface' takes a name")
            }
        case "virtual_router_id":
            note(.vrid)
            if let vrid = number(statement, 1...255, "a VRID") { reading.instance.vrid = UInt8(vrid) }
        case "priority":
            note(.priority)
            if let priority = number(statement, 1...255, "a priority") { reading.priority = UInt8(priority) }
        case "version":
            note(.version)
            if let version = number(statement, 2...3, "the version") { reading.version = UInt8(version) }
        case "advert_int":
            note(.interval)
            if let span = seconds(statement, "the interval") { reading.instance.interval = span }
        case "native_ipv6": reading.isIPv6ByKeyword = true
        case "nopreempt":
            note(.preemption)
            reading.instance.preempts = false
        case "preempt_delay":
            note(.preemptDelay)
            if let span = seconds(statement, "the delay"), span <= .seconds(1000) {
                reading.instance.preemptDelay = span
            } else {
                problem(.value, statement, "'preempt_delay' takes 0 to 1000 seconds")
            }
        case "down_timer_adverts":
            note(.downTimer)
            if let adverts = number(statement, 1...100, "the number of advertisements") {
                reading.instance.downTimerAdverts = UInt8(adverts)
            }
        case "strict_mode": reading.instance.isStrict = isOn(statement)
        case "use_vmac":
            note(.virtualMAC)
            reading.instance.usesVirtualMAC = true
        case "v3_checksum_as_v2":
            note(.checksum)
            reading.instance.checksum = isOn(statement) ? .messageOnly : .pseudoHeader
        case "old_unicast_checksum":
            note(.checksum)
            if statement.arguments.first != "never" { reading.instance.checksum = .multicastPseudoHeader }
        case "virtual_ipaddress", "virtual_ipaddress_excluded":
            note(.addresses)
            readAddresses(statement, &reading)
        case "unicast_src_ip", "mcast_src_ip":
            note(.source)
            reading.hasUnicastSource = reading.hasUnicastSource || statement.keyword == "unicast_src_ip"
            if let address = address(statement) {
                reading.instance.source = address
            } else {
                problem(.value, statement, "'\(statement.keyword)' takes an address")
            }
        case "unicast_peer":
            note(.delivery)
            readPeers(statement, &reading)
        case "mcast_dst_ip":
            note(.delivery)
            if let address = address(statement), address.isMulticast {
                reading.group = address
            } else {
                problem(.value, statement, "'mcast_dst_ip' takes a multicast address")
            }
        case "unicast_ttl":
            note(.ttl)
            if let ttl = number(statement, 0...255, "a TTL") { reading.instance.ttl = UInt8(ttl) }
        case "authentication":
            note(.authentication)
            readAuthentication(statement, &reading)
        case "auth_hmac":
            note(.authentication)
            reading.hasHMAC = true
        default: readTracking(statement, &reading)
        }
    }

    private mutating func readTracking(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        guard let kind = TrackedWeight.Kind(rawValue: statement.keyword) else {
            guard !KeepalivedKeywords.instance.contains(statement.keyword) else { return }
            noteUnknown(statement, in: "vrrp_instance \(reading.instance.name)")
            return
        }
        reading.instance.locations[.tracking] = reading.instance.locations[.tracking] ?? statement.location
        reading.instance.tracked += tracked(kind, statement, of: reading.instance.name)
    }

    /// What a block of tracked things names, with its weights.
    private mutating func tracked(
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
    private mutating func weight(
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

    private mutating func readAddresses(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
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

    private mutating func readPeers(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
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

    private mutating func readAuthentication(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
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
                problem(.keyword, item, "there is a word in 'authentication' that is no keyword of it")
            }
        }
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
        if reading.hasHMAC {
            reading.instance.authentication = .hmac
            if let statement = reading.authType?.statement {
                problem(.value, statement, "\(name): 'authentication' and 'auth_hmac' exclude each other")
            }
            return
        }
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

    // MARK: Sync groups

    private mutating func readSyncGroup(_ statement: KeepalivedStatement) {
        let name = statement.arguments.first ?? "unnamed"
        var members: [String] = []
        var keepsWeights = false
        var tracking: [TrackedWeight] = []
        for inner in statement.block ?? [] {
            switch inner.keyword {
            case "group": members += (inner.block ?? []).flatMap(\.words)
            case "sync_group_tracking_weight", "global_tracking": keepsWeights = true
            default:
                if let kind = TrackedWeight.Kind(rawValue: inner.keyword) {
                    tracking += tracked(kind, inner, of: name)
                } else if !KeepalivedKeywords.syncGroup.contains(inner.keyword) {
                    noteUnknown(inner, in: "vrrp_sync_group \(name)")
                }
            }
        }
        for member in members {
            guard let position = positions[member] else {
                problem(.reference, statement, "\(name) groups '\(member)', which is no vrrp_instance")
                continue
            }
            configuration.instances[position].syncGroup = name
            if !keepsWeights {
                // An instance's own weights count as zero in a group (keepalived.conf(5), sync groups).
                for item in configuration.instances[position].tracked.indices {
                    configuration.instances[position].tracked[item].weight = 0
                }
            }
            configuration.instances[position].tracked += tracking
        }
        configuration.syncGroups.append(
            RouterConfiguration.SyncGroup(name: name, members: members, location: statement.location)
        )
    }

    // MARK: Values

    private mutating func problem(
        _ kind: ConfigurationProblem.Kind,
        _ statement: KeepalivedStatement,
        _ message: String
    ) {
        configuration.problems.append(ConfigurationProblem(kind, statement.location, message))
    }

    private mutating func noteUnknown(_ statement: KeepalivedStatement, in block: String?) {
        let unknown = RouterConfiguration.UnknownKeyword(
            keyword: statement.keyword,
            block: block,
            location: statement.location
        )
        // A definition that repeats itself need not be told more than once.
        guard configuration.unknown.last != unknown else { return }
        configuration.unknown.append(unknown)
        // A word at the top may be anything that lost its block, a password as well.
        let message =
            block.map { "'\(statement.keyword)' is no keyword of '\($0)'" } ?? "an unknown keyword outside of any block"
        problem(.keyword, statement, message)
    }

    private mutating func number(
        _ statement: KeepalivedStatement,
        _ range: ClosedRange<Int>,
        _ what: String
    ) -> Int? {
        if let word = statement.arguments.first, let number = Int(word), range.contains(number) { return number }
        guard !undecidedLines.contains(statement.location) else { return nil }
        let range = "\(range.lowerBound) to \(range.upperBound)"
        problem(.value, statement, "'\(statement.keyword)' takes \(what), \(range)")
        return nil
    }

    private mutating func seconds(_ statement: KeepalivedStatement, _ what: String) -> TimeSpan? {
        if let word = statement.arguments.first, let span = TimeSpan(seconds: word) { return span }
        guard !undecidedLines.contains(statement.location) else { return nil }
        problem(.value, statement, "'\(statement.keyword)' takes \(what) in seconds")
        return nil
    }

    private func address(_ statement: KeepalivedStatement) -> IPAddress? {
        statement.arguments.first.flatMap { IPAddress(text: $0) }
    }

    private mutating func isOn(_ statement: KeepalivedStatement) -> Bool {
        switch statement.arguments.first {
        case nil, "on", "true", "yes": return true
        case "off", "false", "no": return false
        default:
            problem(.value, statement, "'\(statement.keyword)' takes on or off")
            return true
        }
    }
}

extension AddressFamily {
    /// `IPv4` or `IPv6`, as prose has it.
    var words: String { self == .ipv4 ? "IPv4" : "IPv6" }
}
