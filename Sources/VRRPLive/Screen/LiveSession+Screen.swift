internal import VRRPFacts
internal import VRRPFindings
package import VRRPReport
internal import VRRPTracker
package import VRRPWire

extension LiveSession {
    /// The time that a place of the strip stands for.
    private static let slot = TimeSpan.seconds(5)

    /// The positions of all virtual routers, those in trouble first.
    package var troubleOrder: [Int] {
        let keys = watched.indices.map { position in
            let severity = severity(of: position)
            let key = observation.virtualRouters[position].key
            return (trouble: severity.map { Severity.allCases.firstIndex(of: $0) ?? 0 } ?? -1, name: (key.segment, key))
        }
        return watched.indices.sorted { left, right in
            if keys[left].trouble != keys[right].trouble { return keys[left].trouble > keys[right].trouble }
            let (a, b) = (keys[left].name.1, keys[right].name.1)
            if a.segment != b.segment {
                return (a.segment.interface, a.segment.name) < (b.segment.interface, b.segment.name)
            }
            return (a.family.rawValue, a.vrid) < (b.family.rawValue, b.vrid)
        }
    }

    /// The virtual routers of ``troubleOrder`` of which an address, the VRID, the segment, a router or a finding matches a text.
    ///
    /// - Parameter filter: the text, in any case; `nil` or empty for all.
    /// - Returns: their positions, and the number of those in trouble, which come first.
    package func listed(matching filter: String?) -> (order: [Int], troubled: Int) {
        let wanted = (filter ?? "").lowercased()
        let order = troubleOrder.filter { position in
            guard !wanted.isEmpty else { return true }
            let virtualRouter = observation.virtualRouters[position]
            let words =
                virtualRouter.addresses.map(\.description) + virtualRouter.routers.map(\.address.description)
                + ["vrid \(virtualRouter.key.vrid)", names.segment(virtualRouter.key.segment).name]
                + watched[position].findings.open.map(\.id)
            return words.contains { $0.lowercased().contains(wanted) }
        }
        return (order, order.count { (severity(of: $0) ?? .notice) > .notice })
    }

    private func severity(of position: Int) -> Severity? {
        let worst = watched[position].findings.open.map(\.severity).max()
        switch state(of: position) {
        case .split, .none, .lost: return .critical
        case .blind, .uncertain: return max(worst ?? .warning, .warning)
        case .master: return worst
        }
    }

    /// The full-screen view at an instant by the clock of ``tick(at:)``; `order` is ``troubleOrder``.
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
        state.isTyping = control.isTyping
        state.hasSeveralSegments = names.hasSeveralSegments
        let selected = control.selected.flatMap { order.firstIndex(of: $0) } ?? 0
        let capacity = Screen.capacity(size)
        let first = max(0, min(selected - capacity / 2, order.count - capacity))
        let shown = order[first..<min(first + capacity, order.count)]
        state.above = first
        state.below = order.count - shown.endIndex
        state.rows = shown.map { row($0, now) }
        state.selection = order.isEmpty ? nil : selected - first
        guard let position = order.indices.contains(selected) ? order[selected] : nil else {
            if control.view == .help { state.view = .help }
            return state
        }
        switch control.view {
        case .list: state.strip = strip(position, now, places: Screen.stripLength(size))
        case .details: state.view = .details(details(position, now, size, options))
        case .help: state.view = .help
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
            takeover: latest.flatMap { takeover(from: $0, of: virtualRouter, state, now) },
            p99: hasSamples ? router?.cadence.quantile(0.99) : nil,
            margin: hasSamples ? masters.first.map { margin(of: $0, in: virtualRouter) } : nil,
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
        let history = virtualRouter.history(in: observation)
        var strip = [Character](repeating: " ", count: places)
        // The places keep their contents while time goes on, because they begin at whole multiples of their length.
        let slot = Self.slot.nanoseconds
        let last = now.nanoseconds / slot
        var used: [Int] = []
        for interval in history.timeline.reversed() {
            let from = interval.start.nanoseconds / slot
            let to = min(last, max(interval.start.nanoseconds, interval.end.nanoseconds - 1) / slot)
            guard to > last - Int64(places) else { break }
            for master in interval.masters where !used.contains(master) { used.append(master) }
            for number in max(from, last - Int64(places) + 1)...max(to, from, last - Int64(places) + 1)
            where number <= last {
                let place = places - 1 - Int(last - number)
                strip[place] = Self.graver(Self.mark(interval), strip[place])
            }
        }
        let letters = used.sorted().prefix(8).map {
            (letter: Self.letter($0), router: virtualRouter.routers[$0].address)
        }
        return ScreenState.Strip(places: String(strip), slot: Self.slot, letters: letters)
    }

    private static func mark(_ interval: TimelineInterval) -> Character {
        switch interval.state {
        case .master: letter(interval.masters.first ?? 0)
        case .split: "!"
        case .none: "-"
        case .notObserved, .uncertain: "?"
        }
    }

    private static func letter(_ router: Int) -> Character {
        Character(UnicodeScalar(UInt8(ascii: "A") + UInt8(router % 26)))
    }

    /// The graver of two marks for one place; of two masters the later one, which is there already.
    private static func graver(_ mark: Character, _ present: Character) -> Character {
        let order: [Character] = ["!", "-", "?"]
        let rank = { (mark: Character) in order.firstIndex(of: mark) ?? (mark == " " ? 9 : 8) }
        return rank(mark) < rank(present) ? mark : present
    }
}
