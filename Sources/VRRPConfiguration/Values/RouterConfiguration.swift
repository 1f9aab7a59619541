package import VRRPWire

/// The VRRP configuration of one router, read from keepalived.conf or from FRR's commands.
///
/// Values are those that the daemon would use, defaults filled in. What could not be understood is listed and never guessed.
package struct RouterConfiguration: Sendable {
    package enum Dialect: String, Hashable, Sendable {
        case keepalived, frr
        /// A language that is not read.
        case other
    }

    /// The name that tells this router from the others in output: its `router_id` or host name, or else its file.
    package var name: String
    package var dialect: Dialect
    /// The file that it was read from first, then those that were included, in order of appearance.
    package var files: [String]
    package var instances: [InstanceConfiguration] = []
    package var syncGroups: [SyncGroup] = []
    package var problems: [ConfigurationProblem] = []
    /// Keywords that are not known, with their lines: kept for those who are to know.
    package var unknown: [UnknownKeyword] = []

    /// The addresses of the host that the configuration was collected on; `nil` where they are not known.
    package var hostAddresses: Set<IPAddress>?

    package init(name: String, dialect: Dialect, files: [String]) {
        self.name = name
        self.dialect = dialect
        self.files = files
    }

    package struct SyncGroup: Hashable, Sendable {
        package var name: String
        package var members: [String]
        package var location: SourceLocation
    }

    package struct UnknownKeyword: Hashable, Sendable {
        package var keyword: String
        /// The block it stands in; `nil` at the top of the file.
        package var block: String?
        package var location: SourceLocation
    }
}

/// One virtual router of one address family as a router is to speak for it.
package struct InstanceConfiguration: Sendable {
    /// The `vrrp_instance`'s name; with FRR the VRID.
    package var name: String
    package var location: SourceLocation
    /// `nil` where none is given.
    package var interface: String?
    package var family: AddressFamily = .ipv4
    /// `nil` where none that is valid is given; such an instance does not run.
    package var vrid: UInt8?
    package var version: UInt8 = 2
    /// The priority before anything that is tracked adds to it.
    package var priority: UInt8 = 100
    package var tracked: [TrackedWeight] = []
    package var interval: TimeSpan = .seconds(1)
    /// The advertised addresses, in order.
    package var addresses: [ConfiguredAddress] = []
    /// The addresses that the router takes over without advertising them.
    package var excludedAddresses: [ConfiguredAddress] = []
    package var authentication: ConfiguredAuthentication = .none
    package var delivery: ConfiguredDelivery = .multicast(group: nil)
    /// The source of its advertisements, where the configuration decides it.
    package var source: IPAddress?
    /// Other addresses of its interface that the configuration tells (FRR).
    package var interfaceAddresses: [ConfiguredAddress] = []
    package var ttl: UInt8?
    package var usesVirtualMAC = false
    /// The checksum convention of VRRPv3 over IPv4; `nil` where there is only one.
    package var checksum: ChecksumKind?
    package var startsAsMaster = false
    package var preempts = true
    package var preemptDelay: TimeSpan = .zero
    /// Advertisements that a Backup misses before it takes over (RFC 9568 section 6.1: 3).
    package var downTimerAdverts: UInt8 = 3
    package var isStrict = false
    package var isShutDown = false
    /// An `authentication` block that the daemon ignores, because of the version or the family.
    package var ignoredAuthentication: SourceLocation?
    /// The group that makes this instance wait for others.
    package var syncGroup: String?
    /// The line of each setting; settings without a line have their default.
    package var locations: [Setting: SourceLocation] = [:]
    /// Settings whose value the configuration alone does not decide: nothing is held against them.
    package var undecided: Set<Setting> = []

    package init(name: String, location: SourceLocation) {
        self.name = name
        self.location = location
    }

    /// The parts of an instance that show on the wire.
    package enum Setting: String, Hashable, Sendable, CaseIterable {
        case interface, vrid, version, priority, interval, addresses, authentication, delivery, source, ttl
        case virtualMAC, checksum, state, preemption, preemptDelay, downTimer, tracking
    }

    /// The line of a setting, or else of the instance's beginning.
    package func location(of setting: Setting) -> SourceLocation { locations[setting] ?? location }

    /// The advertised addresses without their order.
    package var addressSet: Set<IPAddress> { Set(addresses.map(\.address)) }
}

