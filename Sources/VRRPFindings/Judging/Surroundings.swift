package import VRRPTracker

/// What is known besides a single virtual router: one for all of them, which none copies.
package final class Surroundings: Sendable {
    package let observation: Observation
    /// What configurations let expect of all virtual routers.
    package let expectation: Expectation

    package init(_ observation: Observation, expecting expectation: Expectation = .none) {
        self.observation = observation
        self.expectation = expectation
    }
}
