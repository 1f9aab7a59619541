internal import VRRPFacts
internal import VRRPFindings
package import VRRPReport
internal import VRRPTracker
package import VRRPWire

extension LiveSession {
    /// The positions of all virtual routers in an order; equal ones by segment, family and VRID.
    private func sorted(by order: ScreenControl.Order) -> [Int] {
        let virtualRouters = observation.virtualRouters
        let keys = watched.indices.map { position in
            switch order {
            case .trouble: -Int64(severity(of: position).weight)
            case .latestChange: -watched[position].since.nanoseconds
            case .address, .vrid: Int64(0)
            }
        }
        return watched.indices.sorted { left, right in
            if keys[left] != keys[right] { return keys[left] < keys[right] }
            let (a, b) = (virtualRouters[left], virtualRouters[right])
            if order == .address, let first = a.addresses.first, let second = b.addresses.first, first != second {
                return first < second
            }
            if order == .vrid, a.key.vrid != b.key.vrid { return a.key.vrid < b.key.vrid }
            if a.key.segment != b.key.segment {
                return (a.key.segment.interface, a.key.segment.name) < (b.key.segment.interface, b.key.segment.name)
            }
            return (a.key.family.rawValue, a.key.vrid) < (b.key.family.rawValue, b.key.vrid)
        }
    }

    /// The virtual routers of which an address, the VRID, the segment, a router or a finding matches a text.
    ///
    /// - Parameters:
    ///   - filter: the text, in any case; `nil` or empty for all.
    ///   - order: the order in which they are listed.
    /// - Returns: their positions, and those among them that are in trouble.
    package func listed(matching filter: String?, by order: ScreenControl.Order) -> (order: [Int], troubled: Set<Int>) {
        let wanted = (filter ?? "").lowercased()
        let order = sorted(by: order).filter { position in
            guard !wanted.isEmpty else { return true }
            let virtualRouter = observation.virtualRouters[position]
            let words =
                virtualRouter.addresses.map(\.description) + virtualRouter.routers.map(\.address.description)
                + ["vrid \(virtualRouter.key.vrid)", names.segment(virtualRouter.key.segment).name]
                + watched[position].findings.open.map(\.id)
            return words.contains { $0.lowercased().contains(wanted) }
        }
        return (order, Set(order.filter { (severity(of: $0) ?? .notice) > .notice }))
    }

    private func severity(of position: Int) -> Severity? {
        let worst = watched[position].findings.open.map(\.severity).max()
        switch state(of: position) {
        case .split, .none, .lost: return .critical
        case .blind, .uncertain: return max(worst ?? .warning, .warning)
        case .master:
            // A failover is over when it is told, and still what a person wants to see.
            guard latestChange(of: position, analysis.observation.end) == .timeout else { return worst }
            return max(worst ?? .warning, .warning)
        }
    }

    /// The cause of the latest change of the masters, while the marks of a row reach back to the change.
    private func latestChange(of position: Int, _ now: CaptureInstant?) -> Transition.Cause? {
        guard let now, let change = watched[position].changes.last, change.cause != .initial else { return nil }
        return now - change.instant < RecentMasters.slot * Int64(RecentMasters.inRow) ? change.cause : nil
    }

    /// The full-screen view at an instant by the clock of ``tick(at:)``; `order` is that of ``listed(matching:by:)``.
    package func screen(
        at instant: CaptureInstant,
        _ control: ScreenControl,
        order: [Int],
        _ size: ScreenSize,
        _ options: TextReport.Options
    ) -> ScreenState {
        let now = max(observation.end ?? instant, instant + analysis.clockCorrection)
        let sources = captures.map(\.source.escapedForTerminal).joined(separator: " ")
        var state = ScreenState(
            title: "vrrpwatch \(version)  \(sources)",
            clock: options.time.text(instant),
            status: status(at: instant)
        )
        state.isPaused = control.isPaused
        state.scroll = control.scroll
        state.filter = control.filter
        state.order = control.order
        state.showsLog = control.showsLog
        state.isTyping = control.isTyping
        state.hasSeveralSegments = names.hasSeveralSegments
        let selected = control.selected.flatMap { order.firstIndex(of: $0) } ?? 0
        let capacity = Screen.capacity(size, showsLog: control.showsLog)
        let first = control.firstListed(order, capacity)
        let shown = order[first..<min(first + capacity, order.count)]
        state.above = first
        state.below = order.count - shown.endIndex
        state.rows = shown.map { row($0, now) }
        state.selection = order.isEmpty ? nil : selected - first
        guard let position = order.indices.contains(selected) ? order[selected] : nil else {
            switch control.view {
            case .help: state.view = .help
            case .log: state.view = .log
            case .list, .details: break
            }
            return state
        }
        switch control.view {
        case .list: state.strip = strip(position, now, places: Screen.stripLength(size))
        case .details: state.view = .details(details(position, now, size, options))
        case .help: state.view = .help
        case .log: state.view = .log
        }
        return state
    }

