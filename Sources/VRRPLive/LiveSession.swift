package import VRRPFindings
package import VRRPReport
package import VRRPTracker
package import VRRPWire

/// The running mode: turns frames and the passing of time into events as soon as they are certain enough to tell.
///
/// A value without clock, input or output. It compares what the tracker and the catalogue say now with what they said
/// before, and tells the difference: live and offline are one path.
package struct LiveSession: Sendable {
    /// What of a virtual router was told.
    private struct Told: Sendable {
        var routers = 0
        var changes: [Change] = []
        /// The advertisement whose silence was reported.
        var loss: CaptureInstant?
        var lastAdvert: CaptureInstant
        /// Whether more than one reign was open, so that time alone may end one.
        var isContested = false
        /// Whether an advertisement came since the last tick: a reign shows when it has lasted for a moment.
        var isFresh = false
    }

    /// A transition as far as it decides whether it was told before: later packets may move its instant.
    private struct Change: Hashable, Sendable {
        var cause: Transition.Cause
        var from: [Int]
        var to: [Int]
    }

    /// Which finding it is, however its span and numbers grow; `ordinal` counts those that are otherwise equal.
    private struct FindingIdentity: Hashable {
        var id: String
        var virtualRouter: String?
        var routers: [IPAddress]
        var ordinal: Int
    }

    /// The captures as the closing words shall show them; the caller keeps their numbers up to date.
    package var captures: [CaptureDescription]
    private var names: ReportNames
    private let version: String
    private let expectation: Expectation
    private var tracker: Tracker
    private var positions: [VirtualRouterKey: Int] = [:]
    private var told: [Told] = []
    private var findings: [FindingIdentity: (finding: ReportDocument.Finding, isOpen: Bool)] = [:]
    private var nextJudgement = CaptureInstant.distantPast
    private var isUnjudged = false

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - captures: what is listened on, in the order of the indices in frame references.
    ///   - namesInterfaces: whether there can be several interfaces, so that virtual routers are told with theirs.
    ///   - givenKeys: the labels of the keys that advertisements are held against.
    ///   - expectation: what the routers' configurations let expect.
    ///   - version: of this program.
    package init(
        captures: [CaptureDescription],
        namesInterfaces: Bool,
        givenKeys: [String] = [],
        expecting expectation: Expectation = .none,
        version: String
    ) {
        self.captures = captures
        tracker = Tracker(givenKeys: givenKeys)
        self.version = version
        self.expectation = expectation
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

    /// Handles a frame, relevant or not.
    package mutating func handle(_ frame: borrowing DecodedFrame, _ sighting: Sighting) -> [LiveEvent] {
        tracker.handle(frame, sighting)
        // What could not be read may be a malformed advertisement.
        guard frame.isRelevant || frame.stop != nil else { return [] }
        isUnjudged = true
        guard case .vrrp(let packet) = frame.payload else { return [] }
        let key = VirtualRouterKey(
            segment: Segment(of: frame, interface: sighting.interface),
            family: packet.family,
            vrid: packet.virtualRouterID
        )
        guard let position = position(of: key) else { return [] }
        told[position].lastAdvert = now(or: sighting.instant)
        told[position].loss = nil
        told[position].isFresh = true
        return newRouters(at: position) + changes(at: position, isFinal: false)
    }

    package mutating func note(_ blindSpot: BlindSpot) {
        tracker.note(blindSpot)
        isUnjudged = true
    }

    /// Lets time pass; to be called every 50 ms or so, whether frames come or not.
    package mutating func tick(at instant: CaptureInstant) -> [LiveEvent] {
        tracker.advance(to: instant)
        let now = now(or: instant)
        var events: [LiveEvent] = []
        for position in told.indices where mayChangeByItself(position, at: now) {
            isUnjudged = true
            told[position].isFresh = false
            events += changes(at: position, isFinal: false)
            events += loss(at: position, now)
        }
        if isUnjudged, now >= nextJudgement {
            events += judge(at: now, isFinal: false)
        }
        return events
    }

    /// Ends the session.
    package mutating func finish(at instant: CaptureInstant) -> [LiveEvent] {
        tracker.advance(to: instant)
        tracker.finish()
        var events: [LiveEvent] = []
        for position in told.indices { events += changes(at: position, isFinal: true) }
        let now = now(or: instant)
        events += judge(at: now, isFinal: true)
        events.append(LiveEvent(instant: now, kind: .statistics(document)))
        return events
    }

    // MARK: Queries

    /// Everything that was learnt so far.
    package var document: ReportDocument {
        ReportDocument(
            tracker.observation,
            findings: Catalogue.findings(in: tracker.observation, expecting: expectation),
            captures: captures,
            expecting: expectation,
            names: names,
            version: version
        )
    }

    /// The gravest severity of all findings made, those included that are over.
    package var worst: Severity? { findings.values.map(\.finding.severity).max() }

    // MARK: Differences

    /// The tracker's clock, which never runs backward.
    private func now(or instant: CaptureInstant) -> CaptureInstant { tracker.observation.end ?? instant }

    private mutating func position(of key: VirtualRouterKey) -> Int? {
        let virtualRouters = tracker.observation.virtualRouters
        for position in told.count..<virtualRouters.count {
            positions[virtualRouters[position].key] = position
            told.append(Told(lastAdvert: virtualRouters[position].firstAdvert))
        }
        return positions[key]
    }

    private func roster(of position: Int) -> Roster? {
        let rosters = expectation.rosters(in: tracker.observation)
        return rosters.indices.contains(position) ? rosters[position] : nil
    }

    private mutating func newRouters(at position: Int) -> [LiveEvent] {
        let virtualRouter = tracker.observation.virtualRouters[position]
        defer { told[position].routers = virtualRouter.routers.count }
        guard told[position].routers < virtualRouter.routers.count else { return [] }
        let roster = roster(of: position)
        return (told[position].routers..<virtualRouter.routers.count).map { index in
            let router = ReportDocument.Router(
                index,
                of: virtualRouter,
                masterTime: .zero,
                givenKeys: tracker.observation.givenKeys,
                roster
            )
            return LiveEvent(
                instant: router.firstSeen,
                kind: .router(virtualRouter: names.id(virtualRouter.key), router)
            )
        }
    }

    /// The transitions that were not told before.
    ///
    /// One that leads to nobody is provisional: it becomes part of a handover when the next master shows, and is told
    /// only at the end. Till then ``LiveEvent/Kind/masterLost(virtualRouter:_:)`` speaks.
    private mutating func changes(at position: Int, isFinal: Bool) -> [LiveEvent] {
        let virtualRouter = tracker.observation.virtualRouters[position]
        let history = virtualRouter.history(in: tracker.observation)
        told[position].isContested = virtualRouter.reigns.count { $0.end == nil } > 1
        var transitions = history.transitions
        if !isFinal, transitions.last?.to.isEmpty == true { transitions.removeLast() }
        let changes = transitions.map { Change(cause: $0.cause, from: $0.from, to: $0.to) }
        var common = zip(changes, told[position].changes).prefix { $0 == $1 }.count
        var corrects = told[position].changes.count - common
        // What was told and has nothing in its place is corrected by telling again what still holds.
        if corrects > 0, common == changes.count, common > 0 { common -= 1 }
        told[position].changes = changes
        let now = now(or: virtualRouter.firstAdvert)
        guard common < transitions.count else { return [] }
        let roster = roster(of: position)
        return transitions.dropFirst(common).map { transition in
            defer { corrects = 0 }
            return LiveEvent(
                instant: now,
                kind: .transition(
                    virtualRouter: names.id(virtualRouter.key),
                    ReportDocument.Transition(transition, of: virtualRouter, roster),
                    corrects: corrects
                )
            )
        }
    }

    /// Whether the passing of time may have changed a virtual router: just after an advertisement, while its masters
    /// dispute, and from when an advertisement is due until long after anybody could have taken over.
    private func mayChangeByItself(_ position: Int, at now: CaptureInstant) -> Bool {
        if told[position].isFresh || told[position].isContested { return true }
        let interval = tracker.observation.virtualRouters[position].advertisementInterval
        let silence = now - told[position].lastAdvert
        return silence > interval && silence < interval * 12 + .seconds(2)
    }

    /// Reports once that nobody was heard for longer than a takeover may take.
    private mutating func loss(at position: Int, _ now: CaptureInstant) -> [LiveEvent] {
        let virtualRouter = tracker.observation.virtualRouters[position]
        guard told[position].loss == nil,
            let last = virtualRouter.routers.indices.max(by: {
                virtualRouter.routers[$0].lastSeen < virtualRouter.routers[$1].lastSeen
            })
        else { return [] }
        let router = virtualRouter.routers[last]
        let hasResigned = router.priorities.last?.value == 0
        let interval = router.advertisementInterval
        // A router not yet heard may be of the lowest priority, and so be the slowest to take over.
        var bound = virtualRouter.masterDownInterval(afterSilenceOf: last, assuming: 1)
        if hasResigned { bound = bound - interval * 3 }
        // Silence counts from when we could hear; a successor's first words take a moment to arrive.
        let blindUntil = tracker.observation.blindSpots.last?.end ?? .distantPast
        let since = max(router.lastSeen, blindUntil)
        guard now > since + bound + interval / 20 else { return [] }
        told[position].loss = router.lastSeen
        let loss = MasterLoss(router: router.address, lastAdvert: router.lastSeen, bound: bound)
        return [LiveEvent(instant: now, kind: .masterLost(virtualRouter: names.id(virtualRouter.key), loss))]
    }

    /// Compares the findings with those before.
    private mutating func judge(at now: CaptureInstant, isFinal: Bool) -> [LiveEvent] {
        isUnjudged = false
        var previous = findings
        // Judging takes time in proportion to the number of virtual routers; it must not keep the capture waiting.
        nextJudgement = now + .milliseconds(200 + 4 * Int64(told.count))
        var events: [LiveEvent] = []
        var ordinals: [FindingIdentity: Int] = [:]
        var current: Set<FindingIdentity> = []
        for finding in Catalogue.findings(in: tracker.observation, expecting: expectation) {
            let finding = ReportDocument.Finding(finding, names)
            var identity = FindingIdentity(
                id: finding.id,
                virtualRouter: finding.virtualRouter,
                routers: finding.routers,
                ordinal: 0
            )
            ordinals[identity, default: 0] += 1
            identity.ordinal = ordinals[identity] ?? 0
            current.insert(identity)
            if previous[identity] == nil, let narrower = narrower(than: identity, among: previous) {
                // More routers joined in: the same finding has grown.
                previous[identity] = previous.removeValue(forKey: narrower)
                findings.removeValue(forKey: narrower)
            }
            let wasOpen = previous[identity]?.isOpen
            let isNew = wasOpen == nil || (wasOpen == false && finding.ongoing)
            if isNew { events.append(LiveEvent(instant: now, kind: .findingOpened(finding))) }
            let isOpen = isFinal || finding.ongoing
            if !isOpen, wasOpen != false {
                events.append(LiveEvent(instant: now, kind: .findingClosed(finding), isAfterthought: isNew))
            }
            findings[identity] = (finding, isOpen)
        }
        guard !isFinal else { return events }
        let gone = findings.filter { $0.value.isOpen && !current.contains($0.key) }
        for (identity, entry) in gone.sorted(by: { $0.value.finding.start < $1.value.finding.start }) {
            var finding = entry.finding
            finding.ongoing = false
            findings[identity] = (finding, false)
            events.append(LiveEvent(instant: now, kind: .findingClosed(finding)))
        }
        return events
    }

    /// An open finding of the same kind about some of the same routers.
    private func narrower(
        than identity: FindingIdentity,
        among findings: [FindingIdentity: (finding: ReportDocument.Finding, isOpen: Bool)]
    ) -> FindingIdentity? {
        findings.first { candidate, entry in
            entry.isOpen && candidate.id == identity.id && candidate.virtualRouter == identity.virtualRouter
                && candidate.ordinal == identity.ordinal && !candidate.routers.isEmpty
                && candidate.routers.count < identity.routers.count
                && Set(candidate.routers).isSubset(of: identity.routers)
        }?.key
    }
}
