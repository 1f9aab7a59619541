internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Something that a speaker says otherwise than an instance's configuration.
struct Drift {
    var setting: InstanceConfiguration.Setting
    /// `priority 120`.
    var seen: String
    /// `100`; `nil` for what is not to be told.
    var configured: String?
    var location: SourceLocation
    var evidence: FrameReference?

    /// `priority 120 instead of 100`.
    var words: String { seen + (configured.map { " instead of \($0)" } ?? " than configured") }

    /// Returns the differences between a router's latest advertisements, or any of its priorities, and a configuration.
    ///
    /// Settings that the configuration does not decide, or that an advertisement does not show, are not compared.
    /// Passwords are compared but not disclosed.
    static func between(_ router: Router, _ instance: InstanceConfiguration) -> [Drift] {
        let all = [
            priority(router, instance), interval(router, instance), addresses(router, instance),
            authentication(router, instance), version(router, instance), delivery(router, instance),
            checksum(router, instance),
        ]
        return all.compactMap { $0 }.filter { !instance.undecided.contains($0.setting) }
    }

    private init(
        _ setting: InstanceConfiguration.Setting,
        _ seen: String,
        _ configured: String?,
        _ instance: InstanceConfiguration,
        _ evidence: FrameReference?
    ) {
        self.setting = setting
        self.seen = seen
        self.configured = configured
        self.evidence = evidence
        location = instance.location(of: setting)
    }

    private static func priority(_ router: Router, _ instance: InstanceConfiguration) -> Drift? {
        let possible = instance.possiblePriorities
        guard let change = router.priorities.last(where: { $0.value > 0 && !possible.contains($0.value) }) else {
            return nil
        }
        let range = instance.priorityRange
        let configured =
            range.count == 1 || instance.priority == 255
            ? "\(instance.priority)"
            : "\(instance.priority) (\(range.lowerBound) to \(range.upperBound) with what it tracks)"
        return Drift(.priority, "priority \(change.value)", configured, instance, change.evidence)
    }

    private static func interval(_ router: Router, _ instance: InstanceConfiguration) -> Drift? {
        guard let change = router.advertisementIntervals.last, change.value != instance.interval else { return nil }
        return Drift(.interval, "interval \(text(change.value))", text(instance.interval), instance, change.evidence)
    }

    private static func addresses(_ router: Router, _ instance: InstanceConfiguration) -> Drift? {
        let advertised = Set(router.addresses)
        guard advertised != instance.addressSet else { return nil }
        return Drift(.addresses, "addresses " + words(advertised), words(instance.addressSet), instance, nil)
    }

    private static func words(_ addresses: Set<IPAddress>) -> String {
        guard !addresses.isEmpty else { return "none" }
        guard addresses.count > 8 else { return list(addresses.sorted().map(\.description)) }
        return list(addresses.sorted().prefix(8).map(\.description) + ["\(addresses.count - 8) more"])
    }

    private static func authentication(_ router: Router, _ instance: InstanceConfiguration) -> Drift? {
        guard let use = router.authentications.last else { return nil }
        let configured = instance.authentication
        if use.kind != configured.kind {
            return Drift(
                .authentication,
                "authentication \(use.kind.rawValue)",
                configured.kind.rawValue,
                instance,
                use.evidence
            )
        }
        if case .hmac(let hmac) = configured, let id = use.keyID, let active = hmac.activeKey, id != active {
            return Drift(.authentication, "key \(id) of auth_hmac", "key \(active)", instance, use.evidence)
        }
        guard case .simpleText(let password) = configured, let key = use.key, key.secret != password.secret else {
            return nil
        }
        return Drift(.authentication, "another password", nil, instance, use.evidence)
    }

    private static func version(_ router: Router, _ instance: InstanceConfiguration) -> Drift? {
        guard router.version != instance.version else { return nil }
        return Drift(.version, "VRRPv\(router.version)", "VRRPv\(instance.version)", instance, nil)
    }

    private static func delivery(_ router: Router, _ instance: InstanceConfiguration) -> Drift? {
        guard let use = router.deliveries.last, use.isMulticast != instance.delivery.isMulticast else { return nil }
        let seen = use.isMulticast ? "multicast" : "unicast"
        return Drift(.delivery, seen, use.isMulticast ? "unicast" : "multicast", instance, use.evidence)
    }

    private static func checksum(_ router: Router, _ instance: InstanceConfiguration) -> Drift? {
        let conventions: [ChecksumKind] = [.messageOnly, .pseudoHeader, .multicastPseudoHeader]
        guard let configured = instance.checksum, router.version == 3,
            let use = router.checksums.last(where: { conventions.contains($0.kind) }), use.kind != configured
        else { return nil }
        return Drift(.checksum, "checksum \(use.kind.rawValue)", configured.rawValue, instance, use.evidence)
    }
}