    private func row(_ position: Int, _ now: CaptureInstant) -> ScreenState.Row {
        let virtualRouter = observation.virtualRouters[position]
        let latest = virtualRouter.routers.indices.max {
            virtualRouter.routers[$0].lastSeen < virtualRouter.routers[$1].lastSeen
        }
        let state = state(of: position)
        let isKnown = state == .master || state == .split || state == .blind
        let masters = isKnown ? watched[position].masters : latest.map { [$0] } ?? []
        let router = masters.first.map { virtualRouter.routers[$0] }
        let lastSeen = latest.map { virtualRouter.routers[$0].lastSeen } ?? virtualRouter.firstAdvert
        let hasSamples = (router?.cadence.samples ?? 0) > 0
        let findings = watched[position].findings.open.sorted { $0.severity > $1.severity }
        return ScreenState.Row(
            addresses: virtualRouter.addresses,
            segment: names.segment(virtualRouter.key.segment).name.escapedForTerminal,
            vrid: virtualRouter.key.vrid,
            family: virtualRouter.key.family,
            state: state,
            masters: masters.map { virtualRouter.routers[$0].address },
            priority: isKnown ? router?.priority : nil,
            since: now - (isKnown ? watched[position].since : lastSeen),
            adverts: virtualRouter.routers.reduce(0) { $0 + $1.adverts },
            gap: now - lastSeen,
            recent: recent(position, state, lastSeen, now),
            takeover: latest.flatMap { takeover(from: $0, of: virtualRouter, state, now) },
            p99: hasSamples ? router?.cadence.quantile(0.99) : nil,
            margin: hasSamples ? masters.first.map { margin(of: $0, in: virtualRouter) } : nil,
            change: latestChange(of: position, now),
            findings: findings.map { ($0.id, $0.severity) }
        )
    }

    /// The time until somebody must have taken over from the router that was heard last, once one and a half of its
    /// intervals have gone by without an advertisement.
    private func takeover(
        from router: Int,
        of virtualRouter: VirtualRouter,
        _ state: ScreenState.MasterState,
        _ now: CaptureInstant
    ) -> TimeSpan? {
        guard state == .master || state == .none else { return nil }
        let last = virtualRouter.routers[router]
        let gap = now - last.lastSeen
        guard last.priorities.last?.value != 0, gap * 2 > last.advertisementInterval * 3 else { return nil }
        // A router not yet heard may be of the lowest priority, and so be the slowest to take over.
        return virtualRouter.masterDownInterval(afterSilenceOf: router, assuming: 1) - gap
    }

    /// The time that was left before a takeover in the longest gap of a router.
    private func margin(of router: Int, in virtualRouter: VirtualRouter) -> TimeSpan {
        virtualRouter.masterDownInterval(afterSilenceOf: router, assuming: 254)
            - virtualRouter.routers[router].cadence.maximum
    }

    private func strip(_ position: Int, _ now: CaptureInstant, places: Int) -> ScreenState.Strip {
        let virtualRouter = observation.virtualRouters[position]
        let timeline = virtualRouter.history(in: observation).timeline
        let begin = now - RecentMasters.slot * Int64(places)
        let used = Set(timeline.lazy.filter { $0.end >= begin }.flatMap(\.masters))
        let letters = used.sorted().prefix(8).map {
            (letter: RecentMasters.letter($0), router: virtualRouter.routers[$0].address)
        }
        return ScreenState.Strip(
            places: RecentMasters(timeline, until: now, count: places).text,
            slot: RecentMasters.slot,
            letters: letters
        )
    }

    /// The marks of the last minutes for the row of a virtual router.
    private func recent(
        _ position: Int,
        _ state: ScreenState.MasterState,
        _ lastHeard: CaptureInstant,
        _ now: CaptureInstant
    )
        -> String
    {
        let masters = watched[position].masters
        let before: Character = masters.count > 1 ? "!" : masters.first.map(RecentMasters.letter) ?? "-"
        let since: Character =
            switch state {
            case .master, .split: before
            case .none, .lost: "-"
            case .blind, .uncertain: "?"
            }
        return watched[position].recent?.text(at: now, lastHeard: lastHeard, before: before, since: since) ?? ""
    }
}
