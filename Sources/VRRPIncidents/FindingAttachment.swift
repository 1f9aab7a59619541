internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

/// Finds out which findings are about which incidents.
///
/// A finding counts for an incident if it is about one of its virtual routers, at its time, and of a sort that has to do with
/// its kind. One that sums up what happened again and again counts for each time.
struct FindingAttachment {
    private let findings: [Finding]
    private var byVirtualRouter: [VirtualRouterKey?: [Int]] = [:]

    init(_ findings: [Finding]) {
        self.findings = findings
        for (position, finding) in findings.enumerated() {
            byVirtualRouter[finding.virtualRouter, default: []].append(position)
        }
    }

    /// Attaches the findings to incidents, and returns the positions of those that belong to none.
    mutating func attach(to incidents: inout [Incident]) -> [Int] {
        var claimed: Set<Int> = []
        for index in incidents.indices {
            attach(to: &incidents[index])
            claimed.formUnion(incidents[index].findings)
        }
        return findings.indices.filter { !claimed.contains($0) }
    }

    /// Attaches the findings to an incident, and weighs it by them.
    func attach(to incident: inout Incident) {
        var attached: Set<Int> = []
        var severity: Severity?
        for happening in incident.happenings {
            let own = (byVirtualRouter[happening.virtualRouter] ?? []).filter { position in
                Self.concerns(findings[position], happening)
            }
            attached.formUnion(own)
            severity = max(severity, weight(of: happening, own))
        }
        incident.findings = attached.sorted()
        incident.severity = severity
        incident.reason = reason(of: incident)
    }

    private static func concerns(_ finding: Finding, _ happening: Happening) -> Bool {
        // An announcement or a second advertisement of the loser comes a moment later.
        let margin = TimeSpan.milliseconds(1500)
        guard finding.start <= happening.end + margin, finding.end + margin >= happening.start else { return false }
        return sorts(of: happening.kind).contains(finding.rule.id)
            || (happening.kind == .split && finding.rule.causeRank != nil)
    }

    private static func sorts(of kind: Incident.Kind) -> Set<String> {
        switch kind {
        case .routerLost, .isolated, .stall:
            [
                "failover", "no-master", "near-failover", "missed-adverts", "flapping", "missing-garp", "orphaned-garp",
                "sync-group-split", "moved-apart", "host-filter", "path-broken",
            ]
        case .plannedHandover:
            ["no-master", "flapping", "missing-garp", "orphaned-garp", "sync-group-split", "moved-apart"]
        case .routerReturned, .configurationChange:
            ["flapping", "missing-garp", "orphaned-garp", "sync-group-split", "moved-apart", "owner-conflict"]
        case .split:
            [
                "split-brain", "hidden-master", "flapping", "missing-garp", "orphaned-garp", "garp-storm",
                "vip-conflict",
                "advert-refused", "near-failover", "host-filter", "path-broken", "spoofed-advert", "sync-group-split",
            ]
        case .addressConflict: ["vip-conflict", "address-conflict", "duplicate-vrid", "orphaned-garp"]
        case .other: ["capture-loss", "clock-step", "missing-garp"]
        }
    }

    /// The weight of a happening: no more than the findings about it bear out.
    private func weight(of happening: Happening, _ own: [Int]) -> Severity? {
        func severity(of id: String) -> Severity? {
            own.first { findings[$0].rule.id == id }.map { findings[$0].severity }
        }
        return switch happening.gravity {
        case .planned: nil
        case .slight: .notice
        case .failover: severity(of: "failover") ?? .notice
        case .unanswered: severity(of: "no-master") ?? severity(of: "failover") ?? .notice
        case .divided: severity(of: "split-brain") ?? .notice
        case .given(let severity): severity
        }
    }

    /// The cause of a split in a clause, by the finding that comes first among causes.
    private func reason(of incident: Incident) -> String? {
        guard incident.kind == .split else { return nil }
        let ranked = incident.findings.filter { position in
            // What sums up several splits knows the cause of the first. Announcements follow from a split.
            let rule = findings[position].rule
            return rule.causeRank != nil && rule.group != .announcements && Self.knowsCause(findings[position])
        }
        let first = ranked.min { findings[$0].rule.causeRank ?? 0 < findings[$1].rule.causeRank ?? 0 }
        return first.flatMap { findings[$0].cause ?? (Self.isEffect(findings[$0]) ? nil : findings[$0].summary) }
    }

    private static func isEffect(_ finding: Finding) -> Bool {
        ["split-brain", "hidden-master", "no-master"].contains(finding.rule.id)
    }

    private static func knowsCause(_ finding: Finding) -> Bool {
        !isEffect(finding) || (finding.rule.id == "split-brain" && finding.count == 1)
    }
}

/// The graver of two weights.
private func max(_ left: Severity?, _ right: Severity?) -> Severity? {
    guard let left, let right else { return left ?? right }
    return Swift.max(left, right)
}
