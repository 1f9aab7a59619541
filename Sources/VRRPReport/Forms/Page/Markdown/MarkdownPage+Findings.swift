extension MarkdownPage {
    @MarkupBuilder<Markdown>
    var findings: MarkupLines<Markdown> {
        "## Findings\n"
        if page.findings.isEmpty { "Nothing was found.\n" }
        for finding in page.findings {
            """
            ### \(finding.symbol) \(finding.severity) \(finding.id)

            **\(finding.summary)**

            - Where and when: \(finding.place), \(finding.extent)
            - Why we think so: \(finding.why)
            - What to do: \(finding.remedy)
            """
            for evidence in finding.evidence { "- Evidence: \(evidence.capture) \(evidence.filter)" }
            ""
        }
        for more in page.moreFindings {
            "### \(more.title)\n"
            for finding in more.findings {
                """
                - **\(finding.summary)** \(finding.place), \(finding.extent). \(finding.why)\
                \(finding.evidence.map { " \($0.capture) \($0.filter)" })
                """
            }
            if let more = more.more { "\n\(more)" }
            ""
        }
    }

    @MarkupBuilder<Markdown>
    var regularity: MarkupLines<Markdown> {
        "## Regularity of advertisements\n"
        if page.jitter.rows.isEmpty {
            "No router sent two advertisements in a row.\n"
        } else {
            """
            Time between advertisements in milliseconds.

            | router | virtual router | gaps | mean | std dev | p50 | p95 | p99 | longest | late | missed | to failover | evidence |
            |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|
            """
            for row in page.jitter.rows {
                """
                | \(row.router) | \(row.place) | \(row.samples) |\(row.spans.map { " \($0) |" }) \(row.late) | \(row.missed) | \
                \(row.margin)\(if: row.isNear, " (near)") | \(row.filter)\(further(row.evidence)) |
                """
            }
            ""
            if let more = page.jitter.more { "\(more)\n" }
        }
    }

    @MarkupBuilder<Markdown>
    var comparisons: MarkupLines<Markdown> {
        "## What each router advertised\n"
        if page.comparisons.isEmpty { "Nothing was advertised.\n" }
        for comparison in page.comparisons {
            """
            ### \(comparison.title)

            | |\(comparison.heads.map { " \($0.router) |" })
            |---|\(comparison.heads.map { _ in "---|" })
            """
            for row in comparison.rows {
                "| \(row.name)\(if: row.differs, " **≠ differs**") |\(row.cells.map { " \($0) |" })"
            }
            "| Evidence |\(comparison.heads.map { " \($0.filter)\(further($0.evidence)) |" })\n"
            if let note = comparison.note { "\(note)\n" }
        }
        if let note = page.comparisonsNote { "\(note)\n" }
    }

    private func further(_ evidence: [Evidence<Markdown>]) -> Markup<Markdown> {
        "\(evidence.map { "; \($0.capture) \($0.filter)" })"
    }
}
