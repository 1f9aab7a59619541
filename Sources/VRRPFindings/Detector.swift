package import VRRPTracker

/// Makes the findings of one rule from what was observed.
///
/// A detector is a function of the observation alone: what it finds does not depend on when it is asked, so live and
/// offline agree, and a finding that no longer holds is simply not made again.
package protocol Detector {
    static var rule: FindingRule { get }
    static func findings(in observation: Observation) -> [Finding]
}

/// A detector whose findings each concern one virtual router.
package protocol VirtualRouterDetector: Detector {
    static func findings(in virtualRouter: VirtualRouter, of observation: Observation) -> [Finding]
}

extension VirtualRouterDetector {
    package static func findings(in observation: Observation) -> [Finding] {
        observation.virtualRouters.flatMap { findings(in: $0, of: observation) }
    }
}
