package import VRRPTracker

/// Every rule, in the order of the contract.
///
/// The only list there is: reports, `explain` and the documentation are made from it.
package enum Catalogue {
    package static var detectors: [any Detector.Type] { [] }

    package static var rules: [FindingRule] { detectors.map { $0.rule } }

    package static subscript(id: String) -> FindingRule? { rules.first { $0.id == id } }

    /// All findings of an observation, the gravest first, then in order of time.
    package static func findings(in observation: Observation) -> [Finding] {
        let found = detectors.enumerated().flatMap { order, detector in
            detector.findings(in: observation).map { (order: order, finding: $0) }
        }
        return found.sorted { left, right in
            let (a, b) = (left.finding, right.finding)
            if a.severity != b.severity { return a.severity > b.severity }
            if a.start != b.start { return a.start < b.start }
            if left.order != right.order { return left.order < right.order }
            return (a.virtualRouter?.name ?? "", a.routers) < (b.virtualRouter?.name ?? "", b.routers)
        }.map(\.finding)
    }
}

private func < (left: (String, [IPAddress]), right: (String, [IPAddress])) -> Bool {
    left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0 < right.0
}

private import VRRPWire
