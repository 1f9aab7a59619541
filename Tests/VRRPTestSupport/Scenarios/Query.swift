package import VRRPFindings
internal import VRRPIncidents
internal import VRRPLive
internal import VRRPReport
package import VRRPTracker
package import VRRPWire

/// An incident that happened, not a stretch of one virtual router's picture.
private typealias Incident = VRRPIncidents.Incident

/// A question about a scenario.
package enum Query: String {
    case timeline, transitions, findings, explanations, remedies, routers, jitter, counts
    /// The findings that a live session opens and closes on the way, and when.
    case live
    /// The incidents with their stories.
    case incidents
    /// The incidents that a live session tells on the way, and when.
    case liveIncidents = "live-incidents"
    /// The changes of master that a live session tells on the way, and when.
    case told
}

extension Scenario {
    /// Answers the scenario's queries.
    ///
    /// - Parameters:
    ///   - observation: what a tracker made of the scenario.
    ///   - expectation: what configurations let expect.
    ///   - logs: what the routers said of themselves.
    ///   - epoch: the instant from which times are told.
    /// - Returns: a line for each item, without a newline at the end.
    package func answers(
        about observation: Observation,
        expecting expectation: Expectation = .none,
        hearing logs: [GivenLog] = [],
        since epoch: CaptureInstant = Self.epoch
    ) -> String {
        let answers = Answers(epoch: epoch, speakers: speakers, expectation: expectation, logs: logs)
        return queries.flatMap { query in
            switch query {
            case .live: answers.lines(play(expecting: expectation))
            case .liveIncidents: answers.incidentLines(play(expecting: expectation))
            case .told: answers.changes(play(expecting: expectation))
            default: answers.lines(query, observation)
            }
        }.joined(separator: "\n")
    }
}

/// Tells an observation in the words of a scenario.
private struct Answers {
    let epoch: CaptureInstant
    let speakers: [Speaker]
    let expectation: Expectation
    let logs: [GivenLog]

    func lines(_ query: Query, _ observation: Observation) -> [String] {
        switch query {
        case .findings:
            let findings = Catalogue.findings(in: observation, expecting: expectation, hearing: logs)
            return findings.isEmpty ? ["no findings"] : findings.map { line($0, observation) }
        case .explanations:
            return Catalogue.findings(in: observation, hearing: logs).map { "\($0.rule.id): \($0.explanation)" }
        case .remedies:
            return Catalogue.findings(in: observation, expecting: expectation).map { "\($0.rule.id): \($0.remedy)" }
        case .counts: return counts(observation)
        case .incidents: return incidents(observation)
        case .live, .liveIncidents, .told: return []
        case .timeline, .transitions, .routers, .jitter:
            guard !observation.virtualRouters.isEmpty else { return ["no virtual routers"] }
            return observation.virtualRouters.flatMap { virtualRouter in
                let prefix = observation.virtualRouters.count > 1 ? virtualRouter.key.name + ": " : ""
                return lines(query, virtualRouter, observation).map { prefix + $0 }
            }
        }
    }

    private func lines(_ query: Query, _ virtualRouter: VirtualRouter, _ observation: Observation) -> [String] {
        let history = virtualRouter.history(in: observation)
        switch query {
        case .timeline:
            return history.timeline.map { interval in
                "\(span(interval.start, interval.end)) \(interval.state.rawValue)"
                    + names(interval.masters, virtualRouter).map { " " + $0 }.joined()
                    + (interval.basis == .inferred ? " (inferred)" : "")
            }
        case .transitions:
            guard !history.transitions.isEmpty else { return ["no transitions"] }
            return history.transitions.map { line($0, virtualRouter) }
        case .routers:
            return virtualRouter.routers.indices.map { line($0, virtualRouter, history) }
        case .jitter:
            return virtualRouter.routers.map { router in
                let cadence = router.cadence
                return name(router.address, virtualRouter.key)
                    + " samples \(cadence.samples) mean \(milliseconds(cadence.mean))"
                    + " p50 \(milliseconds(cadence.quantile(0.5))) p99 \(milliseconds(cadence.quantile(0.99)))"
                    + " max \(milliseconds(cadence.maximum)) late \(cadence.lateAdverts)"
                    + " missed \(cadence.missedAdverts)"
            }
        case .findings, .explanations, .remedies, .counts, .incidents, .live, .liveIncidents, .told: return []
        }
    }

