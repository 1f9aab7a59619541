internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPTestimony
internal import VRRPTracker
internal import VRRPWire

/// Finds out whose log a log is, by how much its clock is off, and which virtual routers its instances are.
struct WitnessMaker {
    private let log: GivenLog
    private let observation: Observation
    private let expectation: Expectation
    private let wire: [WireCourse]
    /// The time of each statement by the log's clock.
    private let instants: [CaptureInstant?]
    private let courses: [LogCourse]
    private let clock: LogClock
    /// The time from the log's first line to its last, by its clock.
    private let span: ClosedRange<CaptureInstant>
    private let hosts: (addresses: Set<IPAddress>, how: Witness.Identification)?

    /// The lead that the best of several answers must have to be the only one.
    private static let lead = 0.5

    init(
        _ log: GivenLog,
        wire: [WireCourse],
        _ observation: Observation,
        _ expectation: Expectation,
        _ rosters: [Roster]
    ) {
        self.log = log
        self.observation = observation
        self.expectation = expectation
        self.wire = wire
        let start = observation.start ?? CaptureInstant(nanoseconds: 0)
        let end = max(observation.end ?? start, start)
        let middle = start + (end - start) / 2
        let testimony = log.testimony
        instants = testimony.statements.map { $0.stamp?.instant(near: middle, local: log.local) }
        courses = LogCourse.all(testimony.statements, at: instants)
        let first = testimony.first?.instant(near: middle, local: log.local) ?? start
        let last = testimony.last?.instant(near: middle, local: log.local) ?? first
        span = first...max(first, last)
        clock = LogClock(
            resolution: testimony.statements.compactMap { $0.stamp?.resolution }.max() ?? .seconds(1),
            hasZone: testimony.statements.compactMap(\.stamp).allSatisfy { $0.zone != nil },
            observed: start...end
        )
        hosts = Self.hosts(log, wire, observation, rosters)
    }

    /// The addresses of the router that the name means; `nil` where the name says nothing.
    private static func hosts(
        _ log: GivenLog,
        _ wire: [WireCourse],
        _ observation: Observation,
        _ rosters: [Roster]
    ) -> (Set<IPAddress>, Witness.Identification)? {
        let stated = Set(log.testimony.statements.compactMap(\.address))
        func withOthers(_ addresses: Set<IPAddress>) -> Set<IPAddress> {
            let hosts = Set(wire.filter { addresses.contains($0.address) }.map(\.host))
            return addresses.union(wire.filter { hosts.contains($0.host) }.map(\.address))
        }
        if let name = log.name {
            if let address = IPAddress(text: name) { return (withOthers([address]), .address) }
            if let point = observation.vantage.points.first(where: { $0.name == name }), let at = point.at {
                return (withOthers(Set(point.hosts + [at])), .point)
            }
            let named = zip(rosters, observation.virtualRouters).flatMap { roster, virtualRouter in
                virtualRouter.routers.indices.filter { roster.name(of: $0) == name }
                    .map { virtualRouter.routers[$0].address }
            }
            if !named.isEmpty { return (withOthers(Set(named)), .configuration) }
        }
        return stated.isEmpty ? nil : (withOthers(stated), .own)
    }

    // MARK: Instances

    /// The virtual routers that an instance may be, by their keys.
    private func keys(of instance: InstanceName) -> Set<VirtualRouterKey> {
        var keys = Set(wire.map(\.key))
        if let vrid = instance.vrid { keys = keys.filter { $0.vrid == vrid } }
        if let family = instance.family { keys = keys.filter { $0.family == family } }
        guard instance.vrid == nil, let name = instance.name else { return keys }
        let own = expectation.routers.filter { $0.name == log.name }
        let configured = (own.isEmpty ? expectation.routers : own).flatMap(\.instances).filter { $0.name == name }
        let meant = Set(configured.map { Pair(vrid: $0.vrid, family: $0.family) })
        guard meant.count == 1, let pair = meant.first, pair.vrid != nil else { return keys }
        return keys.filter { $0.vrid == pair.vrid && $0.family == pair.family }
    }

    private struct Pair: Hashable {
        var vrid: UInt8?
        var family: AddressFamily
    }

