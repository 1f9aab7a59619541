package import VRRPTracker

/// All logs, laid beside the wire.
package struct Witnesses: Sendable {
    /// No log was given.
    package static let none = Self(all: [])

    /// In the order in which they were given.
    package private(set) var all: [Witness]

    package var isEmpty: Bool { all.isEmpty }

    private init(all: [Witness]) { self.all = all }

    /// Lays logs beside an observation.
    ///
    /// - Parameters:
    ///   - logs: the logs, in the order in which they were given.
    ///   - observation: the facts learnt from packets, with its virtual routers.
    ///   - expectation: the routers that configurations let expect, by which instances have VRIDs.
    ///   - rosters: one for each virtual router, in their order; none without configurations.
    package init(_ logs: [GivenLog], beside observation: Observation, _ expectation: Expectation, _ rosters: [Roster]) {
        guard !logs.isEmpty else {
            self = .none
            return
        }
        let wire = WireCourse.all(in: observation)
        all = logs.map { log in
            WitnessMaker(log, wire: wire, observation, expectation, rosters).make()
        }
    }

    /// The courses of a virtual router by logs, each with its log.
    package func courses(of key: VirtualRouterKey) -> [(witness: Witness, course: Witness.Course)] {
        all.flatMap { witness in
            witness.courses.filter { $0.virtualRouter == key }.map { (witness, $0) }
        }
    }
}
