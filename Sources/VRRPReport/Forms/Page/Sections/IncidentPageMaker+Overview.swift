internal import VRRPFacts
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    /// The number of virtual routers that have a row in the overview.
    private static var mostRows: Int { 600 }
    /// The number of groups beyond which virtual routers are grouped by who is master instead.
    private static var mostGroups: Int { 40 }

    var overview: Page.Overview {
        guard Form.hasPictures, let start = document.start, let end = document.end else { return Page.Overview() }
        let picture = OverviewPicture(from: start, to: end, time)
        let flags = document.incidents.map { incident in
            OverviewPicture.Flag(incident: incident, anchor: incidentAnchors[incident.id] ?? "incidents")
        }
        var overview = Page.Overview()
        overview.head = picture.head(flags, id: "axis")
        overview.groups = groups(ranked.prefix(Self.mostRows).map(\.position)).map { group in
            Page.Overview.Group(
                picture: group.count == 1
                    ? row(group[0], picture)
                    : picture.row(
                        group.map { document.virtualRouters[$0] },
                        named: name(group),
                        id: "group-\(anchors.virtualRouters[group[0]])"
                    ),
                members: group.count == 1 ? [] : group.map { row($0, picture) }
            )
        }
        overview.start = "\(start.nanoseconds / 1_000_000)"
        overview.length = "\((end - start).nanoseconds / 1_000_000)"
        overview.zones =
            time.isUTC
            ? ""
            : time.offsets(from: start, to: end).map { "\($0.since.nanoseconds / 1_000_000):\($0.minutes)" }
                .joined(separator: " ")
        overview.note = overviewNote
        return overview
    }

    /// The name of the row of a group, as in `10.51.0.134 and 8 more`.
    private func name(_ group: [Int]) -> String {
        let virtualRouter = document.virtualRouters[group[0]]
        let first = virtualRouter.addresses.first?.description ?? "VRID \(virtualRouter.vrid)"
        return "\(first) and \(group.count - 1) more"
    }

    private func row(_ position: Int, _ picture: OverviewPicture) -> Markup<HTML> {
        picture.row(member(position), id: "row-\(anchors.virtualRouters[position])")
    }

    private func member(_ position: Int) -> OverviewPicture.Member {
        let virtualRouter = document.virtualRouters[position]
        return OverviewPicture.Member(
            virtualRouter: virtualRouter,
            slug: anchors.virtualRouters[position],
            timeline: detailed.contains(position) ? anchors.timeline(position) : nil,
            filter: filter(virtualRouter)
        )
    }

    /// A display filter for the advertisements of a virtual router and for the claims of its addresses.
    private func filter(_ virtualRouter: ReportDocument.VirtualRouter) -> String {
        let field = virtualRouter.family == .ipv4 ? "arp.src.proto_ipv4" : "icmpv6.nd.na.target_address"
        let parts =
            ["vrrp.virt_rtr_id == \(virtualRouter.vrid)"]
            + virtualRouter.addresses.prefix(8).map { "\(field) == \($0)" }
        let vlan = virtualRouter.segment.vlans.last.map { "vlan.id == \($0) && " } ?? ""
        return "\(vlan)(\(parts.joined(separator: " || ")))"
    }

    private var overviewNote: String {
        var notes = [
            "Virtual routers to which the same happened together share a row. It shows the gravest state of any of them, "
                + "and opens to a row for each.",
            "Changes that stand too close together are drawn as one; the number at the end of the row counts them all. "
                + "A flag with × and a number stands for that many incidents.",
        ]
        let hidden = document.virtualRouters.count - Self.mostRows
        if hidden > 0 {
            let verb = hidden == 1 ? "is" : "are"
            notes.append("\(Words.count(hidden, "more virtual router")) \(verb) in the JSON form.")
        }
        let flags = document.incidents.count - OverviewPicture.mostFacts
        if flags > 0 { notes.append("The flags of the last \(flags) incidents are not drawn when you zoom in.") }
        return notes.joined(separator: " ")
    }

    /// The virtual routers of each row of the overview, by position: those that moved together, in order of gravity.
    ///
    /// Two virtual routers moved together if the same incidents are theirs. Where that leaves too many rows, those of one
    /// segment that had the same master for most of the time are together.
    private func groups(_ positions: [Int]) -> [[Int]] {
        var incidents: [String: [Int]] = [:]
        for incident in document.incidents {
            for virtualRouter in incident.virtualRouters { incidents[virtualRouter, default: []].append(incident.id) }
        }
        let together = grouped(positions) { position in
            let virtualRouter = document.virtualRouters[position]
            // A virtual router whose incidents are its own is alone with them.
            return incidents[virtualRouter.id].map { "\($0)" } ?? "nothing happened, \(masters(virtualRouter))"
        }
        guard together.count > Self.mostGroups else { return together }
        return grouped(positions) { position in
            let virtualRouter = document.virtualRouters[position]
            return "\(virtualRouter.segment.name) \(mainMaster(virtualRouter))"
        }
    }

    private func grouped(_ positions: [Int], by key: (Int) -> String) -> [[Int]] {
        var groups: [[Int]] = []
        var known: [String: Int] = [:]
        for position in positions {
            let name = key(position)
            if let group = known[name] {
                groups[group].append(position)
            } else {
                known[name] = groups.count
                groups.append([position])
            }
        }
        return groups
    }

    private func masters(_ virtualRouter: ReportDocument.VirtualRouter) -> String {
        Set(virtualRouter.timeline.flatMap(\.masters)).sorted().joinedByPlus
    }

    private func mainMaster(_ virtualRouter: ReportDocument.VirtualRouter) -> String {
        virtualRouter.routers.max { $0.masterTime < $1.masterTime }?.address.description ?? "-"
    }

    // MARK: Enlarged pictures

    /// The picture of one incident: the virtual router that it hurt most with all its routers, and a row for the others;
    /// `nil` for one that concerns no virtual router.
    func enlarged(_ incident: ReportDocument.Incident, id: String) -> Page.Happened.Picture? {
        guard Form.hasPictures, let position = hurtMost(by: incident) else { return nil }
        let virtualRouter = document.virtualRouters[position]
        let window = self.window(around: incident, in: virtualRouter)
        let concerned = Set(incident.virtualRouters)
        let others = document.virtualRouters.filter { $0.id != virtualRouter.id && concerned.contains($0.id) }
        let picture = TimelinePicture(
            virtualRouter,
            id: "picture-\(id)",
            from: window.start,
            to: window.end,
            time,
            left: OverviewPicture.left
        )
        let name = label(virtualRouter)
        var markup = picture.render(title: "\(name) from \(time.text(window.start)) to \(time.text(window.end))")
        if !others.isEmpty {
            let rows = OverviewPicture(from: window.start, to: window.end, time, hasSums: false)
            let name = others.count == 1 ? OverviewPicture.name(of: others[0]) : "\(others.count) more of them"
            markup += rows.row(others, named: name, id: "others-\(id)")
        }
        let anchors = anchors(of: position)
        let links = incident.transitions.filter { $0.virtualRouter == virtualRouter.id && anchors.contains($0.index) }
            .prefix(Self.mostChanges).map { reference in
                Page.Link(
                    anchor: transitionAnchor(position, reference.index),
                    label: "change \(reference.index + 1), \(virtualRouter.transitions[reference.index].cause.rawValue)"
                )
            }
        return Page.Happened.Picture(
            label: "\(name), enlarged from \(time.text(window.start)) to \(time.text(window.end))",
            title: "Enlarged: \(title(virtualRouter)), \((window.end - window.start).words(.table))",
            markup: markup,
            changes: Array(links),
            note: picture.busyNote
        )
    }

    /// The number of changes that a picture links to.
    private static var mostChanges: Int { 8 }

    /// The virtual router whose outage is the longest of an incident, by position.
    private func hurtMost(by incident: ReportDocument.Incident) -> Int? {
        let known = incident.virtualRouters.compactMap { positions[$0] }
        var worst: (position: Int, outage: TimeSpan)?
        for reference in incident.transitions {
            guard let position = positions[reference.virtualRouter] else { continue }
            let outage = document.virtualRouters[position].transitions[reference.index].outage ?? .zero
            if worst.map({ outage > $0.outage }) ?? true { worst = (position, outage) }
        }
        return worst?.position ?? known.first
    }

    /// The time of an incident with so much around it that its beginning and its end are seen.
    private func window(
        around incident: ReportDocument.Incident,
        in virtualRouter: ReportDocument.VirtualRouter
    ) -> (start: CaptureInstant, end: CaptureInstant) {
        let length = incident.end - incident.start
        let margin = max(virtualRouter.interval * 2, length / 6)
        let first = document.start ?? incident.start
        let last = document.end ?? incident.end
        return (min(max(incident.start - margin, first), last), max(min(incident.end + margin, last), first))
    }
}
