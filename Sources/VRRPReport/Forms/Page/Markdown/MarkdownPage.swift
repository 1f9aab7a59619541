/// A page as Markdown, for tickets and mail.
struct MarkdownPage {
    typealias Page = IncidentPage<Markdown>

    let page: Page

    init(_ page: Page) { self.page = page }

    @MarkupBuilder<Markdown>
    var lines: MarkupLines<Markdown> {
        """
        # \(page.title)

        \(page.span) (times: \(page.zone))
        """
        for limit in page.scope { "\nNarrowed: \(limit)" }
        """

        **Verdict.** \(page.effect) \(page.cause)

        """
        if !page.checks.isEmpty {
            "Check next:\n"
            for (index, check) in page.checks.enumerated() { "\(index + 1). \(check)" }
            ""
        }
        """
        \(page.summary).

        """
        incidents
        impact
        if !page.paths.isEmpty { paths }
        if !page.logs.isEmpty { logs }
        changes
        findings
        regularity
        comparisons
        captures
        """

        ## How to reproduce

        This command of vrrpwatch \(page.version) makes the same report from the same files:

        ```sh
        \(page.command)
        ```
        """
    }

    @MarkupBuilder<Markdown>
    private var incidents: MarkupLines<Markdown> {
        "## What happened\n"
        if page.incidents.isEmpty { "No master changed, and no master nearly lost mastership." }
        for incident in page.incidents {
            "- \(incident.symbol) \(incident.time) \(incident.kind): \(incident.summary)."
        }
        if let note = page.incidentsNote { "\n\(note)" }
        ""
    }

    @MarkupBuilder<Markdown>
    private var impact: MarkupLines<Markdown> {
        "## Impact\n"
        if page.hasVirtualRouters {
            """
            | virtual router | name in JSON | no master | two or more | failovers | longest outage | bound | not observed | at the end |
            |---|---|--:|--:|--:|--:|--:|--:|---|
            """
            for row in page.impacts.flatMap(\.rows) {
                """
                | \(row.name) | \(row.addresses) | \(row.without) | \(row.several) | \(row.failovers) | \
                \(row.outage)\(if: row.isLate, " (late)") | \(row.bound) | \(row.notObserved) | \(row.state) |
                """
            }
            for more in page.impacts.compactMap(\.more) { "\n\(more)" }
        } else {
            "No virtual router was seen."
        }
        ""
    }

    @MarkupBuilder<Markdown>
    private var paths: MarkupLines<Markdown> {
        "## Where advertisements arrive\n"
        for point in page.points { "- Point \(point.kind): \(point.text)" }
        ""
        for paths in page.paths {
            """
            ### \(paths.title)

            | from |\(paths.receivers.map { " to \($0) |" })
            |---|\(paths.receivers.map { _ in "---|" })
            """
            for row in paths.rows { "| \(row.sender) |\(row.cells.map { " \($0) |" })" }
            ""
            for stretch in paths.breaks { "- \(stretch)" }
            ""
        }
    }

    @MarkupBuilder<Markdown>
    private var logs: MarkupLines<Markdown> {
        "## What the routers said\n"
        for log in page.logs { "- \(log.text)" }
        """

        | at | router | virtual router | said | text |
        |---|---|---|---|---|
        """
        for saying in page.sayings {
            "| \(saying.time) | \(saying.router) | \(saying.place) | \(saying.kind) | \(saying.text) |"
        }
        if let note = page.sayingsNote { "\n\(note)" }
        ""
    }

    @MarkupBuilder<Markdown>
    private var changes: MarkupLines<Markdown> {
        "## Changes of master\n"
        if page.transitions.isEmpty { "Mastership did not change.\n" }
        for transitions in page.transitions {
            """
            ### \(transitions.title)

            | at | cause | what happened, and why we think so | outage | bound | announced | evidence |
            |---|---|---|--:|--:|---|---|
            """
            for row in transitions.rows { line(row) }
            if let folded = transitions.folded {
                for row in folded.rows { line(row) }
                "\nThe last rows are \(folded.title)."
            }
            ""
        }
        if let note = page.transitionsNote { "\(note)\n" }
    }

    private func line(_ row: Page.Transitions.Row) -> Markup<Markdown> {
        """
        | \(row.time) | \(row.cause) | **\(row.summary)** \(row.why) | \(row.outage) | \(row.bound) | \(row.announced) | \
        \(row.evidence.map { "\($0.capture) \($0.filter) " })|
        """
    }

    @MarkupBuilder<Markdown>
    private var captures: MarkupLines<Markdown> {
        "## Capture quality\n"
        for capture in page.captures {
            """
            - \(capture.name) (\(capture.form)): \(capture.packets) packets in \(capture.size) bytes, from \(capture.span)
              - \(capture.counts), dropped: \(capture.drops)
              - SHA-256 \(capture.hash)
            """
            for problem in capture.problems { "  - \(problem.kind): \(problem.text)" }
        }
        for spot in page.blindSpots { "- The capture could not see at \(spot.kind): \(spot.text)" }
        if let note = page.capturesNote { "\n\(note)" }
    }
}