/// Something that changes an instance's priority while it runs.
package struct TrackedWeight: Hashable, Sendable {
    /// The raw values are keepalived's blocks.
    package enum Kind: String, Hashable, Sendable {
        case interface = "track_interface"
        case script = "track_script"
        case file = "track_file"
        case process = "track_process"
        case bfd = "track_bfd"
    }

    package var kind: Kind
    package var name: String
    /// The number that it adds: one of two values, or with a file anything.
    package var weight: Int
    package var location: SourceLocation

    package init(kind: Kind, name: String, weight: Int, location: SourceLocation) {
        self.kind = kind
        self.name = name
        self.weight = weight
        self.location = location
    }

    /// Whether its failure puts the instance into FAULT instead of changing the priority.
    package var isFault: Bool { weight == 0 }

    /// `track_script chk_haproxy (weight -20)`.
    package var words: String { "\(kind.rawValue) \(name) (weight \(weight))" }
}

/// A virtual address with the prefix that it was given.
package struct ConfiguredAddress: Hashable, Sendable {
    package var address: IPAddress
    /// `nil` where none was given.
    package var prefixLength: UInt8?
    /// The interface that it belongs to, where that is not the instance's own.
    package var device: String?

    package init(_ address: IPAddress, prefixLength: UInt8? = nil, device: String? = nil) {
        self.address = address
        self.prefixLength = prefixLength
        self.device = device
    }
}

/// The authentication of an instance.
package enum ConfiguredAuthentication: Hashable, Sendable {
    case none
    case simpleText(ConfiguredPassword)
    case ah(ConfiguredPassword)
    /// keepalived's trailer (`auth_hmac`).
    case hmac(ConfiguredHMAC)

    /// The authentication's kind as an advertisement shows it.
    package var kind: AuthenticationKind {
        switch self {
        case .none: .none
        case .simpleText: .simpleText
        case .ah: .ah
        case .hmac(let hmac): hmac.signs ? .hmac : .none
        }
    }

    package var password: ConfiguredPassword? {
        switch self {
        case .simpleText(let password), .ah(let password): password
        case .none, .hmac: nil
        }
    }
}

/// A password, which prints as nothing, so that it does not end up in output by accident.
package struct ConfiguredPassword: Hashable, Sendable, CustomStringConvertible {
    /// The eight bytes that go to the wire, filled up with zeros (RFC 2338 section 5.3.10).
    package var secret: UInt64
    /// Its length in bytes as written.
    package var length: Int

    package init(_ text: String) {
        let bytes = Array(text.utf8.prefix(8))
        secret = (0..<8).reduce(0) { $0 << 8 | ($1 < bytes.count ? UInt64(bytes[$1]) : 0) }
        length = text.utf8.count
    }

    package var description: String { "(hidden)" }

    package static func == (left: Self, right: Self) -> Bool { left.secret == right.secret }
    package func hash(into hasher: inout Hasher) { hasher.combine(secret) }
}

/// Whom an instance sends its advertisements to.
package enum ConfiguredDelivery: Hashable, Sendable {
    /// `nil` stands for 224.0.0.18 or ff02::12.
    case multicast(group: IPAddress?)
    case unicast(peers: [IPAddress])

    package var isMulticast: Bool {
        if case .multicast = self { true } else { false }
    }

    package var peers: [IPAddress] {
        if case .unicast(let peers) = self { peers } else { [] }
    }
}
