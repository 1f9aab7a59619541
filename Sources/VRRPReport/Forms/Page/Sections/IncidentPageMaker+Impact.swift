internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    var impactGroups: [Page.Impacts] {
        let titles: [(Int, String)] = [
            (3, "With a critical finding"), (2, "With a warning"), (1, "With a notice"), (0, "Without a finding"),
        ]
        var rest = limits.impactRows
        return titles.compactMap { weight, title in
            let group = ranked.filter { $0.severity.weight == weight }
            guard !group.isEmpty else { return nil }
            let shown = group.prefix(rest)
            rest -= shown.count
            let hidden = group.count - shown.count
            return Page.Impacts(
                title: "\(title): \(Words.count(group.count, "virtual router"))",
                isOpen: weight == 3 || impacts.count <= limits.detailed,
                rows: shown.map(row),
                more: hidden > 0 ? "\(hidden) more are in the JSON form." : nil
            )
        }
    }

    private func row(_ impact: Impact) -> Page.Impacts.Row {
        let virtualRouter = document.virtualRouters[impact.position]
        let longest = impact.longest.map { virtualRouter.transitions[$0] }
        var outage = Form.plain(longest?.outage.map { $0.inMilliseconds } ?? "–")
        if let index = impact.longest, anchors(of: impact.position).contains(index) {
            outage = Form.link(outage, to: transitionAnchor(impact.position, index))
        }
        let last = virtualRouter.timeline.last
        return Page.Impacts.Row(
            name: detailed.contains(impact.position)
                ? Form.link(title(virtualRouter), to: anchors.timeline(impact.position)) : title(virtualRouter),
            addresses: Form.name(virtualRouter.id),
            without: impact.withoutMaster.words(.table),
            several: impact.severalMasters.words(.table),
            failovers: "\(impact.failovers)",
            outage: outage,
            bound: longest?.bound.map { $0.inMilliseconds } ?? "–",
            isLate: longest?.isLate ?? false,
            notObserved: impact.notObserved.words(.table),
            state: last.map { $0.masters.isEmpty ? $0.state.rawValue : $0.mastersInWords } ?? "–"
        )
    }
}
