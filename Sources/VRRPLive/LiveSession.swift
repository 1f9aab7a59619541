package import VRRPFacts
package import VRRPFindings
package import VRRPReport
package import VRRPTracker
package import VRRPWire

/// The running mode: turns frames and the passing of time into events as soon as they are certain enough to tell.
///
/// A value without clock, input or output. It compares the present results of the tracker and the catalogue with the
/// earlier ones and reports the difference, so live and offline take one path. It looks at a virtual router only when
/// there is news of it, or when time alone may have changed something. The time until then is known in advance:
/// ``wait(from:)``.
package struct LiveSession: Sendable {
    /// A virtual router as it was last looked at.
    struct Watched: Sendable {
        var routers = 0
        var changes: [Change] = []
        /// The number of reigns that the tracker had dropped then.
        var droppedReigns = 0
        /// The positions of the latest masters, and the instant since which they have been masters.
        var masters: SmallList<Int> = SmallList()
        var isUncertain = false
        var since = CaptureInstant.distantPast
        /// The masters of the minutes up to the latest judgement.
        var recent: RecentMasters?
        /// The advertisement whose silence was reported.
        var loss: CaptureInstant?
        var findings = ToldFindings()
        /// Whether something happened that was not looked at.
        var hasNews = false
        var isPending = false
        /// The instant at which its history was last judged, and the one at which time alone may change the outcome.
        var judged = CaptureInstant.distantPast
        var nextJudgement = CaptureInstant.distantPast
        /// The instant up to which the latest change is not told, because what it says may have to be taken back.
        var heldUntil: CaptureInstant?
        /// The instant of its entry in the agenda.
        var appointment = CaptureInstant.distantFuture
    }

    /// A transition as far as it decides whether it was told before: later packets may move its instant.
    ///
    /// Routers are named by their addresses, for the place of one that is forgotten is another's later.
    struct Change: Sendable {
        var cause: Transition.Cause
        var from: SmallList<IPAddress>
        var to: SmallList<IPAddress>
        var instant: CaptureInstant

        /// `addresses` are those of the routers, by position.
        init(_ transition: Transition, _ addresses: [IPAddress]) {
            cause = transition.cause
            from = SmallList(transition.from.lazy.map { addresses[$0] })
            to = SmallList(transition.to.lazy.map { addresses[$0] })
            instant = transition.instant
        }

        func isLike(_ other: Self) -> Bool { cause == other.cause && from == other.from && to == other.to }
    }

    /// The number of virtual routers that are looked at in a tick.
    ///
    /// It is bounded so that arriving frames do not wait for long.
    private static let mostLooks = 64

    /// The captures as the closing report shows them; the caller keeps their numbers up to date.
    package var captures: [CaptureDescription]
    private(set) var names: ReportNames
    let version: String
    private let expectation: Expectation
    /// The configured routers that speak in each virtual router, as of the latest news; none without configurations.
    private var rosters: [Roster] = []
    private(set) var analysis: Analysis
    private(set) var watched: [Watched] = []
    private var agenda = Agenda()
    /// Positions to be looked at, in the order in which that became due.
    private var pending: [Int] = []
    /// Findings about the observation as a whole.
    private(set) var wholeFindings = ToldFindings()
    private var incidents = IncidentLedger()
    /// The parts of the observation that decide about these findings, and their marks at the latest judgement.
    private let facets: [Facet]
    private var marks: [[Int64]?] = []
    private var nextWholeJudgement = CaptureInstant.distantFuture
    private(set) var rate = AdvertRate()
    /// The interfaces on which nothing can be seen at present: their numbers and names.
    private(set) var blindInterfaces: [Int: String] = [:]
    /// Frames lost by captures.
    package private(set) var dropped = 0

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - captures: what is listened on, in the order of the indices in frame references.
    ///   - namesInterfaces: whether there can be several interfaces, so that virtual routers are told with theirs.
    ///   - verifier: the keys that advertisements are held against; `nil` for none.
    ///   - expectation: what the routers' configurations let expect.
    ///   - vantage: the points from which it listens, where there are several.
    ///   - segments: the segments that sensors see; `nil` where sensors are not told apart.
    ///   - version: of this program.
    package init(
        captures: [CaptureDescription],
        namesInterfaces: Bool,
        verifier: (any FrameVerifier)? = nil,
        expecting expectation: Expectation = .none,
        from vantage: Vantage = Vantage(),
        on segments: SegmentMap? = nil,
        version: String
    ) {
        self.captures = captures
        analysis = Analysis(limits: .service, verifier: verifier, from: vantage, on: segments)
        self.version = version
        self.expectation = expectation
        let read = Catalogue.facets(expecting: expectation)
        facets = Facet.allCases.filter(read.contains)
        names = ReportNames(namesInterfaces: namesInterfaces)
    }

    // MARK: Inputs

    /// Names the next interface; sightings tell interfaces by their position in the order of these calls.
    package mutating func append(interface: String?) {
        names.append(interface: interface)
    }

    /// Tells what is listened on.
    package func start(at instant: CaptureInstant) -> [LiveEvent] {
        captures.enumerated().map { index, description in
            let capture = ReportDocument.Capture(index: index, description: description, counts: nil)
            return LiveEvent(instant: instant, kind: .capture(capture))
        }
    }

    /// Takes a frame as it was captured; what it changes is told at the next tick.
    ///
    /// - Parameters:
    ///   - bytes: the frame.
    ///   - linkType: its link layer.
    ///   - sighting: where and when it was seen.
    /// - Returns: whether it was relevant.
    package mutating func take(_ bytes: Span<UInt8>, linkType: LinkType, _ sighting: Sighting) -> Bool {
        count(analysis.take(bytes, linkType: linkType, sighting), sighting)
    }

    /// Takes a frame as it was captured, and shows what was decoded of it.
    ///
    /// See ``Analysis/take(_:linkType:_:showing:)``.
    package mutating func take(
        _ bytes: Span<UInt8>,
        linkType: LinkType,
        _ sighting: Sighting,
        showing body: (borrowing DecodedFrame, Sighting) throws -> Void
    ) rethrows -> Bool {
        count(try analysis.take(bytes, linkType: linkType, sighting, showing: body), sighting)
    }

    private mutating func count(_ kind: Analysis.FrameKind, _ sighting: Sighting) -> Bool {
        if kind == .advertisement { rate.count(at: now(or: sighting.instant)) }
        return kind != .irrelevant
    }

    /// Takes the change of an interface; the stretch in which nothing is seen there is to be told besides.
    package mutating func take(_ change: LinkChange, at instant: CaptureInstant) -> LiveEvent {
        switch change.blinds {
        case true?: blindInterfaces[change.number] = change.interface
        case false?: blindInterfaces[change.number] = nil
        case nil: if blindInterfaces[change.number] != nil { blindInterfaces[change.number] = change.newName }
        }
        return LiveEvent(instant: now(or: instant), kind: .link(change))
    }

    /// Takes the place that ``Sighting/place`` of frames to come means.
    package mutating func take(_ place: SegmentMap.Place, as interface: Int) { analysis.take(place, as: interface) }

    /// Takes the points as they are known by now: further ones, and further stretches in which they were blind.
    package mutating func take(_ vantage: Vantage) { analysis.take(vantage) }

    /// Takes the terms under which packets are captured.
    package mutating func take(_ terms: CaptureTerms) { analysis.take(terms) }

    /// Takes a stretch of time in which nothing could have been seen.
    package mutating func take(_ blindSpot: BlindSpot) {
        dropped += blindSpot.droppedFrames
        analysis.take(blindSpot)
    }

    /// Lets time pass up to an instant before which all frames were handled, and returns what is new.
    ///
    /// To be called whenever frames were handled, and when ``wait(from:)`` is over.
    package mutating func tick(at instant: CaptureInstant) -> [LiveEvent] {
        let reached = max(instant + analysis.clockCorrection, now(or: instant))
        var due: [Int] = []
        while let (appointment, position) = agenda.removeFirst(notAfter: reached) {
            // A later entry for the same virtual router may have taken this one's place.
            guard watched[position].appointment == appointment else { continue }
            watched[position].appointment = .distantFuture
            due.append(position)
        }
        analysis.advance(to: instant, settling: due)
        takeNews()
        for position in due { putOnList(position) }
        let now = now(or: instant)
        var events: [LiveEvent] = []
        let looks = pending.prefix(Self.mostLooks)
        pending.removeFirst(looks.count)
        for position in looks {
            watched[position].isPending = false
            events += look(at: position, now, isFinal: false)
            schedule(position)
        }
        events += judgeWhole(at: now, isFinal: false)
        return events + incidents.tell(at: now, isFinal: false, names)
    }

    /// Ends the session.
    package mutating func finish(at instant: CaptureInstant) -> [LiveEvent] {
        analysis.finish(at: instant)
        takeNews()
        let now = now(or: instant)
        var events: [LiveEvent] = []
        for position in watched.indices { events += look(at: position, now, isFinal: true) }
        events += judgeWhole(at: now, isFinal: true)
        events += incidents.tell(at: now, isFinal: true, names)
        events.append(LiveEvent(instant: now, kind: .statistics(document)))
        return events
    }

    // MARK: Queries

    /// Returns the time from an instant until the next necessary call of ``tick(at:)``; `nil` where only a frame makes
    /// a difference.
    package func wait(from instant: CaptureInstant) -> TimeSpan? {
        if !pending.isEmpty { return .zero }
        let next = min(agenda.next ?? .distantFuture, nextWholeJudgement, incidents.nextEvent ?? .distantFuture)
        guard next < .distantFuture else { return nil }
        return max(.zero, next - (instant + analysis.clockCorrection))
    }

    package var observation: Observation { analysis.observation }

    /// The report on everything that was learnt so far.
    package var document: ReportDocument {
        ReportDocument(
            analysis.observation,
            captures: captures,
            expecting: expectation,
            names: names,
            version: version
        )
    }

    /// The gravest severity of the findings and incidents that stand, those included that are over.
    package var worst: Severity? {
        [watched.lazy.compactMap(\.findings.worst).max(), wholeFindings.worst, incidents.worst].compactMap { $0 }.max()
    }

    // MARK: When to look

    /// The tracker's clock, which never runs backward.
    private func now(or instant: CaptureInstant) -> CaptureInstant { analysis.observation.end ?? instant }

    private mutating func takeNews() {
        names.note(analysis.observation.segments)
        let newcomers = analysis.observation.virtualRouters.count - watched.count
        for virtualRouter in analysis.observation.virtualRouters.suffix(newcomers) { names.note(virtualRouter.key) }
        watched.append(contentsOf: repeatElement(Watched(), count: newcomers))
        let news = analysis.takeNews()
        if !news.isEmpty { rosters = expectation.rosters(in: analysis.observation) }
        for position in news {
            watched[position].hasNews = true
            putOnList(position)
        }
    }

    private mutating func putOnList(_ position: Int) {
        guard !watched[position].isPending else { return }
        watched[position].isPending = true
        pending.append(position)
    }

    /// Makes the next appointment for a virtual router.
    ///
    /// One that turns out to be too early is harmless.
    private mutating func schedule(_ position: Int) {
        let virtualRouter = analysis.observation.virtualRouters[position]
        let instants = [
            virtualRouter.nextDecision(in: analysis.observation), loss(at: position)?.instant,
            watched[position].nextJudgement,
        ]
        guard let next = instants.compactMap({ $0 }).min(), next < watched[position].appointment else { return }
        watched[position].appointment = next
        agenda.add(position, at: next)
    }

    // MARK: Looking at one virtual router

    private mutating func look(at position: Int, _ now: CaptureInstant, isFinal: Bool) -> [LiveEvent] {
        var events = newRouters(at: position)
        let virtualRouter = analysis.observation.virtualRouters[position]
        if isFinal || now >= watched[position].nextJudgement || watched[position].hasNews {
            // A long history takes longer to judge, and is judged less often.
            let pause = min(TimeSpan(nanoseconds: 50_000) * Int64(virtualRouter.reigns.count), .seconds(1))
            if isFinal || now >= watched[position].judged + pause {
                events += judge(position, now, isFinal: isFinal)
            } else {
                watched[position].nextJudgement = watched[position].judged + pause
            }
        }
        if !isFinal, let loss = loss(at: position), now >= loss.instant {
            watched[position].loss = loss.loss.lastAdvert
            events.append(
                LiveEvent(
                    instant: now,
                    kind: .masterLost(virtualRouter: names.name(virtualRouter.key, virtualRouter.addresses), loss.loss)
                )
            )
            let subject = subject(position)
            noteCourse(of: subject, at: position, Catalogue.findings(in: subject), isFinal: false)
        }
        return events
    }

    /// A virtual router as rules look at it.
    func subject(_ position: Int) -> Subject {
        let observation = analysis.observation
        return Subject(
            observation.virtualRouters[position],
            in: Surroundings(observation, expecting: expectation),
            rosters.roster(of: position)
        )
    }

    private mutating func newRouters(at position: Int) -> [LiveEvent] {
        let virtualRouter = analysis.observation.virtualRouters[position]
        defer { watched[position].routers = virtualRouter.routers.count }
        let roster = rosters.roster(of: position)
        let name = names.name(virtualRouter.key, virtualRouter.addresses)
        return (watched[position].routers..<virtualRouter.routers.count).map { index in
            let router = ReportDocument.Router(
                index,
                of: virtualRouter,
                masterTime: .zero,
                givenKeys: analysis.observation.givenKeys,
                roster
            )
            return LiveEvent(instant: router.firstSeen, kind: .router(virtualRouter: name, router))
        }
    }

    /// Judges the history, and returns events for its changes and findings.
    private mutating func judge(_ position: Int, _ now: CaptureInstant, isFinal: Bool) -> [LiveEvent] {
        let subject = subject(position)
        let events = changes(subject, at: position, now, isFinal: isFinal)
        let judgement = Catalogue.judge(subject)
        let findings = Catalogue.sorted(judgement.findings).map { ReportDocument.Finding($0, names) }
        noteCourse(of: subject, at: position, judgement.findings, isFinal: isFinal)
        watched[position].hasNews = false
        watched[position].judged = now
        watched[position].masters = subject.history.timeline.last?.masters ?? []
        watched[position].isUncertain = subject.history.timeline.last?.state == .uncertain
        watched[position].since = subject.history.timeline.last?.start ?? now
        watched[position].recent = RecentMasters(subject.history.timeline, until: now, count: RecentMasters.inRow)
        // Findings that depend on counts alone are judged when a router may have fallen silent, and less often where
        // there are many virtual routers.
        let refresh = TimeSpan.milliseconds(max(1000, Int64(watched.count)))
        let lapse = subject.nextLapse.map { max($0, now + refresh) }
        watched[position].nextJudgement =
            [judgement.nextChange, lapse, watched[position].heldUntil].compactMap { $0 }.min() ?? .distantFuture
        return events + watched[position].findings.update(to: findings, at: now, isFinal: isFinal)
    }

    /// Enters the course of a virtual router into the ledger of incidents.
    ///
    /// The end of its last master counts when it was told that the master is lost, or when the session ends.
    private mutating func noteCourse(of subject: Subject, at position: Int, _ findings: [Finding], isFinal: Bool) {
        let lastSeen = subject.virtualRouter.routers.map(\.lastSeen).max()
        let isLost = isFinal || watched[position].loss.map { $0 == lastSeen } ?? false
        incidents.take(subject, at: position, findings, isLost: isLost, of: watched.count)
    }

    /// Returns the events for transitions that were not told before.
    ///
    /// A transition to no master is provisional: it becomes part of a handover when the next master shows. It is told
    /// only at the end; until then, ``LiveEvent/Kind/masterLost(virtualRouter:_:)`` reports the loss.
    private mutating func changes(
        _ subject: Subject,
        at position: Int,
        _ now: CaptureInstant,
        isFinal: Bool
    ) -> [LiveEvent] {
        var transitions = subject.history.transitions
        if !isFinal, transitions.last?.to.isEmpty == true { transitions.removeLast() }
        let addresses = subject.virtualRouter.routers.map(\.address)
        var changes = transitions.map { Change($0, addresses) }
        let told = toldChanges(at: position, subject.virtualRouter.droppedReigns, changes)
        watched[position].heldUntil = nil
        if !isFinal, let last = transitions.last, changes.count > told.count {
            watched[position].heldUntil = patience(with: last, subject).flatMap { $0 > now ? $0 : nil }
            if watched[position].heldUntil != nil {
                transitions.removeLast()
                changes.removeLast()
            }
        }
        var common = zip(changes, told).prefix { $0.isLike($1) }.count
        var corrects = told.count - common
        // If nothing replaces a told change, tell the last change that still holds once more, as the correction.
        if corrects > 0, common == changes.count, common > 0 { common -= 1 }
        watched[position].changes = changes
        watched[position].droppedReigns = subject.virtualRouter.droppedReigns
        return transitions.dropFirst(common).map { transition in
            defer { corrects = 0 }
            return LiveEvent(
                instant: now,
                kind: .transition(
                    virtualRouter: names.name(subject.virtualRouter.key, subject.virtualRouter.addresses),
                    ReportDocument.Transition(transition, of: subject.virtualRouter, subject.roster),
                    corrects: corrects
                )
            )
        }
    }

    /// The longest time for which a change is held back.
    private static let longestPatience: TimeSpan = .milliseconds(1500)

    /// Returns the instant up to which a change may have to be taken back; `nil` for one that is certain.
    ///
    /// A master that yields is silent from then on. One that does not hear its rival speaks when its next advertisement is
    /// due, and what looked like a preemption is a contest. Until then nobody knows.
    private func patience(with transition: Transition, _ subject: Subject) -> CaptureInstant? {
        guard [.preempted, .demoted, .yielded].contains(transition.cause) else { return nil }
        let due = transition.from.filter { !transition.to.contains($0) }.compactMap { position -> CaptureInstant? in
            let router = subject.virtualRouter.routers[position]
            guard router.priorities.last?.value != 0 else { return nil }
            let interval = router.advertisementInterval
            return router.lastSeen + interval + min(interval / 4, .milliseconds(150))
        }.max()
        guard let due, due > transition.instant else { return nil }
        return min(due, transition.instant + Self.longestPatience)
    }

    /// Returns the changes told before that belong to the history still kept.
    ///
    /// If the oldest reigns were dropped since, the history begins with another first change than was told. That first
    /// change then replaces all told changes before the second one.
    private func toldChanges(at position: Int, _ droppedReigns: Int, _ changes: [Change]) -> [Change] {
        let told = watched[position].changes
        guard droppedReigns != watched[position].droppedReigns, !told.isEmpty, let first = changes.first else {
            return told
        }
        let second = changes.dropFirst().first?.instant ?? .distantFuture
        return [first] + told.drop { $0.instant < second }
    }

    /// Returns the instant from which the silence, if it goes on, lasts longer than a takeover may take, and the loss
    /// to report then; `nil` where the loss was reported.
    private func loss(at position: Int) -> (instant: CaptureInstant, loss: MasterLoss)? {
        let virtualRouter = analysis.observation.virtualRouters[position]
        guard
            let last = virtualRouter.routers.indices.max(by: {
                virtualRouter.routers[$0].lastSeen < virtualRouter.routers[$1].lastSeen
            }), watched[position].loss != virtualRouter.routers[last].lastSeen
        else { return nil }
        let router = virtualRouter.routers[last]
        let interval = router.advertisementInterval
        // A router not yet heard may be of the lowest priority, and so be the slowest to take over.
        var bound = virtualRouter.masterDownInterval(afterSilenceOf: last, assuming: 1)
        if router.priorities.last?.value == 0 { bound = bound - interval * 3 }
        // Silence counts from the end of the latest blind spot. A successor's first advertisement takes a moment to
        // arrive.
        let interface = virtualRouter.key.segment.interface
        let blindUntil = analysis.observation.blindSpots.last { $0.concerns(interface) }?.end ?? .distantPast
        // While no point can see, nobody knows whether the master is lost.
        let unseenUntil = virtualRouter.blindnessEnd(of: last) ?? .distantPast
        guard unseenUntil < .distantFuture else { return nil }
        let since = max(router.lastSeen, blindUntil, unseenUntil)
        return (
            since + bound + interval / 20 + TimeSpan(nanoseconds: 1),
            MasterLoss(router: router.address, lastAdvert: router.lastSeen, bound: bound)
        )
    }

    // MARK: The observation as a whole

    private mutating func judgeWhole(at now: CaptureInstant, isFinal: Bool) -> [LiveEvent] {
        let observation = analysis.observation
        let marks = facets.map { $0.mark(in: observation) }
        guard isFinal || marks != self.marks || now >= nextWholeJudgement else { return [] }
        self.marks = marks
        let judgement = Catalogue.judge(observation, expecting: expectation, rosters)
        // A part without a mark, which would tell that it changed, is looked at once a second.
        let refresh = marks.contains(nil) ? now + .seconds(1) : .distantFuture
        nextWholeJudgement = min(judgement.nextChange ?? .distantFuture, refresh)
        let findings = Catalogue.sorted(judgement.findings)
        incidents.take(findings)
        return wholeFindings.update(to: findings.map { ReportDocument.Finding($0, names) }, at: now, isFinal: isFinal)
    }
}
