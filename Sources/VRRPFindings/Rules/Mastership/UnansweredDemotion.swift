internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// A master that lowered its priority and remained master.
package enum UnansweredDemotion: VirtualRouterRule {
    package static let rule = Rule(
        "unanswered-demotion",
        .warning,
        .mastership,
        summary: "a master lowered its priority, and nobody took over within any Master_Down_Interval",
        clauses: [Rule.Clause("RFC9568-6.4.2-7", "where no Backup has nopreempt")],
        restsOnSilence: true,
        page: Rule.Page(
            meaning: """
                The master lowered its priority, as a router does whose check fails, so that a better one takes over. None \
                did, for longer than a Backup waits that has a higher priority and may preempt.
                """,
            importance: """
                The service that the check looks at has failed there, and the addresses stay on that very router. Where no \
                Backup lives at all, the next failure takes the addresses away altogether.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 150
                0..5 every 1 A
                6..20 every 1 A priority 50
                20.5 end
                """,
            causes: [
                "no Backup lives, or it is in FAULT: the same check failed there",
                "the Backup does not hear the master's advertisements and is a master that the capture does not see",
                "nopreempt on the Backup: it stays Backup as long as any master is heard",
                "preempt_delay on the Backup, which has not run out",
                "the weight is too small: the Backup's priority is not higher",
            ],
            remedy: """
                Look at the Backup's log and state (`journalctl -u keepalived`, `vtysh -c 'show vrrp'`). Then look for nopreempt \
                and the weights in all configurations: `vrrpwatch check` compares them.
                """,
            notThis: """
                A priority that stays at or above what every other known router has needs no answer. A priority of 0 is a \
                resignation, and no-master tells where nobody follows it.
                """,
            thresholds: """
                four intervals and a quarter, at least 250 ms more than four; a notice where no better router is known, or \
                only such as resigned
                """,
            references: ["RFC 9568 sections 6.1 and 6.4.2", "keepalived.conf(5), track_script and nopreempt"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        subject.masters.compactMap { finding(about: $0, in: subject, &pending) }
    }

    private static func finding(about router: Int, in subject: Subject, _ pending: inout Pending) -> Finding? {
        let changes = subject.routers[router].priorities
        guard changes.count > 1 else { return nil }
        let demotions = demotions(of: router, in: subject).filter { demotion in
            // Where everybody who is known has no higher priority, nobody is asked to take over.
            let others = others(than: router, until: demotion.start, in: subject)
            guard others.isEmpty || others.contains(where: { $0.priority > demotion.to }) else { return false }
            let seen = subject.observation.sightedTime(from: demotion.start, to: demotion.end)
            let bound = subject.interval * 4 + max(subject.interval / 4, .milliseconds(250))
            return pending.isPast(demotion.end + (bound - seen), at: demotion.end)
        }
        guard let first = demotions.first, let last = demotions.last else { return nil }
        let longest = demotions.max { $0.end - $0.start < $1.end - $1.start } ?? first
        let address = subject.routers[router].address
        let better = others(than: router, until: longest.start, in: subject).filter { $0.priority > longest.to }
        let asked = better.filter { !$0.hasLeft }
        return Finding(
            rule,
            severity: asked.isEmpty ? .notice : .warning,
            virtualRouter: subject.virtualRouter.key,
            routers: [address],
            from: first.start,
            to: last.end,
            ongoing: last.end == subject.end,
            count: demotions.count,
            summary: "\(address) lowered its priority from \(longest.from) to \(longest.to) and remained master for "
                + "\(text(longest.end - longest.start)), because nobody took over",
            explanation:
                "A Backup of higher priority that may preempt takes over within \(text(subject.interval * 4)). "
                + reason(asked, gone: better.filter(\.hasLeft)),
            remedy: remedy(better),
            evidence: demotions.prefix(8).map(\.evidence),
            occasions: demotions.map { Finding.Occasion(start: $0.start, end: $0.end) }
        )
    }

    /// The sentence on who ought to have taken over, as far as the capture tells.
    private static func reason(_ asked: [Other], gone: [Other]) -> String {
        guard asked.isEmpty else {
            return
                "\(list(asked.map(\.words))) should have taken over. The capture cannot tell whether \(asked.count == 1 ? "it" : "each") "
                + "is down, does not hear this master, or may not preempt."
        }
        guard gone.isEmpty else {
            return "\(list(gone.map(\.words))) had resigned and \(gone.count == 1 ? "was" : "were") not heard again."
        }
        return
            "No other router was heard. The capture cannot tell whether there is no Backup, or one that may not preempt."
    }

    /// The next thing to do, on the routers that ought to have taken over.
    private static func remedy(_ better: [Other]) -> String {
        let programs = Set(better.map(\.implementation))
        let program = programs.count == 1 ? programs.first ?? nil : nil
        let place = better.isEmpty ? "On the Backup" : "On \(list(better.map(\.name)))"
        let settings = program == .keepalived ? "nopreempt, preempt_delay" : "settings that forbid or delay preemption"
        return
            "\(place), look at \(program.logAndState). Then look for \(settings) and the weights in all configurations: "
            + "`vrrpwatch check` compares them."
    }

    /// A time in which a router was the only master, with a lower priority than before.
    private struct Demotion {
        var from: UInt8
        var to: UInt8
        var start: CaptureInstant
        var end: CaptureInstant
        var evidence: FrameReference
    }

    /// The times in which a router was the only master, with a lower priority than in the same reign before.
    private static func demotions(of router: Int, in subject: Subject) -> [Demotion] {
        let changes = subject.routers[router].priorities
        let reigns = subject.history.reigns
        var demotions: [Demotion] = []
        for index in reigns.indices where reigns[index].router == router {
            let end = reigns[index].end ?? subject.end
            var highest = reigns[index].startPriority
            var open: Demotion?
            for change in changes where change.since > reigns[index].start && change.since < end && change.value > 0 {
                if change.value >= highest {
                    if var demotion = open {
                        demotion.end = change.since
                        demotions.append(demotion)
                    }
                    (open, highest) = (nil, change.value)
                } else if open == nil {
                    open = Demotion(
                        from: highest,
                        to: change.value,
                        start: change.since,
                        end: end,
                        evidence: change.evidence
                    )
                } else {
                    open?.to = change.value
                }
            }
            if let open { demotions.append(open) }
        }
        // Another master answers, also one to which this one does not yield.
        return demotions.compactMap { demotion in
            var demotion = demotion
            let answers = reigns.indices.filter { index in
                reigns[index].router != router && reigns[index].start < demotion.end
                    && reigns[index].end.map { $0 > demotion.start } ?? true
            }
            if let answer = answers.map({ reigns[$0].start }).min() { demotion.end = max(answer, demotion.start) }
            return demotion.start < demotion.end ? demotion : nil
        }
    }

    /// Another router of the virtual router, heard or configured.
    private struct Other {
        var name: String
        /// The priority that it advertised last, or has by its configuration.
        var priority: UInt8
        /// Whether its last word was a resignation.
        var hasLeft: Bool
        var implementation: Implementation?
        var words: String { "\(name) (priority \(priority))" }
    }

    /// The other routers that were known up to an instant.
    private static func others(than router: Int, until instant: CaptureInstant, in subject: Subject) -> [Other] {
        let heard = subject.routers.indices.compactMap { position -> Other? in
            guard position != router else { return nil }
            let changes = subject.routers[position].priorities.filter { $0.since <= instant }
            guard let priority = changes.last(where: { $0.value > 0 })?.value else { return nil }
            let name = subject.routers[position].address.description
            return Other(
                name: name,
                priority: priority,
                hasLeft: changes.last?.value == 0,
                implementation: subject.implementation(of: position)
            )
        }
        guard let roster = subject.roster, let own = roster.identified[router] else { return heard }
        let silent = roster.members.indices.filter { $0 != own && !roster.identified.values.contains($0) }
        return heard
            + silent.map { position in
                let member = roster.members[position]
                return Other(
                    name: member.router,
                    priority: member.instance.healthyPriority,
                    hasLeft: false,
                    implementation: Subject.implementation(of: member)
                )
            }
    }
}
