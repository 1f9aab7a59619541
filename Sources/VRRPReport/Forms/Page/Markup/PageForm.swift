/// The form of a page, by which text becomes part of it.
protocol PageForm: Sendable {
    /// Text without any meaning but its own, in which nothing acts on a terminal or a browser.
    static func escaped(_ text: String) -> String

    /// A name from outside: of a file, an interface, a virtual router.
    static func name(_ text: String) -> Markup<Self>

    /// Words of ours and text that is visible already.
    static func visible(_ text: String) -> Markup<Self>

    /// Code of ours, to be copied.
    static func code(_ text: String) -> Markup<Self>

    /// A command, which has lines of its own.
    static func command(_ text: String) -> Markup<Self>

    /// A link within the page, where its form has such.
    static func link(_ markup: Markup<Self>, to anchor: String) -> Markup<Self>

    /// Whether the form shows pictures, and with them everything at length.
    static var hasPictures: Bool { get }
}

extension PageForm {
    /// Text as it is.
    static func plain(_ text: String) -> Markup<Self> { "\(text)" }

    /// A sentence, in which backquotes stand around code.
    static func prose(_ text: String) -> Markup<Self> {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // An odd backquote is text.
        guard parts.count % 2 == 1 else { return plain(text) }
        let markup = parts.enumerated().map { index, part in index % 2 == 0 ? plain(part) : code(part) }
        return "\(markup)"
    }
}

enum HTML: PageForm {
    static let hasPictures = true

    static func escaped(_ text: String) -> String { text.escapedForTerminal.escapedForMarkup }

    static func name(_ text: String) -> Markup<Self> { "<bdi>\(text)</bdi>" }

    static func visible(_ text: String) -> Markup<Self> { Markup(escaped: text.escapedForMarkup) }

    static func code(_ text: String) -> Markup<Self> { "<code>\(text)</code>" }

    static func command(_ text: String) -> Markup<Self> { code(text) }

    static func link(_ markup: Markup<Self>, to anchor: String) -> Markup<Self> {
        "<a href=\"#\(anchor)\">\(markup)</a>"
    }
}

enum Markdown: PageForm {
    static let hasPictures = false

    static func escaped(_ text: String) -> String { text.escapedForTerminal.escapedForMarkdown }

    static func name(_ text: String) -> Markup<Self> { code(text) }

    /// Quoted text becomes code.
    static func visible(_ text: String) -> Markup<Self> {
        Markup(escaped: text.contains("'") ? text.codeSpan : text.escapedForMarkdown)
    }

    static func code(_ text: String) -> Markup<Self> { Markup(escaped: text.escapedForTerminal.codeSpan) }

    /// The lines of a fenced block, in which nothing has a meaning but the fence.
    static func command(_ text: String) -> Markup<Self> { Markup(escaped: text.escapedForTerminal) }

    static func link(_ markup: Markup<Self>, to anchor: String) -> Markup<Self> { markup }
}
