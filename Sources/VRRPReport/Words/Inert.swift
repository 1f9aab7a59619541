// Text from packets and file names on its way into a page: shown, and able to do nothing.

extension String {
    /// The text for HTML and SVG, in content and in quoted attributes.
    var escapedForMarkup: String {
        guard utf8.contains(where: { $0 == 0x26 || $0 == 0x3c || $0 == 0x3e || $0 == 0x22 || $0 == 0x27 }) else {
            return self
        }
        var text = ""
        for character in unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    /// The text within a paragraph or a cell of Markdown (CommonMark 0.31 section 2.4, GFM section 4.10).
    var escapedForMarkdown: String {
        var text = ""
        for scalar in unicodeScalars {
            if "\\`*_[]<>|~&$#!@".unicodeScalars.contains(scalar) { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// The text as a code span of Markdown, in which nothing is a link, a mention or an element.
    var codeSpan: String {
        let fence = String(repeating: "`", count: longestRun(of: "`") + 1)
        let padding = hasPrefix("`") || hasSuffix("`") || isEmpty ? " " : ""
        // Inside a table even code is split at a bar that has no backslash before it.
        return fence + padding + split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
            + padding + fence
    }

    private func longestRun(of character: Character) -> Int {
        var longest = 0
        var run = 0
        for element in self {
            run = element == character ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

/// The form of a page, which decides how text becomes part of it.
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