    private func line(_ transition: Transition, _ virtualRouter: VirtualRouter) -> String {
        func set(_ routers: SmallList<Int>) -> String {
            routers.isEmpty ? "none" : names(routers, virtualRouter).joined(separator: "+")
        }
        var line =
            "\(time(transition.instant)) \(set(transition.from)) -> \(set(transition.to)) \(transition.cause.rawValue)"
        if let outage = transition.outage { line += " outage \(milliseconds(outage))" }
        if let bound = transition.bound { line += " bound \(milliseconds(bound))" }
        if let announcements = transition.announcements {
            let successor = transition.to.first { !transition.from.contains($0) } ?? transition.to.first
            let addresses = successor.map { virtualRouter.routers[$0].addresses.count } ?? 0
            line += " announced \(announcements.addresses.count)/\(addresses) frames \(announcements.frames)"
        }
        return line
    }

    private func line(_ position: Int, _ virtualRouter: VirtualRouter, _ history: History) -> String {
        let router = virtualRouter.routers[position]
        let priorities = router.priorities.map { "\($0.value)@\(time($0.since))" }.joined(separator: ",")
        let authentications = router.authentications.map { use in
            use.kind.rawValue + (use.key.map { "(\($0.words))" } ?? "")
        }
        let deliveries = router.deliveries.map { $0.isMulticast ? "multicast" : "unicast" }
        return name(router.address, virtualRouter.key)
            + " \(router.address) \(router.macs.map(\.description).joined(separator: ","))"
            + " adverts \(router.adverts) copies \(router.copies)"
            + " seen \(span(router.firstSeen, router.lastSeen)) master \(milliseconds(history.masterTime[position]))"
            + " priority \(priorities) interval \(milliseconds(router.advertisementInterval))"
            + " versions \(router.versions.map(\.description).joined(separator: ","))"
            + " addresses \(router.addresses.map(\.description).joined(separator: ","))"
            + " authentication \(authentications.joined(separator: ","))"
            + " checksum \(router.checksums.map(\.kind.rawValue).joined(separator: ","))"
            + " delivery \(deliveries.joined(separator: ","))"
    }

    private func line(_ finding: Finding, _ observation: Observation) -> String {
        let names = finding.routers.map { name($0, finding.virtualRouter) }
        let prefix = observation.virtualRouters.count > 1 ? finding.virtualRouter.map { "\($0.name): " } ?? "" : ""
        return prefix
            + ([finding.severity.rawValue, finding.rule.id] + names
            + [span(finding.start, finding.end)] + (finding.ongoing ? ["ongoing"] : [])
            + ["x\(finding.count): \(finding.summary)"]).joined(separator: " ")
    }

    /// A line for each finding that a live session opened or closed.
    func lines(_ events: [LiveEvent]) -> [String] {
        let lines = events.compactMap { event in
            switch event.kind {
            case .findingOpened(let finding): line("opened", finding, at: event.instant)
            case .findingClosed(let finding): line("closed", finding, at: event.instant)
            default: nil
            }
        }
        return lines.isEmpty ? ["nothing opened"] : lines
    }

    /// A line for each incident, and its story below.
    private func incidents(_ observation: Observation) -> [String] {
        let rosters = expectation.rosters(in: observation)
        let surroundings = Surroundings(observation, expecting: expectation)
        let courses = observation.virtualRouters.indices.map { position in
            Course(of: Subject(observation.virtualRouters[position], in: surroundings, rosters.roster(of: position)))
        }
        let findings = Catalogue.findings(in: observation, expecting: expectation)
        let incidents = Incident.all(of: courses, findings)
        return incidents.isEmpty ? ["no incidents"] : incidents.flatMap { [line($0), "  " + $0.story(time)] }
    }

