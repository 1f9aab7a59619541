extension HTMLPage {
    @MarkupBuilder<HTML>
    var changes: MarkupLines<HTML> {
        """
        <section id="changes" aria-labelledby="changes-h">
        <h2 id="changes-h">Changes of master</h2>
        """
        if page.transitions.isEmpty { "<p>Mastership did not change.</p>" }
        for transitions in page.transitions {
            "<h3 id=\"\(transitions.anchor)\">\(transitions.title)</h3>"
            table(transitions.rows, label: transitions.label)
            if let folded = transitions.folded {
                """
                <details>
                <summary>\(folded.title)</summary>
                """
                // The rows of the folded table are those of the virtual router, as its label says.
                table(folded.rows, label: transitions.label)
                "</details>"
            }
        }
        if let note = page.transitionsNote { faint(note) }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private func table(_ rows: [Page.Transitions.Row], label: String) -> MarkupLines<HTML> {
        """
        <div class="scroll" tabindex="0" role="group" aria-label="\(label)">
        <table class="changes">
        <thead><tr><th scope="col">No</th><th scope="col">At</th><th scope="col">Cause</th>\
        <th scope="col">What happened, and why we think so</th><th scope="col">Outage</th><th scope="col">Bound</th>\
        <th scope="col">Announced</th><th scope="col">Evidence</th></tr></thead>
        <tbody>
        """
        for row in rows {
            """
            <tr id="\(row.anchor)"><th scope="row">\(row.number)</th><td class="t">\(row.time)</td>\
            <td\(if: row.isGrave, " class=\"bad\"")>\(row.cause)</td>\
            <td class="w"><strong>\(row.summary)</strong><br>\(row.why)</td><td class="n">\(row.outage)</td>\
            <td class="n">\(row.bound)</td><td>\(row.announced)</td><td class="e">\(evidence(row.evidence))</td></tr>
            """
        }
        """
        </tbody>
        </table>
        </div>
        """
    }

    @MarkupBuilder<HTML>
    var findings: MarkupLines<HTML> {
        """
        <section id="findings" aria-labelledby="findings-h">
        <h2 id="findings-h">Findings</h2>
        """
        if page.findings.isEmpty { "<p>Nothing was found.</p>" }
        for finding in page.findings { article(finding) }
        for more in page.moreFindings {
            """
            <details>
            <summary>\(more.title)</summary>
            <ul class="more">
            """
            for finding in more.findings {
                """
                <li id="\(finding.anchor)"><strong>\(finding.summary)</strong> \
                <span class="faint">\(finding.place), \(finding.extent).</span> \(finding.why)\(links(finding.pictures))
                \(evidence(finding.evidence))</li>
                """
            }
            "</ul>"
            if let more = more.more { faint(more) }
            "</details>"
        }
        "</section>\n"
    }

    @MarkupBuilder<HTML>
    private func article(_ finding: Page.Finding) -> MarkupLines<HTML> {
        """
        <article class="finding \(finding.severity)" id="\(finding.anchor)">
        <h3><span class="tag"><span aria-hidden="true">\(finding.symbol)</span> \(finding.severity)</span> \(finding.id)</h3>
        <p><strong>\(finding.summary)</strong></p>
        <p class="faint">\(finding.place), \(finding.extent)</p>
        <p><b>Why we think so:</b> \(finding.why)</p>
        <p><b>What to do:</b> \(finding.remedy)</p>
        """
        if !finding.pictures.isEmpty { "<p>See it enlarged:\(links(finding.pictures))</p>" }
        "\(evidence(finding.evidence))</article>"
    }
}
