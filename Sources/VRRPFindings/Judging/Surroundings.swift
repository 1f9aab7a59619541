package import VRRPTracker

/// The facts known beyond a single virtual router, shared by all of them.
package final class Surroundings: Sendable {
    package let observation: Observation
    /// The expectations that the configurations raise of all virtual routers.
    package let expectation: Expectation
    /// The routers' own logs.
    package let witnesses: Witnesses

    package init(
        _ observation: Observation,
        expecting expectation: Expectation = .none,
        hearing witnesses: Witnesses = .none
    ) {
        self.observation = observation
        self.expectation = expectation
        self.witnesses = witnesses
    }
}
