package import VRRPTracker

/// Makes the findings of one rule from what was observed.
///
/// A detector is a function of the observation alone: what it finds does not depend on when it is asked, so live and
/// offline agree, and a finding that no longer holds is simply not made again.
package protocol Detector: SendableMetatype {
    static var rule: FindingRule { get }
    /// Findings about the observation as a whole.
    static func findings(in observation: Observation) -> [Finding]
    /// Findings about the observation as a whole against what configurations let expect; asked only where there are any.
    static func findings(in observation: Observation, expecting expectation: Expectation) -> [Finding]
    /// Findings about one virtual router.
    static func findings(in subject: Subject) -> [Finding]
}

extension Detector {
    package static func findings(in observation: Observation) -> [Finding] { [] }
    package static func findings(in observation: Observation, expecting expectation: Expectation) -> [Finding] { [] }
    package static func findings(in subject: Subject) -> [Finding] { [] }
}
