package import VRRPTracker
package import VRRPWire

/// Makes the findings of one rule from what was observed.
///
/// A detector is a function of the observation alone: what it finds does not depend on when it is asked, so live and
/// offline agree, and a finding that no longer holds is simply not made again.
package protocol Detector: SendableMetatype {
    static var rule: FindingRule { get }
    /// Findings about the observation as a whole.
    static func findings(in observation: Observation) -> [Finding]
    /// Findings about the observation as a whole against what configurations let expect; asked only where there are any.
    ///
    /// The rosters are those of its virtual routers, in their order.
    static func findings(
        in observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster]
    ) -> [Finding]
    /// Findings about one virtual router.
    static func findings(in subject: Subject) -> [Finding]
    /// After which instant the passing of time alone may change what is found, if nothing new comes before.
    ///
    /// `nil` for never; an instant that has passed means the same. That a router has been silent for so long that it counts
    /// as inactive need not be told here: ``Subject/nextLapse`` says when.
    static func nextChange(in subject: Subject) -> CaptureInstant?
    static func nextChange(in observation: Observation) -> CaptureInstant?
}

extension Detector {
    package static func findings(in observation: Observation) -> [Finding] { [] }
    package static func findings(
        in observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster]
    ) -> [Finding] { [] }
    package static func findings(in subject: Subject) -> [Finding] { [] }
    package static func nextChange(in subject: Subject) -> CaptureInstant? { nil }
    package static func nextChange(in observation: Observation) -> CaptureInstant? { nil }
}
