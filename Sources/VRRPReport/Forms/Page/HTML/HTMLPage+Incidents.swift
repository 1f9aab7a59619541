extension HTMLPage {
    @MarkupBuilder<HTML>
    var incidents: MarkupLines<HTML> {
        """
        <section id="incidents" aria-labelledby="incidents-h">
        <h2 id="incidents-h">What happened</h2>
        """
        if page.incidents.isEmpty { "<p>No master changed, and no master nearly lost mastership.</p>" }
        for incident in page.incidents { article(incident) }
        if let note = page.incidentsNote { faint(note) }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private func article(_ incident: Page.Happened) -> MarkupLines<HTML> {
        """
        <article class="finding \(incident.severity)" id="\(incident.anchor)">
        <h3><span class="tag"><span aria-hidden="true">\(incident.symbol)</span> \(incident.number)</span> \
        <span class="n">\(incident.time)</span> \(incident.kind)</h3>
        <p>\(incident.summary).</p>
        <p class="faint">\(incident.story)\(links(incident.findings))</p>
        """
        if let picture = incident.picture {
            """
            <h4>\(picture.title)</h4>
            <figure class="scroll" tabindex="0" role="group" aria-label="\(picture.label)">\(picture.markup)</figure>
            <p class="faint">\(picture.note.map { "\($0) " })\
            \(picture.changes.map { "<a href=\"#\($0.anchor)\">\($0.label)</a> " })<a href="#overview">overview</a></p>
            """
        }
        "</article>"
    }

    @MarkupBuilder<HTML>
    var impact: MarkupLines<HTML> {
        """
        <section id="impact" aria-labelledby="impact-h">
        <h2 id="impact-h">Impact</h2>
        """
        if page.hasVirtualRouters {
            for impacts in page.impacts { details(impacts) }
            """
            <p class="faint">An outage lasts from the last sign of the old master to the first advertisement of the new one; its \
            bound is the longest that the timers of the protocol allow.</p>
            """
        } else {
            "<p>No virtual router was seen.</p>"
        }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private func details(_ impacts: Page.Impacts) -> MarkupLines<HTML> {
        """
        <details\(if: impacts.isOpen, " open")>
        <summary>\(impacts.title)</summary>
        <div class="scroll" tabindex="0" role="group" aria-label="Impact: \(impacts.title)">
        <table>
        <thead><tr><th scope="col">Virtual router</th><th scope="col">Name in JSON</th><th scope="col">No master</th>\
        <th scope="col">Two or more</th><th scope="col">Failovers</th><th scope="col">Longest outage</th>\
        <th scope="col">Bound</th><th scope="col">Not observed</th><th scope="col">At the end</th></tr></thead>
        <tbody>
        """
        for row in impacts.rows {
            """
            <tr><th scope="row">\(row.name)</th><td>\(row.addresses)</td><td class="n">\(row.without)</td>\
            <td class="n">\(row.several)</td><td class="n">\(row.failovers)</td><td class="n\(if: row.isLate, " bad")">\
            \(row.outage)\(if: row.isLate, " <span class=\"sign\">late</span>")</td><td class="n">\(row.bound)</td>\
            <td class="n">\(row.notObserved)</td><td>\(row.state)</td></tr>
            """
        }
        """
        </tbody>
        </table>
        </div>
        """
        if let more = impacts.more { faint(more) }
        "</details>"
    }

    @MarkupBuilder<HTML>
    var timelines: MarkupLines<HTML> {
        """
        <section id="timeline" aria-labelledby="timeline-h">
        <h2 id="timeline-h">Timeline</h2>
        """
        for timeline in page.timelines {
            """
            <h3 id="\(timeline.anchor)">\(timeline.title)</h3>
            <figure class="scroll" tabindex="0" role="group" aria-label="\(timeline.label)">\(timeline.picture)</figure>
            """
            if let note = timeline.note { faint(note) }
        }
        if let note = page.timelinesNote { faint(note) }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    var paths: MarkupLines<HTML> {
        """
        <section id="paths" aria-labelledby="paths-h">
        <h2 id="paths-h">Where advertisements arrive</h2>
        <p>A row for each router that sends, a column for each that should hear it: how many of its advertisements arrived, and a \
        bar of the time in which they did (plain), did not (crossed), or in which no capture could show it (hatched).</p>
        <dl>
        """
        for point in page.points { "<dt>Point \(point.kind)</dt><dd>\(point.text)</dd>" }
        "</dl>"
        for paths in page.paths {
            """
            <h3 id="\(paths.anchor)">\(paths.title)</h3>
            <figure class="scroll" tabindex="0" role="group" aria-label="\(paths.label)">\(paths.picture)</figure>
            """
            for stretch in paths.breaks { "<p class=\"faint\">\(stretch).</p>" }
        }
        "</section>\n"
    }
}
