package import VRRPTracker
package import VRRPWire

/// A rule of the catalogue with the code that judges by it: an enumeration without cases, one to a file in `Rules`.
///
/// A judgement is a function of the observation alone. The findings do not depend on when they are asked for, so live and
/// offline agree, and a finding that no longer holds is simply not made again.
package protocol CatalogueEntry: SendableMetatype {
    static var rule: Rule { get }
}

/// A rule about one virtual router.
package protocol VirtualRouterRule: CatalogueEntry {
    /// Returns the findings about one virtual router.
    ///
    /// - Parameters:
    ///   - subject: the virtual router with its history.
    ///   - pending: takes every threshold in time, so that a live session judges again when one is crossed.
    /// - Returns: in the order in which reports tell them.
    static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding]
}

/// A rule about the observation as a whole.
package protocol ObservationRule: CatalogueEntry {
    /// The parts of the observation that the rule reads: a live session judges again when one of them changes.
    static var reads: Set<Facet> { get }

    /// Returns the findings about the observation as a whole.
    static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding]
}

/// A rule that compares the observation as a whole with given configurations; not asked where there are none.
package protocol ExpectationRule: CatalogueEntry {
    /// The parts of the observation that the rule reads, as for an ``ObservationRule``.
    static var reads: Set<Facet> { get }

    /// Returns the findings about the observation as a whole.
    ///
    /// - Parameters:
    ///   - observation: the facts learnt from packets.
    ///   - expectation: the routers that configurations let expect.
    ///   - rosters: one for each virtual router of the observation, in its order.
    ///   - pending: takes every threshold in time.
    /// - Returns: in the order in which reports tell them.
    static func findings(
        in observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster],
        _ pending: inout Pending
    ) -> [Finding]
}

/// A rule about configurations alone, for `vrrpwatch check`.
package protocol ConfigurationRule: CatalogueEntry {
    /// Returns the findings about configurations that are laid side by side.
    static func findings(in set: ConfigurationSet) -> [ConfigurationFinding]
}

/// The findings of a judgement, and the instant at which time alone may change them.
package struct Judgement: Sendable {
    package var findings: [Finding]
    /// The first instant at which the findings may be others although nothing new was seen; `nil` for never.
    package var nextChange: CaptureInstant?
}
