internal import VRRPTracker
internal import VRRPWire

extension Subject {
    /// A finding for each router whose advertisements show an anomaly.
    func oddities(
        _ anomaly: Anomaly,
        _ rule: Rule,
        summary: (Router, Int) -> String,
        explanation: (Router, Int) -> String,
        remedy: (Router) -> String? = { _ in nil }
    ) -> [Finding] {
        guard hasAnomalies else { return [] }
        return routers.indices.compactMap { position in
            guard let occurrences = routers[position].anomalies[anomaly] else { return nil }
            let router = routers[position]
            return Finding(
                rule,
                virtualRouter: virtualRouter.key,
                routers: [router.address],
                from: occurrences.start,
                to: occurrences.end,
                ongoing: router.lastSeen == occurrences.end,
                count: occurrences.count,
                summary: summary(router, occurrences.count),
                explanation: explanation(router, occurrences.count),
                remedy: remedy(router),
                evidence: occurrences.references
            )
        }
    }
}
