package import VRRPConfiguration
internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// Every rule, in the order in which `vrrpwatch explain` lists them.
///
/// This is the only list of rules: reports, `explain`, `check`, metrics and the pages of the documentation are made from it.
package enum Catalogue {
    package static let entries: [any CatalogueEntry.Type] = [
        // Rules about the wire.
        SplitBrain.self,
        NoMaster.self,
        AuthMismatch.self,
        VersionMismatch.self,
        IntervalMismatch.self,
        AddressListMismatch.self,
        ChecksumMismatch.self,
        DeliveryMismatch.self,
        DuplicateVRID.self,
        OwnerConflict.self,
        PriorityTie.self,
        HiddenMaster.self,
        OrphanedGARP.self,
        MissingGARP.self,
        VIPConflict.self,
        NearFailover.self,
        AdvertJitter.self,
        MissedAdverts.self,
        Flapping.self,
        BadChecksum.self,
        BadTTL.self,
        MalformedAdvert.self,
        WrongVirtualMAC.self,
        SourceNotLinkLocal.self,
        SharedSource.self,
        AHInvalid.self,
        HMACInvalid.self,
        CleartextPassword.self,
        CARPPresent.self,
        ClockStep.self,
        CaptureLoss.self,
        ConfigDrift.self,
        UnexpectedRouter.self,
        ExpectedRouterSilent.self,
        GARPStorm.self,
        UnansweredDemotion.self,
        SyncGroupSplit.self,
        MovedApart.self,
        NoAdverts.self,
        AddressConflict.self,
        AdvertRefused.self,
        AdvertEcho.self,
        MirroredTwice.self,
        UnicastPeerMissing.self,
        Failover.self,
        ClockSkew.self,
        PathBroken.self,
        HostFilter.self,
        SpoofedAdvert.self,
        TableFull.self,
        LogContradicts.self,
        // Rules of `vrrpwatch check`.
        ConfigDialect.self,
        ConfigSyntax.self,
        ConfigValue.self,
        ConfigKeyword.self,
        ConfigReference.self,
        ConfigInclude.self,
        ConfigUnevaluated.self,
        ConfigAuthMismatch.self,
        ConfigVersionMismatch.self,
        ConfigIntervalMismatch.self,
        ConfigAddressMismatch.self,
        ConfigDeliveryMismatch.self,
        ConfigPeerMismatch.self,
        ConfigChecksumMismatch.self,
        ConfigDownTimerMismatch.self,
        ConfigVRIDCollision.self,
        ConfigVRIDMismatch.self,
        ConfigOwnerConflict.self,
        ConfigPriorityTie.self,
        ConfigWeight.self,
        ConfigUnansweredWeight.self,
        ConfigSyncGroupOrder.self,
        ConfigSyncGroup.self,
        ConfigSingleRouter.self,
        ConfigPasswordLength.self,
        ConfigPasswordCut.self,
        ConfigIntervalRange.self,
        ConfigIgnoredSetting.self,
        ConfigStrict.self,
        ConfigNoAddress.self,
        ConfigLinkLocal.self,
        ConfigSubnet.self,
    ]

    package static let rules: [Rule] = entries.map { $0.rule }
    /// The rules about packets.
    package static var wireRules: [Rule] { rules.filter { !$0.group.isOfCheck } }
    /// The rules about configurations alone.
    package static var checkRules: [Rule] { rules.filter { $0.group.isOfCheck } }

    package static subscript(id: String) -> Rule? { rules.first { $0.id == id } }

    // Selected once, because looking up a conformance costs more than most rules do.
    private static let virtualRouterRules = entries.compactMap { $0 as? any VirtualRouterRule.Type }
    private static let observationRules = entries.compactMap { $0 as? any ObservationRule.Type }
    private static let expectationRules = entries.compactMap { $0 as? any ExpectationRule.Type }
    private static let configurationRules = entries.compactMap { $0 as? any ConfigurationRule.Type }

    // MARK: Everything

    /// Returns all findings of an observation.
    ///
    /// - Parameters:
    ///   - observation: the facts learnt from packets.
    ///   - expectation: the routers that configurations let expect.
    ///   - logs: what the routers said of themselves.
    /// - Returns: the gravest first, then in order of time.
    package static func findings(
        in observation: Observation,
        expecting expectation: Expectation = .none,
        hearing logs: [GivenLog] = []
    ) -> [Finding] {
        let rosters = expectation.rosters(in: observation)
        let witnesses = Witnesses(logs, beside: observation, expectation, rosters)
        let surroundings = Surroundings(observation, expecting: expectation, hearing: witnesses)
        let each = observation.virtualRouters.indices.flatMap { position in
            findings(
                in: Subject(observation.virtualRouters[position], in: surroundings, rosters.roster(of: position))
            )
        }
        return sorted(findings(about: observation, expecting: expectation, rosters) + each)
    }

    /// Returns the findings about configurations, for `vrrpwatch check`.
    ///
    /// - Returns: in order of file and line, the gravest first on one line.
    package static func findings(in configurations: [RouterConfiguration]) -> [ConfigurationFinding] {
        let set = ConfigurationSet(configurations)
        return configurationRules.flatMap { $0.findings(in: set) }.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.location != b.location { return a.location < b.location }
            return a.severity == b.severity ? left.offset < right.offset : a.severity > b.severity
        }.map(\.element)
    }

    // MARK: One virtual router

    /// Returns the findings about one virtual router, in the catalogue's order.
    package static func findings(in subject: Subject) -> [Finding] { judge(subject).findings }

    /// Judges one virtual router.
    ///
    /// The next change that it returns leaves out the moment at which a silent router begins to count as inactive:
    /// ``Subject/nextLapse`` says when.
    package static func judge(_ subject: Subject) -> Judgement {
        var pending = Pending(at: subject.end)
        var findings: [Finding] = []
        // Findings share the list.
        let addresses = subject.virtualRouter.addresses
        for rule in virtualRouterRules {
            for finding in rule.findings(in: subject, &pending) {
                findings.append(qualified(finding, by: subject.observation))
                findings[findings.count - 1].addresses = addresses
            }
        }
        return Judgement(findings: findings, nextChange: pending.nextChange)
    }

    // MARK: The observation as a whole

    /// Returns the findings about the observation as a whole, in the catalogue's order.
    package static func findings(
        about observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster]
    ) -> [Finding] {
        judge(observation, expecting: expectation, rosters).findings
    }

    /// Judges the observation as a whole.
    ///
    /// - Parameters:
    ///   - observation: the facts learnt from packets.
    ///   - expectation: the routers that configurations let expect.
    ///   - rosters: one for each virtual router of the observation, in its order.
    /// - Returns: the findings in the catalogue's order.
    package static func judge(
        _ observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster]
    ) -> Judgement {
        var pending = Pending(at: observation.end ?? .distantPast)
        var findings = observationRules.flatMap { $0.findings(in: observation, &pending) }
        if !expectation.isEmpty {
            findings += expectationRules.flatMap {
                $0.findings(in: observation, expecting: expectation, rosters, &pending)
            }
        }
        let named = Set(findings.lazy.compactMap(\.virtualRouter))
        var addresses: [VirtualRouterKey: [IPAddress]] = [:]
        for index in observation.virtualRouters.indices where !named.isEmpty {
            let key = observation.virtualRouters[index].key
            if named.contains(key) { addresses[key] = observation.virtualRouters[index].addresses }
        }
        for index in findings.indices {
            findings[index] = qualified(findings[index], by: observation)
            findings[index].addresses = findings[index].virtualRouter.flatMap { addresses[$0] } ?? []
        }
        return Judgement(findings: findings, nextChange: pending.nextChange)
    }

    /// The parts of an observation that decide about the findings on the whole of it.
    package static func facets(expecting expectation: Expectation) -> Set<Facet> {
        let always = observationRules.reduce(into: Set<Facet>()) { $0.formUnion($1.reads) }
        return expectation.isEmpty ? always : expectationRules.reduce(into: always) { $0.formUnion($1.reads) }
    }

    // MARK: The common part of all findings

    /// Returns a finding that rests on silence with the caution that a lossy capture deserves.
    ///
    /// Counters that stand only at the end of a file tell of a loss when all is read.
    private static func qualified(_ finding: Finding, by observation: Observation) -> Finding {
        guard finding.rule.restsOnSilence, !observation.blindSpots.isEmpty else { return finding }
        let lost = observation.blindSpots.reduce(0) { total, spot in
            guard case .dropped(let number) = spot.reason, spot.start <= finding.end, spot.end >= finding.start,
                finding.virtualRouter.map({ spot.concerns($0.segment.interface) }) ?? true
            else { return total }
            return total + number
        }
        guard lost > 0 else { return finding }
        var finding = finding
        finding.explanation += " The capture itself lost \(count(lost, "packet")) in this time, so silence proves less."
        return finding
    }

    /// Returns findings sorted: the gravest first, of one severity the circumstances last, then in order of time, then as
    /// they are.
    package static func sorted(_ findings: [Finding]) -> [Finding] {
        // Positions are sorted by ranks, because a finding is large to be moved about and to be looked at.
        let ranks = findings.map(\.rank)
        return findings.indices.sorted { left, right in
            ranks[left] == ranks[right] ? left < right : ranks[left] < ranks[right]
        }.map { findings[$0] }
    }
}
