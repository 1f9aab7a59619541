/// An SVG picture in the making: elements with class names, which the page's style colours.
///
/// Coordinates have one decimal and never depend on a locale, so the same facts give the same bytes.
struct Drawing {
    private(set) var content = ""
    private var hasLinks = false
    let width: Double
    let height: Double

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    /// A number with at most one decimal.
    static func number(_ value: Double) -> String {
        guard value.magnitude < 1e6 else { return "0" }
        let tenths = Int((value * 10).rounded())
        let text = "\(tenths.magnitude / 10)" + (tenths % 10 == 0 ? "" : ".\(tenths.magnitude % 10)")
        return tenths < 0 ? "-" + text : text
    }

    mutating func rectangle(
        _ x: Double,
        _ y: Double,
        _ width: Double,
        _ height: Double,
        _ style: String,
        title: String? = nil
    ) {
        let (x, y) = (Self.number(x), Self.number(y))
        let place = "x=\"\(x)\" y=\"\(y)\" width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
        content += "<rect \(place) class=\"\(style)\"" + Self.end(of: "rect", title)
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
        let (x1, y1, x2, y2) = (Self.number(x1), Self.number(y1), Self.number(x2), Self.number(y2))
        content += "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" class=\"\(style)\"/>"
    }

    mutating func path(_ commands: String, _ style: String, title: String? = nil) {
        content += "<path d=\"\(commands)\" class=\"\(style)\"" + Self.end(of: "path", title)
    }

    /// Text, which may come from anywhere; `anchor` is `start`, `middle` or `end`.
    mutating func text(
        _ text: String,
        _ x: Double,
        _ y: Double,
        anchor: String = "start",
        _ style: String = "",
        title: String? = nil
    ) {
        let place = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
        let side = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
        let style = style.isEmpty ? "" : " class=\"\(style)\""
        let title = title.map { "<title>\($0.escapedForTerminal.escapedForMarkup)</title>" } ?? ""
        content += "<text \(place)\(side)\(style)>\(text.escapedForTerminal.escapedForMarkup)\(title)</text>"
    }

    /// Draws what belongs together, such as the bars that a script replaces.
    mutating func group(_ style: String, _ draw: (inout Self) -> Void) {
        content += "<g class=\"\(style)\">"
        draw(&self)
        content += "</g>"
    }

    /// Draws a link within the page.
    mutating func link(to anchor: String, label: String, _ draw: (inout Self) -> Void) {
        content += "<a href=\"#\(anchor)\" aria-label=\"\(label.escapedForTerminal.escapedForMarkup)\">"
        draw(&self)
        content += "</a>"
        hasLinks = true
    }

    /// The picture as an element, with what it shows in words for those who do not see it.
    ///
    /// - Parameters:
    ///   - id: the start of the ids of its words.
    ///   - style: the classes.
    ///   - title: what it shows, in one line.
    ///   - description: what it shows, in sentences.
    ///   - data: facts for the page's script, by their names without `data-`.
    /// - Returns: the markup, for which all text in it was escaped when it was drawn.
    func element(
        id: String,
        style: String,
        title: String,
        description: String,
        data: [(name: String, value: String)] = []
    ) -> Markup<HTML> {
        let size = "viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
        // What is inside of an image is no link.
        let role = hasLinks ? "group" : "img"
        let facts = data.map { " data-\($0.name)=\"\($0.value.escapedForTerminal.escapedForMarkup)\"" }.joined()
        let element =
            "<svg \(size) class=\"\(style)\" role=\"\(role)\" aria-labelledby=\"\(id)-t \(id)-d\"\(facts)>"
            + "<title id=\"\(id)-t\">\(title.escapedForTerminal.escapedForMarkup)</title>"
            + "<desc id=\"\(id)-d\">\(description.escapedForTerminal.escapedForMarkup)</desc>"
            + content + "</svg>"
        return Markup(escaped: element)
    }

    private static func end(of element: String, _ title: String?) -> String {
        guard let title else { return "/>" }
        return "><title>\(title.escapedForTerminal.escapedForMarkup)</title></\(element)>"
    }
}
