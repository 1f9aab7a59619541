internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    /// The number of pictures of incidents on a page.
    private static let mostZooms = 36
    private static let mostStrips = 600

    var timelines: [IncidentPage.Timeline] {
        var zooms: [Int: [Incident]] = [:]
        var hidden: [Int: Int] = [:]
        var rest = Self.mostZooms
        for impact in ranked where detailed.contains(impact.position) {
            let (shown, others) = document.virtualRouters[impact.position].incidents
            zooms[impact.position] = Array(shown.prefix(rest))
            hidden[impact.position] = others + max(0, shown.count - rest)
            rest -= min(rest, shown.count)
        }
        return detailed.map { position in
            timeline(position, zooms[position] ?? [], hidden: hidden[position] ?? 0)
        }
    }

    private func timeline(_ position: Int, _ incidents: [Incident], hidden: Int) -> IncidentPage.Timeline {
        let virtualRouter = document.virtualRouters[position]
        let start = document.start ?? virtualRouter.timeline.first?.start ?? .distantPast
        let end = document.end ?? virtualRouter.timeline.last?.end ?? start
        let anchors = anchors(of: position)
        func picture(_ id: String, _ from: CaptureInstant, _ to: CaptureInstant, _ title: String) -> String {
            guard form == .html else { return "" }
            return TimelinePicture(virtualRouter, id: id, from: from, to: to, time).render(title: title)
        }
        func changes(_ window: (start: CaptureInstant, end: CaptureInstant)) -> [IncidentPage.Link] {
            virtualRouter.transitions.enumerated().filter { index, transition in
                anchors.contains(index) && transition.instant >= window.start && transition.instant <= window.end
            }.map { index, transition in
                let label = "change \(index + 1), \(transition.cause.rawValue)"
                return IncidentPage.Link(anchor: transitionAnchor(position, index), label: label)
            }
        }
        let name = label(virtualRouter)
        var notes: [String] = []
        if hidden > 0 { notes.append("\(Words.count(hidden, "more incident")) are not enlarged.") }
        let rows = virtualRouter.routers.count - TimelinePicture.mostRouters
        if rows > 0 { notes.append("\(Words.count(rows, "more router")) have no row.") }
        return IncidentPage.Timeline(
            anchor: "timeline-\(position)",
            titleMarkup: title(virtualRouter),
            label: "Timeline of \(name)",
            pictureMarkup: picture("whole-\(position)", start, end, "Who was master of \(name) when"),
            zooms: incidents.enumerated().map { index, incident in
                let window = virtualRouter.window(around: incident)
                let length = incident.end - incident.start
                let title =
                    time.text(incident.start) + (length == .zero ? "" : ", \(length.words(.table))") + ": "
                    + Words.count(incident.changes, "change") + " of master"
                let heading = "Enlarged: \(name) from \(time.text(window.start)) to \(time.text(window.end))"
                return IncidentPage.Timeline.Zoom(
                    title: title,
                    pictureMarkup: picture("zoom-\(position)-\(index)", window.start, window.end, heading),
                    changes: changes(window)
                )
            },
            note: notes.isEmpty ? nil : notes.joined(separator: " ")
        )
    }

    var stripsTitle: String {
        let others = document.virtualRouters.count - detailed.count
        return others > Self.mostStrips
            ? "\(Self.mostStrips) of \(others) more virtual routers, the gravest first"
            : "\(Words.count(others, "more virtual router")), the gravest first"
    }

    /// One row each for the virtual routers that are not shown in detail.
    var strips: [IncidentPage.Timeline] {
        guard form == .html else { return [] }
        return ranked.dropFirst(limits.detailed).prefix(Self.mostStrips).map { impact in
            let virtualRouter = document.virtualRouters[impact.position]
            let start = document.start ?? .distantPast
            let picture = TimelinePicture(
                virtualRouter,
                id: "strip-\(impact.position)",
                from: start,
                to: document.end ?? start,
                time,
                isStrip: true
            )
            return IncidentPage.Timeline(
                anchor: "",
                titleMarkup: "",
                label: "",
                pictureMarkup: picture.renderStrip(title: "Who was master of \(label(virtualRouter)) when"),
                zooms: [],
                note: nil
            )
        }
    }
}
