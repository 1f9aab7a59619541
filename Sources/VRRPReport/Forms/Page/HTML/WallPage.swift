/// The page on the wall: what is wrong now, and who is master of what, as several sensors see it.
///
/// It says everything without a script; `wall.js` only keeps it up to date.
package struct WallPage {
    /// A sensor in words.
    package struct Sensor: Sendable {
        package var name: String
        package var state: String
        /// Whether what it sees is up to date.
        package var isLiving: Bool
        package var detail: String

        package init(name: String, state: String, isLiving: Bool, detail: String) {
            self.name = name
            self.state = state
            self.isLiving = isLiving
            self.detail = detail
        }
    }

    private let html: HTMLPage
    private let sensors: [Sensor]

    /// - Parameters:
    ///   - document: what was judged so far.
    ///   - sensors: in their order.
    ///   - options: the look of the page.
    package init(_ document: ReportDocument, _ sensors: [Sensor], _ options: IncidentReport.Options) {
        var document = document
        // One segment after the other, each in the order of its virtual routers' first advertisements.
        let sorted = document.virtualRouters.enumerated().sorted { one, other in
            (one.element.segment.name, one.offset) < (other.element.segment.name, other.offset)
        }
        document.virtualRouters = sorted.map(\.element)
        html = HTMLPage(IncidentPage(document, options))
        self.sensors = sensors
    }

    /// The page as HTML.
    package var text: String { lines.text }

    /// The script that keeps the page up to date.
    package static var script: String { Asset.wallScript }

    @MarkupBuilder<HTML>
    private var lines: MarkupLines<HTML> {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="generator" content="vrrpwatch \(html.page.version)">
        <title>\(html.page.title)</title>
        <style>
        """
        Asset.style
        """
        </style>
        <script src="/wall.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#verdict">Skip to the verdict</a>
        """
        Asset.patterns
        """
        <header>
        <h1>\(html.page.title)</h1>
        <p class="faint" id="live" role="status">Load the page again to see what is new.</p>
        </header>
        <main>
        <p class="span">\(html.page.span) <span class="faint">(times: \(html.page.zone))</span></p>
        """
        html.verdict
        html.incidents
        html.overview
        sensorTable
        html.timelines
        html.changes
        html.findings
        """
        </main>
        <footer><p class="faint"><a href="/api/v1/report">The report as JSON</a> <a href="/metrics">Metrics</a></p></footer>
        </body>
        </html>
        """
    }

    @MarkupBuilder<HTML>
    private var sensorTable: MarkupLines<HTML> {
        """
        <section id="sensors" aria-labelledby="sensors-h">
        <h2 id="sensors-h">Sensors</h2>
        <div class="scroll" tabindex="0" role="group" aria-label="Sensors">
        <table>
        <thead><tr><th scope="col">Sensor</th><th scope="col">State</th><th scope="col">What it told</th></tr></thead>
        <tbody>
        """
        for sensor in sensors {
            """
            <tr><th scope="row">\(HTML.name(sensor.name))</th><td\(if: !sensor.isLiving, " class=\"bad\"")>\(sensor.state)</td>\
            <td>\(sensor.detail)</td></tr>
            """
        }
        """
        </tbody>
        </table>
        </div>
        </section>

        """
    }
}
