/// The form of a page, by which text becomes part of it.
enum PageForm: Sendable {
    case html
    case markdown

    /// A name from outside: of a file, an interface, a virtual router.
    func name(_ text: String) -> String {
        switch self {
        case .html: "<bdi>" + text.escapedForTerminal.escapedForMarkup + "</bdi>"
        case .markdown: text.escapedForTerminal.codeSpan
        }
    }

    /// A sentence, in which backquotes stand around code.
    func prose(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        // An odd backquote is text.
        guard parts.count % 2 == 1 else { return plain(text) }
        return parts.enumerated().map { index, part in
            index % 2 == 0 ? plain(part) : code(part)
        }.joined()
    }

    /// Text without any meaning but its own.
    func plain(_ text: String) -> String {
        switch self {
        case .html: text.escapedForTerminal.escapedForMarkup
        case .markdown: text.escapedForTerminal.escapedForMarkdown
        }
    }

    /// Words of ours and text that is visible already; in Markdown, what holds quoted text becomes code.
    func visible(_ text: String) -> String {
        switch self {
        case .html: text.escapedForMarkup
        case .markdown: text.contains("'") ? text.codeSpan : text.escapedForMarkdown
        }
    }

    /// Code of ours, to be copied.
    func code(_ text: String) -> String {
        switch self {
        case .html: "<code>" + text.escapedForTerminal.escapedForMarkup + "</code>"
        case .markdown: text.escapedForTerminal.codeSpan
        }
    }

    /// A link within the page, where its form has such.
    func link(_ markup: String, to anchor: String) -> String {
        switch self {
        case .html: "<a href=\"#\(anchor)\">\(markup)</a>"
        case .markdown: markup
        }
    }
}
