internal import VRRPWire

/// Reads keepalived.conf as far as VRRP goes (keepalived.conf(5); keepalived, vrrp_parser.c and vrrp.c).
struct KeepalivedReader {
    var configuration: RouterConfiguration
    let undecidedLines: Set<SourceLocation>
    var defaults = Defaults()
    /// The weights of tracked objects by name, where they state one.
    var weights: [TrackedWeight.Kind: [String: Int]] = [:]
    /// The instances, which are read last: `global_defs` holds for all of them wherever it stands.
    private var instanceStatements: [KeepalivedStatement] = []
    private var groupStatements: [KeepalivedStatement] = []
    /// The position of the first instance of each name.
    var positions: [String: Int] = [:]

    /// The remarks on unknown words so far.
    private var remarks: [UnknownPlace: String?] = [:]
    /// The number of different unknown words that are compared with all keywords.
    private static let mostRemarks = 1_000

    private struct UnknownPlace: Hashable {
        var word: String
        var block: String
    }

    /// The defaults that `global_defs` sets for all instances.
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
        case "vrrp_script": readTracked(.script, statement, defaultWeight: 0)
        case "vrrp_track_file", "track_file": readTracked(.file, statement, defaultWeight: 1)
        case "vrrp_track_process": readTracked(.process, statement, defaultWeight: 1)
        case "bfd_instance": readTracked(.bfd, statement, defaultWeight: 0)
        default:
            guard checkKeyword(statement, in: "", of: nil) else { return }
            checkKeywords(of: statement, in: "")
        }
    }

    /// Tells of unknown keywords in a block of which nothing else is read, and in those within.
    private mutating func checkKeywords(of statement: KeepalivedStatement, in block: String) {
        let path = KeepalivedKeywords.path(statement.keyword, in: block)
        guard KeepalivedKeywords.hasKeywords(path) else { return }
        for inner in statement.block ?? [] where checkKeyword(inner, in: path, of: statement.keyword) {
            checkKeywords(of: inner, in: path)
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
                if KeepalivedKeywords.isKnown(statement.keyword, in: ""), statement.block == nil {
                    let message = "'\(statement.keyword)' counts at the top of the file, not in 'global_defs'"
                    problem(.value, statement, message)
                } else {
                    checkKeyword(statement, in: "global_defs", of: "global_defs")
                }
            }
        }
    }

    private mutating func readTracked(
        _ kind: TrackedWeight.Kind,
        _ statement: KeepalivedStatement,
        defaultWeight: Int
    ) {
        guard named(statement), let name = statement.arguments.first else { return }
        var weight = defaultWeight
        var hasScript = kind != .script
        for inner in statement.block ?? [] {
            if inner.keyword == "script", !inner.arguments.isEmpty { hasScript = true }
            if inner.keyword == "weight" {
                weight = self.weight(inner.arguments, inner, kind) ?? weight
            } else {
                checkKeyword(inner, in: statement.keyword, of: "\(statement.keyword) \(name)")
            }
        }
        guard hasScript else {
            problem(.value, statement, "'\(name)' runs no script; keepalived drops it")
            return
        }
        weights[kind, default: [:]][name] = weight
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
                } else {
                    checkKeyword(inner, in: "vrrp_sync_group", of: "vrrp_sync_group \(name)")
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

    mutating func problem(
        _ kind: ConfigurationProblem.Kind,
        _ statement: KeepalivedStatement,
        _ message: String
    ) {
        configuration.problems.append(ConfigurationProblem(kind, statement.location, message))
    }

    /// Tells of a statement whose keyword its block does not have.
    ///
    /// - Parameters:
    ///   - statement: the statement.
    ///   - block: the block's path.
    ///   - title: the block in words; `nil` for the top of the file.
    /// - Returns: whether the keyword is known.
    @discardableResult
    mutating func checkKeyword(_ statement: KeepalivedStatement, in block: String, of title: String?) -> Bool {
        if let releases = KeepalivedKeywords.blocks[block]?[statement.keyword] {
            if let last = releases.last {
                let message = "'\(statement.keyword)' is a keyword of keepalived \(releases.first) to \(last) only"
                problem(.keyword, statement, message)
            }
            return true
        }
        noteUnknown(statement, in: block, of: title)
        return false
    }

    private mutating func noteUnknown(_ statement: KeepalivedStatement, in block: String, of title: String?) {
        let unknown = RouterConfiguration.UnknownKeyword(
            keyword: statement.keyword,
            block: title,
            location: statement.location
        )
        // A definition that repeats itself need not be told more than once.
        guard configuration.unknown.last != unknown else { return }
        configuration.unknown.append(unknown)
        // A word at the top may be anything that lost its block, a password as well.
        var message =
            title.map { "'\(statement.keyword)' is no keyword of '\($0)'" }
            ?? "this word is no keyword outside of a block"
        if let remark = remark(on: statement.keyword, in: block) { message += "; \(remark)" }
        problem(.keyword, statement, message)
    }

    /// The remark on a word that is no keyword, looked up once for each word.
    mutating func remark(on word: String, in block: String) -> String? {
        let place = UnknownPlace(word: word, block: block)
        if let known = remarks[place] { return known }
        guard remarks.count < Self.mostRemarks else { return nil }
        let remark = KeepalivedKeywords.remark(on: word, in: block)
        remarks[place] = .some(remark)
        return remark
    }

    mutating func number(
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

    mutating func seconds(_ statement: KeepalivedStatement, _ what: String) -> TimeSpan? {
        if let word = statement.arguments.first, let span = TimeSpan(seconds: word) { return span }
        guard !undecidedLines.contains(statement.location) else { return nil }
        problem(.value, statement, "'\(statement.keyword)' takes \(what) in seconds")
        return nil
    }

    func address(_ statement: KeepalivedStatement) -> IPAddress? {
        statement.arguments.first.flatMap { IPAddress(text: $0) }
    }

    mutating func isOn(_ statement: KeepalivedStatement) -> Bool {
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