    private func line(_ incident: Incident) -> String {
        let names = incident.routers.map { name($0, incident.virtualRouters.first) }
        let outage = incident.worstOutage.map { ["outage \(milliseconds($0))"] } ?? []
        return
            ([span(incident.start, incident.end), incident.severity?.rawValue ?? "info", incident.kind.rawValue] + names
            + (incident.isOngoing ? ["ongoing"] : []) + ["moved \(incident.moved) of \(incident.virtualRouters.count)"]
            + outage).joined(separator: " ")
    }

    /// A line for each event about an incident.
    func incidentLines(_ events: [LiveEvent]) -> [String] {
        let lines: [String] = events.compactMap { event in
            switch event.kind {
            case .incidentOpened(let incident):
                "\(time(event.instant)) \(incident.id) opened \(line(incident.incident))"
            case .incidentChanged(let incident):
                "\(time(event.instant)) \(incident.id) changed \(line(incident.incident))"
            case .incidentClosed(let incident, false):
                "\(time(event.instant)) \(incident.id) closed \(line(incident.incident))"
            case .incidentClosed(let incident, true): "\(time(event.instant)) \(incident.id) taken back"
            default: nil
            }
        }
        return lines.isEmpty ? ["nothing told"] : lines
    }

    /// A line for each change of master and each loss of one that a live session told.
    func changes(_ events: [LiveEvent]) -> [String] {
        func set(_ addresses: [IPAddress]) -> String {
            addresses.isEmpty ? "none" : addresses.map { name($0, nil) }.joined(separator: "+")
        }
        return events.compactMap { event in
            switch event.kind {
            case .transition(_, let change, let corrects):
                "\(time(event.instant)) \(set(change.from)) -> \(set(change.to)) \(change.cause.rawValue)"
                    + (corrects > 0 ? " corrects \(corrects)" : "")
            case .masterLost(_, let loss): "\(time(event.instant)) lost \(name(loss.router, nil))"
            default: nil
            }
        }
    }

    private func line(_ deed: String, _ finding: ReportDocument.Finding, at instant: CaptureInstant) -> String {
        let names = finding.routers.map { name($0, nil) }
        return ([time(instant), deed, finding.severity.rawValue, finding.id] + names).joined(separator: " ")
    }

    private func counts(_ observation: Observation) -> [String] {
        observation.counts.enumerated().map { capture, counts in
            "capture \(capture) adverts \(counts.adverts) arp \(counts.arp) na \(counts.neighborAdvertisements)"
                + " carp \(counts.carp) malformed \(counts.malformed)"
        } + (observation.leftOut > 0 ? ["left out \(observation.leftOut)"] : [])
    }

    // MARK: Words

    private func names(_ positions: SmallList<Int>, _ virtualRouter: VirtualRouter) -> [String] {
        positions.map { name(virtualRouter.routers[$0].address, virtualRouter.key) }
    }

    /// The name that the scenario gave an address, in the virtual router at hand if it can be.
    private func name(_ address: IPAddress, _ key: VirtualRouterKey?) -> String {
        let named = speakers.filter { $0.address == address }
        return (named.first { $0.virtualRouterID == key?.vrid } ?? named.first)?.name ?? address.description
    }

    private func span(_ start: CaptureInstant, _ end: CaptureInstant) -> String { "\(time(start))–\(time(end))" }

    /// Seconds of the scenario with three decimals.
    private func time(_ instant: CaptureInstant) -> String { fixed((instant - epoch).nanoseconds, 1_000_000, 3) }

    /// Milliseconds with one decimal.
    private func milliseconds(_ span: TimeSpan) -> String { fixed(span.nanoseconds, 100_000, 1) }

    /// A number of nanoseconds in a unit, rounded half up, with that many of its last digits behind the point.
    private func fixed(_ nanoseconds: Int64, _ unit: Int64, _ digits: Int) -> String {
        let rounded = (nanoseconds.magnitude + UInt64(unit) / 2) / UInt64(unit)
        let text = String(rounded)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let sign = nanoseconds < 0 && rounded > 0 ? "-" : ""
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }
}
