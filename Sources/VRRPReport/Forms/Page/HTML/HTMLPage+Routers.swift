extension HTMLPage {
    @MarkupBuilder<HTML>
    var regularity: MarkupLines<HTML> {
        """
        <section id="jitter" aria-labelledby="jitter-h">
        <h2 id="jitter-h">Regularity of advertisements</h2>
        """
        if page.jitter.rows.isEmpty {
            "<p>No router sent two advertisements in a row.</p>"
        } else {
            table(page.jitter.rows)
            if let more = page.jitter.more { faint(more) }
            for chart in page.jitter.charts {
                """
                <h3>\(chart.title)</h3>
                <div class="charts">
                <figure class="scroll" tabindex="0" role="group" aria-label="Distribution of \(chart.label)">\(chart.cumulative)</figure>
                <figure class="scroll" tabindex="0" role="group" aria-label="Histogram of \(chart.label)">\(chart.histogram)</figure>
                </div>
                """
            }
            if let more = page.jitter.moreCharts { faint(more) }
        }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private func table(_ rows: [Page.Jitter.Row]) -> MarkupLines<HTML> {
        """
        <p>The time between one advertisement and the next, in milliseconds. When it exceeds the Master_Down_Interval of the best \
        other router, that router takes over; <q>to failover</q> is the time that was left at the longest gap.</p>
        <div class="scroll" tabindex="0" role="group" aria-label="Time between advertisements">
        <table>
        <thead><tr><th scope="col">Router</th><th scope="col">Virtual router</th><th scope="col">Gaps</th><th scope="col">Mean</th>\
        <th scope="col">Std dev</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th>\
        <th scope="col">Longest</th><th scope="col">Late</th><th scope="col">Missed</th><th scope="col">To failover</th>\
        <th scope="col">Evidence</th></tr></thead>
        <tbody>
        """
        for row in rows {
            """
            <tr><th scope="row">\(row.router)</th><td>\(row.place)</td><td class="n">\(row.samples)</td>\
            \(row.spans.map { "<td class=\"n\">\($0)</td>" })<td class="n">\(row.late)</td><td class="n">\(row.missed)</td>\
            <td class="n\(if: row.isNear, " bad")">\(row.margin)\(if: row.isNear, " <span class=\"sign\">near</span>")</td>\
            <td class="e">\(row.filter)\(evidence(row.evidence))</td></tr>
            """
        }
        """
        </tbody>
        </table>
        </div>
        """
    }

    @MarkupBuilder<HTML>
    var comparisons: MarkupLines<HTML> {
        """
        <section id="advertised" aria-labelledby="advertised-h">
        <h2 id="advertised-h">What each router advertised</h2>
        """
        if page.comparisons.isEmpty { "<p>Nothing was advertised.</p>" }
        for comparison in page.comparisons {
            table(comparison)
            if let note = comparison.note { faint(note) }
        }
        if let note = page.comparisonsNote { faint(note) }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private func table(_ comparison: Page.Comparison) -> MarkupLines<HTML> {
        """
        <h3>\(comparison.title)</h3>
        <div class="scroll" tabindex="0" role="group" aria-label="\(comparison.label)">
        <table class="compare">
        <thead><tr><td></td>\(comparison.heads.map { "<th scope=\"col\">\($0.router)</th>" })</tr></thead>
        <tbody>
        """
        for row in comparison.rows {
            """
            <tr\(if: row.differs, " class=\"differs\"")><th scope="row">\(row.name)\
            \(if: row.differs, " <span class=\"sign\">≠ differs</span>")</th>\(row.cells.map { "<td>\($0)</td>" })</tr>
            """
        }
        """
        <tr><th scope="row">Evidence</th>\
        \(comparison.heads.map { "<td class=\"e\">\($0.filter)\(evidence($0.evidence))</td>" })</tr>
        </tbody>
        </table>
        </div>
        """
    }

    @MarkupBuilder<HTML>
    var captures: MarkupLines<HTML> {
        """
        <section id="capture" aria-labelledby="capture-h">
        <h2 id="capture-h">Capture quality</h2>
        """
        for capture in page.captures { quality(capture) }
        if !page.blindSpots.isEmpty {
            """
            <h3>Where the capture could not see</h3>
            <dl>
            """
            for spot in page.blindSpots { "<dt>\(spot.kind)</dt><dd>\(spot.text)</dd>" }
            "</dl>"
        }
        if let note = page.capturesNote { faint(note) }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private func quality(_ capture: Page.Capture) -> MarkupLines<HTML> {
        """
        <h3 id="\(capture.anchor)">\(capture.name)</h3>
        <dl>
        <dt>Form</dt><dd>\(capture.form)</dd>
        <dt>Size</dt><dd>\(capture.size) bytes</dd>
        <dt>SHA-256</dt><dd>\(capture.hash)</dd>
        <dt>Packets</dt><dd>\(capture.packets), from \(capture.span)</dd>
        <dt>Of these</dt><dd>\(capture.counts)</dd>
        <dt>Dropped</dt><dd>\(capture.drops)</dd>
        """
        for problem in capture.problems { "<dt>\(problem.kind)</dt><dd class=\"bad\">\(problem.text)</dd>" }
        "</dl>"
    }
}