    /// A router in whose place a log is tried.
    private struct Trial {
        /// The routers by their positions in ``wire``.
        var routers: Set<Int>
        var address: IPAddress
        var offset: TimeSpan?
        var score = 0.0
        /// Whether other offsets fit as well.
        var isOpen = false
    }

    /// The routers that may have written the log: the one that is named, or each host that spoke.
    private var trials: [Trial] {
        if let hosts {
            let routers = wire.indices.filter { hosts.addresses.contains(wire[$0].address) }
            guard let first = routers.first else { return [] }
            return [Trial(routers: Set(routers), address: wire[first].address)]
        }
        var order: [String] = []
        var grouped: [String: [Int]] = [:]
        for (position, course) in wire.enumerated() {
            if grouped[course.host] == nil { order.append(course.host) }
            grouped[course.host, default: []].append(position)
        }
        return order.compactMap { host in
            guard let routers = grouped[host], let first = routers.first else { return nil }
            return Trial(routers: Set(routers), address: wire[first].address)
        }
    }

    /// The trial with the offset under which it agrees best.
    private func tried(_ trial: Trial, _ candidates: [[Int]]) -> Trial {
        let pairs = zip(courses, candidates).flatMap { course, routers in
            routers.filter(trial.routers.contains).map { (log: course, wire: wire[$0]) }
        }
        var scored: [(offset: TimeSpan, score: Double)] = []
        for offset in clock.candidates(pairs) {
            let score = zip(courses, candidates).reduce(0.0) { sum, each in
                let scores = each.1.filter(trial.routers.contains).map {
                    clock.agreement(each.0, span, wire[$0], offset).score
                }
                return sum + (scores.max() ?? 0)
            }
            if score > 0 { scored.append((offset, score)) }
        }
        var best = trial
        guard let highest = scored.map(\.score).max() else { return best }
        // Candidates come in the order of their likelihood; those that are nearly alike are one.
        let leading = scored.filter { $0.score > highest - Self.lead }
        let near = leading.filter { clock.skew(of: $0.offset) <= LogClock.ordinarySkew }
        let first = near.first ?? leading.first { $0.score > highest - 1e-6 } ?? leading[0]
        (best.offset, best.score) = (first.offset, first.score)
        // A begin that is not sure may confirm that a clock is right, and not that it is wrong.
        let rivals = leading.contains { ($0.offset - first.offset).magnitude > clock.tolerance * 2 }
        best.isOpen = near.isEmpty && (rivals || first.score < 1)
        return best
    }

    /// The router whose log it is, by its changes; `nil` where several fit as well.
    private func chosen(_ trials: [Trial]) -> Trial? {
        let aligned = trials.filter { $0.offset != nil }.sorted { $0.score > $1.score }
        guard let best = aligned.first else { return trials.count == 1 ? trials.first : nil }
        let rivals = aligned.dropFirst().filter { $0.score > best.score - Self.lead }
        guard !rivals.isEmpty else { return best }
        // Clocks that are nearly right are the rule.
        let near = ([best] + rivals).filter { clock.skew(of: $0.offset ?? .zero) <= LogClock.ordinarySkew }
        return near.count == 1 ? near.first : nil
    }

    // MARK: The witness

    /// The log, laid beside the wire.
    func make() -> Witness {
        let testimony = log.testimony
        var witness = Witness(
            source: log.source,
            name: log.name,
            form: testimony.form,
            lines: testimony.lines,
            leftOut: testimony.leftOut,
            zone: .zero,
            matches: 0,
            resolution: clock.resolution,
            problems: testimony.problems,
            statements: [],
            courses: []
        )
        let candidates = courses.map { course in
            let keys = keys(of: course.instance)
            return wire.indices.filter { keys.contains(wire[$0].key) }
        }
        let trial = chosen(trials.map { tried($0, candidates) })
        witness.at = trial?.address
        witness.how = trial == nil ? nil : hosts?.how ?? .changes
        let assigned = assignments(trial, candidates)
        align(&witness, trial, assigned)
        place(&witness, assigned)
        if trial?.isOpen == true, witness.clockOffset == nil {
            witness.problems.append("several offsets of its clock fit equally well, so its times could not be compared")
        }
        if trial == nil, !wire.isEmpty, hosts == nil {
            witness.problems.append(
                "nothing shows which router wrote it; name the router's address: --log ADDRESS=\(log.source)"
            )
        } else if trial == nil, hosts != nil {
            witness.problems.append("the router that wrote it was not heard")
        }
        let open = zip(courses, assigned).filter { $0.1 == nil }.compactMap(\.0.instance.name)
        if trial != nil, !open.isEmpty {
            witness.problems.append(
                "nothing shows which virtual router \(open.prefix(8).joined(separator: ", ")) is; give the router's "
                    + "configuration with --config"
            )
        }
        return witness
    }

