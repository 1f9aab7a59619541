extension HTMLPage {
    /// The section of what the routers' own logs say.
    @MarkupBuilder<HTML>
    var logs: MarkupLines<HTML> {
        """
        <section id="logs" aria-labelledby="logs-h">
        <h2 id="logs-h">What the routers said</h2>
        <dl>
        """
        for log in page.logs { "<dt>\(log.kind)</dt><dd>\(log.text)</dd>" }
        """
        </dl>
        <div class="scroll" tabindex="0" role="group" aria-label="Statements of the routers' logs">
        <table>
        <thead><tr><th scope="col">at</th><th scope="col">router</th><th scope="col">virtual router</th>\
        <th scope="col">said</th><th scope="col">text</th></tr></thead>
        <tbody>
        """
        for saying in page.sayings {
            """
            <tr><td class="t">\(saying.time)</td><td>\(saying.router)</td><td>\(saying.place)</td><td>\(saying.kind)</td>\
            <td class="w">\(saying.text)</td></tr>
            """
        }
        """
        </tbody>
        </table>
        </div>
        """
        if let note = page.sayingsNote { "<p class=\"faint\">\(note)</p>" }
        "</section>\n"
    }
}
