internal import VRRPFacts
package import VRRPTracker
package import VRRPWire

/// Every rule, in the order of the contract.
///
/// The only list there is: reports, `explain` and the documentation are made from it.
package enum Catalogue {
    package static let detectors: [any Detector.Type] = [
        SplitBrain.self, NoMaster.self, AuthMismatch.self, VersionMismatch.self, IntervalMismatch.self,
        AddressListMismatch.self, ChecksumMismatch.self, DeliveryMismatch.self, DuplicateVRID.self, OwnerConflict.self,
        PriorityTie.self, HiddenMaster.self, OrphanedGARP.self, MissingGARP.self, VIPConflict.self, NearFailover.self,
        AdvertJitter.self, MissedAdverts.self, Flapping.self, BadChecksum.self, BadTTL.self, MalformedAdvert.self,
        WrongVirtualMAC.self, SourceNotLinkLocal.self, SharedSource.self, AHInvalid.self, HMACInvalid.self,
        CleartextPassword.self, CARPPresent.self, ClockStep.self, CaptureLoss.self, ConfigDrift.self,
        UnexpectedRouter.self, ExpectedRouterSilent.self,
    ]

    package static var rules: [FindingRule] { detectors.map { $0.rule } }

    package static subscript(id: String) -> FindingRule? { rules.first { $0.id == id } }

    /// All findings of an observation, the gravest first, then in order of time.
    ///
    /// - Parameters:
    ///   - observation: what was learnt from the packets.
    ///   - expectation: what the routers' configurations let expect.
    /// - Returns: the gravest first, then in order of time.
    package static func findings(
        in observation: Observation,
        expecting expectation: Expectation = .none
    ) -> [Finding] {
        let rosters = expectation.rosters(in: observation)
        let surroundings = Surroundings(observation, expecting: expectation)
        let each = observation.virtualRouters.indices.flatMap { position in
            findings(
                in: Subject(observation.virtualRouters[position], in: surroundings, rosters.roster(of: position))
            )
        }
        return sorted(findings(about: observation, expecting: expectation, rosters) + each)
    }

    /// Those that are about the observation as a whole, in the catalogue's order.
    ///
    /// - Parameters:
    ///   - observation: what was learnt from the packets.
    ///   - expectation: what the routers' configurations let expect.
    ///   - rosters: the expectation's of this observation.
    /// - Returns: in the order of the catalogue.
    package static func findings(
        about observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster]
    ) -> [Finding] {
        var findings = detectors.flatMap { $0.findings(in: observation) }
        if !expectation.isEmpty {
            findings += detectors.flatMap { $0.findings(in: observation, expecting: expectation, rosters) }
        }
        return findings.map { qualified($0, by: observation) }
    }

    /// The first instant at which the passing of time alone may change the findings about one virtual router, apart from
    /// a router's becoming inactive.
    package static func nextChange(in subject: Subject) -> CaptureInstant? {
        first(after: subject.end, detectors.map { $0.nextChange(in: subject) })
    }

    /// The same for those about the observation as a whole, apart from what configurations let expect.
    package static func nextChange(in observation: Observation) -> CaptureInstant? {
        first(after: observation.end ?? .distantPast, detectors.map { $0.nextChange(in: observation) })
    }

    /// The instant right behind the first of those that have not passed.
    private static func first(after now: CaptureInstant, _ instants: [CaptureInstant?]) -> CaptureInstant? {
        instants.compactMap { $0 }.filter { $0 >= now }.min().map { $0 + TimeSpan(nanoseconds: 1) }
    }

    /// A finding that rests on silence, with the caution that a lossy capture deserves.
    ///
    /// Counters that stand only at the end of a file tell of a loss when all is read.
    private static func qualified(_ finding: Finding, by observation: Observation) -> Finding {
        guard !observation.blindSpots.isEmpty, restOnSilence.contains(finding.rule.id) else { return finding }
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

    private static let restOnSilence: Set = [
        NoMaster.rule.id, NearFailover.rule.id, MissedAdverts.rule.id, AdvertJitter.rule.id, MissingGARP.rule.id,
        HiddenMaster.rule.id, ExpectedRouterSilent.rule.id,
    ]

    /// The findings about one virtual router, in the catalogue's order.
    package static func findings(in subject: Subject) -> [Finding] {
        var findings: [Finding] = []
        for detector in detectors {
            for finding in detector.findings(in: subject) {
                findings.append(qualified(finding, by: subject.observation))
            }
        }
        return findings
    }

    /// The gravest first, then in order of time, then as they are.
    package static func sorted(_ findings: [Finding]) -> [Finding] {
        // Positions are sorted, for a finding is large to be moved about.
        findings.indices.sorted { left, right in
            let (graver, lesser) = (findings[left].severity, findings[right].severity)
            if graver != lesser { return graver > lesser }
            let (earlier, later) = (findings[left].start, findings[right].start)
            return earlier == later ? left < right : earlier < later
        }.map { findings[$0] }
    }
}