    /// The router in ``wire`` that each instance is; `nil` where that is open.
    private func assignments(_ trial: Trial?, _ candidates: [[Int]]) -> [Int?] {
        guard let trial else { return courses.map { _ in nil } }
        let numbered = courses.compactMap(\.instance.number)
        let namesAreNumbers =
            numbered.count == courses.count && courses.count > 1
            && numbered.allSatisfy { number in wire.contains { $0.key.vrid == number } }
        return zip(courses, candidates).map { course, all in
            let own = all.filter(trial.routers.contains)
            // A host may speak from several addresses, of which not all are known to be its.
            let possible = own.isEmpty && hosts == nil ? all : own
            guard possible.count > 1, let offset = trial.offset else { return possible.count == 1 ? possible[0] : nil }
            let scored = possible.map { ($0, clock.agreement(course, span, wire[$0], offset).score) }
                .sorted { $0.1 > $1.1 }
            let leading = scored.filter { $0.1 > scored[0].1 - Self.lead }
            if leading.count == 1 { return leading[0].0 }
            guard namesAreNumbers else { return nil }
            let meant = leading.filter { wire[$0.0].key.vrid == course.instance.number }
            return meant.count == 1 ? meant[0].0 : nil
        }
    }

    /// Finds the offset of the log's clock.
    private func align(_ witness: inout Witness, _ trial: Trial?, _ assigned: [Int?]) {
        if let trial, let offset = trial.offset, !trial.isOpen {
            let differences = zip(courses, assigned).flatMap { course, router in
                router.map { clock.agreement(course, span, wire[$0], offset).differences } ?? []
            }
            if !differences.isEmpty {
                let (found, error) = clock.offset(of: differences)
                (witness.clockOffset, witness.clockOffsetError) = (found, error)
                witness.matches = differences.count
                witness.clock = .adverts
                witness.zone = clock.zone(in: found)
                return
            }
        }
        guard let name = log.name, let point = observation.vantage.points.first(where: { $0.name == name }),
            let offset = point.clockOffset
        else { return }
        (witness.clockOffset, witness.clockOffsetError) = (offset, point.clockOffsetError)
        witness.clock = .capture
    }

    /// Places the statements on the axis of the report, and tells the courses.
    private func place(_ witness: inout Witness, _ assigned: [Int?]) {
        let offset = witness.clockOffset ?? .zero
        let routers = Dictionary(
            zip(courses, assigned).compactMap { course, router in router.map { (course.instance, $0) } }
        ) { first, _ in first }
        witness.statements = zip(log.testimony.statements, instants).map { statement, instant in
            Witness.Placed(
                statement: statement,
                instant: instant.map { $0 - offset },
                virtualRouter: InstanceName(statement).flatMap { routers[$0] }.map { wire[$0].key }
            )
        }
        guard witness.statements.contains(where: { $0.instant != nil }) else { return }
        let middle = clock.observed.lowerBound + (clock.observed.upperBound - clock.observed.lowerBound) / 2
        witness.courses = zip(courses, assigned).compactMap { course, router in
            guard let router else { return nil }
            var words = WordMaker(end: span.upperBound - offset, until: clock.observed.upperBound)
            for placed in witness.statements {
                guard let instant = placed.instant else { continue }
                let name = InstanceName(placed.statement)
                guard name == course.instance || (name == nil && placed.statement.kind.breaksOff) else { continue }
                let previous = placed.statement.previous?.instant(near: middle, local: log.local)
                words.take(placed.statement, at: instant, after: previous.map { $0 - offset })
            }
            return Witness.Course(virtualRouter: wire[router].key, router: wire[router].router, words: words.finish())
        }
    }
}
