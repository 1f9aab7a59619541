// Text from packets and file names, escaped for pages: it is shown and does nothing.

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
