internal import VRRPWire
package import VRRPTracker

/// Every rule, in the order of the contract.
///
/// The only list there is: reports, `explain` and the documentation are made from it.
package enum Catalogue {
    package static let detectors: [any Detector.Type] = [
        SplitBrain.self, NoMaster.self, AuthMismatch.self, VersionMismatch.self, IntervalMismatch.self,
        AddressListMismatch.self, ChecksumMismatch.self, DeliveryMismatch.self, DuplicateVRID.self, OwnerConflict.self,
        PriorityTie.self, HiddenMaster.self, OrphanedGARP.self, MissingGARP.self, VIPConflict.self, NearFailover.self,
        AdvertJitter.self, MissedAdverts.self, Flapping.self, BadChecksum.self, BadTTL.self, MalformedAdvert.self,
        WrongVirtualMAC.self, SourceNotLinkLocal.self, SharedSource.self, CleartextPassword.self, CARPPresent.self,
        ClockStep.self, CaptureLoss.self,
    ]

    package static var rules: [FindingRule] { detectors.map { $0.rule } }

    package static subscript(id: String) -> FindingRule? { rules.first { $0.id == id } }

    /// All findings of an observation, the gravest first, then in order of time.
    package static func findings(in observation: Observation) -> [Finding] {
        let whole = detectors.flatMap { $0.findings(in: observation) }
        return sorted(whole + observation.virtualRouters.flatMap { findings(in: Subject($0, in: observation)) })
    }

    /// The findings about one virtual router, in the catalogue's order.
    package static func findings(in subject: Subject) -> [Finding] {
        detectors.flatMap { $0.findings(in: subject) }
    }

    /// The gravest first, then in order of time, then as they are.
    package static func sorted(_ findings: [Finding]) -> [Finding] {
        findings.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.severity != b.severity { return a.severity > b.severity }
            return a.start == b.start ? left.offset < right.offset : a.start < b.start
        }.map(\.element)
    }
}
