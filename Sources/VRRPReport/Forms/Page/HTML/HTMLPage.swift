/// A page as HTML: one file that needs nothing else and asks for nothing.
///
/// Each of its sections is an extension beside this file.
struct HTMLPage {
    typealias Page = IncidentPage<HTML>

    let page: Page

    init(_ page: Page) { self.page = page }

    @MarkupBuilder<HTML>
    var lines: MarkupLines<HTML> {
        head
        """
        <body>
        <a class="skip" href="#verdict">Skip to the verdict</a>
        """
        Asset.patterns
        """
        <header>
        <h1>\(page.title)</h1>
        <p class="span">\(page.span) <span class="faint">(times: \(page.zone))</span></p>
        """
        for limit in page.scope { "<p class=\"scope\">Narrowed: \(limit)</p>" }
        """
        </header>
        <main>
        """
        verdict
        contents
        overview
        incidents
        impact
        timelines
        if !page.paths.isEmpty { paths }
        if !page.logs.isEmpty { logs }
        changes
        findings
        regularity
        comparisons
        captures
        reproduction
        """
        </main>
        <script>\(Asset.script)</script>
        </body>
        </html>
        """
    }

    /// `.ci/page-hash` writes the hash of the script into the policy.
    @MarkupBuilder<HTML>
    private var head: MarkupLines<HTML> {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-zodWcwt5UZ93dCCPqunwmho+eRyVAivmJXW/PXB+jA8='; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="vrrpwatch \(page.version)">
        <title>\(page.title)</title>
        <style>
        """
        Asset.style
        """
        </style>
        </head>
        """
    }

    @MarkupBuilder<HTML>
    var verdict: MarkupLines<HTML> {
        """
        <section id="verdict" class="verdict \(page.verdictClass)" aria-labelledby="verdict-h">
        <h2 id="verdict-h">Verdict</h2>
        <p class="badge">\(page.verdictLabel)</p>
        <p class="lead">\(page.effect) \(page.cause)</p>
        """
        if !page.checks.isEmpty {
            """
            <p><b>Check next:</b></p>
            <ol>
            """
            for check in page.checks { "<li>\(check)</li>" }
            "</ol>"
        }
        """
        <p class="faint">\(page.summary).\(page.verdictLinks.map { " <a href=\"#\($0.anchor)\">See \($0.label)</a>." })</p>
        </section>
        """
    }

    @MarkupBuilder<HTML>
    private var contents: MarkupLines<HTML> {
        """
        <nav aria-label="Contents">
        <ul>
        <li><a href="#overview">Overview</a></li>
        <li><a href="#incidents">What happened</a></li>
        <li><a href="#impact">Impact</a></li>
        <li><a href="#timeline">Timeline</a></li>
        """
        if !page.paths.isEmpty { "<li><a href=\"#paths\">Where advertisements arrive</a></li>" }
        if !page.logs.isEmpty { "<li><a href=\"#logs\">What the routers said</a></li>" }
        """
        <li><a href="#changes">Changes of master</a></li>
        <li><a href="#findings">Findings</a></li>
        <li><a href="#jitter">Regularity</a></li>
        <li><a href="#advertised">What was advertised</a></li>
        <li><a href="#capture">Capture quality</a></li>
        <li><a href="#reproduce">How to reproduce</a></li>
        </ul>
        </nav>

        """
    }

    @MarkupBuilder<HTML>
    private var reproduction: MarkupLines<HTML> {
        """
        <section id="reproduce" aria-labelledby="reproduce-h">
        <h2 id="reproduce-h">How to reproduce</h2>
        <p>This command of vrrpwatch \(page.version) makes the same report from the same files:</p>
        <p class="scroll command" tabindex="0" role="group" aria-label="Command">\(page.command)</p>
        <p>Each statement has a display filter beside it. Open the file that is named there in Wireshark, and paste the filter.</p>
        </section>
        """
    }

    // MARK: Parts of several sections

    func faint(_ text: String) -> Markup<HTML> { "<p class=\"faint\">\(text)</p>" }

    /// Links, each with a space before it.
    func links(_ links: [Page.Link]) -> Markup<HTML> {
        "\(links.map { " <a href=\"#\($0.anchor)\">\($0.label)</a>" })"
    }

    func evidence(_ evidence: [Evidence<HTML>]) -> Markup<HTML> {
        "\(evidence.map { "<p class=\"evidence\">\($0.capture) \($0.filter)</p>" })"
    }
}

/// The files of the folder `Assets`, which are part of the program.
enum Asset {
    static let wallScript = String(decoding: PackageResources.wall_js, as: UTF8.self)
    static let script = Markup<HTML>(escaped: String(decoding: PackageResources.page_js, as: UTF8.self))
    static let style = MarkupLines<HTML>(escaped: String(decoding: PackageResources.style_css, as: UTF8.self))
    static let patterns = MarkupLines<HTML>(escaped: String(decoding: PackageResources.patterns_svg, as: UTF8.self))
}
