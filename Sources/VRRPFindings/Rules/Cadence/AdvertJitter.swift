internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A master's advertisements come irregularly.
package enum AdvertJitter: VirtualRouterRule {
    package static let rule = Rule(
        "advert-jitter",
        .warning,
        .cadence,
        summary:
            "the times between advertisements scatter: p99 is off the interval by more than 25 %, over 10 samples or more",
        clauses: ["RFC9568-6.2-1", "RFC9568-6.4.3-8"],
        restsOnSilence: true,
        isGradual: true,
        page: Rule.Page(
            meaning: """
                The time between a master's advertisements strays far from the interval it announces. keepalived and \
                FRR start their timer after each send, so a healthy master is a little late and never early.
                """,
            importance: """
                Each late advertisement eats into the three intervals that a Backup waits. The next stall, or one lost \
                packet more, is a failover that nobody asked for.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..6 every 1 A
                7.8 A
                9.4..20.4 every 1 A
                22 A
                23 end
                """,
            causes: [
                "the host is short of CPU, or its virtual machine is paused: backups, snapshots, migration",
                "the process waits on logging or scripts",
                "queues on the path delay packets; then IP identification goes on without a step",
            ],
            remedy: """
                Give the VRRP process priority (keepalived vrrp_priority, vrrp_rt_priority, vrrp_no_swap), look at CPU \
                steal and snapshots at these times, or lengthen the interval.
                """,
            notThis: """
                Replies to priority 0 or to a lower priority come out of turn and are left out; so are intervals \
                stretched by advertisements that the router rejects, and those a lossy capture could not see. One single \
                late advertisement is a stall: the findings near-failover and missed-adverts tell of it.
                """,
            thresholds: """
                99th percentile of the time between advertisements beyond 75 % or 125 % of the interval; 10 samples. Below \
                100 samples the longest stands alone and the second longest counts
                """,
            references: ["RFC 9568 section 6.4.3, Adver_Timer"]
        )
    )

    private static let leastSamples = 10

    /// The share of the samples that the judged one must not exceed: a percentile needs more samples than its rank, so
    /// that at least one lies beyond it.
    private static func share(of samples: Int) -> Double { min(0.99, (Double(samples) - 1.5) / Double(samples)) }

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.routers.indices.filter { position in
            guard subject.routers[position].cadence.samples >= leastSamples,
                !SharedSource.isShared(subject.routers[position])
            else { return false }
            let cadence = subject.routers[position].cadence
            return (cadence.quantile(share(of: cadence.samples)) - cadence.nominal).magnitude > cadence.nominal / 4
        }.map { position in
            let router = subject.routers[position]
            let cadence = router.cadence
            let extreme = cadence.quantile(share(of: cadence.samples))
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: router.firstSeen,
                to: router.lastSeen,
                ongoing: subject.isHeard(position),
                count: cadence.lateAdverts,
                summary: "advertisements of \(router.address) come irregularly: "
                    + (cadence.samples < 100 ? "the second longest gap is " : "99 % of the gaps are within ")
                    + "\(text(extreme)) at an interval of \(text(cadence.nominal))",
                explanation:
                    "Of \(cadence.samples) gaps between two advertisements the mean is \(text(cadence.mean)), the standard deviation "
                    + "\(text(cadence.standardDeviation)), the median \(text(cadence.quantile(0.5))) and the longest "
                    + "\(text(cadence.maximum)). \(count(cadence.lateAdverts, "advertisement")) came more than a quarter of an "
                    + "interval late.",
                remedy:
                    "On \(router.address), look at CPU steal, disk waits and snapshots at these times. Give the VRRP "
                    + "process priority, or lengthen the advertisement interval on all routers."
                    + subject.implementation(of: position).shield,
                evidence: router.gaps.prefix(8).map(\.endEvidence)
            )
        }
    }
}
