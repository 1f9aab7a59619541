internal import VRRPFindings

/// A word of reports as `vrrpwatch explain` explains it, if it is not the name of a finding.
package struct Term: Sendable {
    /// The sort of a word, in the order of the list.
    package enum Group: String, Sendable, CaseIterable {
        case cause = "CAUSES OF CHANGES"
        case state = "STATES OF A TIMELINE"
        case incident = "KINDS OF INCIDENTS"
        case column = "COLUMNS"
        case word = "WORDS"
    }

    /// The word as it is looked up, in lower case with hyphens.
    package var name: String
    /// Other words for the same.
    package var aliases: [String] = []
    package var group: Group
    /// The meaning in one line.
    package var summary: String
    /// Further facts.
    package var details: String = ""
    /// The thing to do where somebody meets it in trouble; empty where there is nothing.
    package var remedy: String = ""
    /// Names of findings and other words that go with it.
    package var related: [String] = []

    /// All words, those of one group together.
    package static let all = causes + states + incidents + columns + words

    /// The word of a name, in any case, with spaces or hyphens; `nil` where there is none.
    package static subscript(name: String) -> Term? {
        let name = lookup(name)
        return all.first { $0.name == name || $0.aliases.contains(name) }
    }

    /// All that `explain` knows: findings, words and their other names, and the page about capturing.
    package static var allNames: [String] {
        Catalogue.rules.map(\.id) + all.flatMap { [$0.name] + $0.aliases } + [CapturePage.name]
    }

    /// The form in which a word is looked up.
    package static func lookup(_ name: String) -> String {
        name.lowercased().split { $0 == " " || $0 == "_" || $0 == "-" }.joined(separator: "-")
    }

    /// Returns the page of the word.
    package func page(width: Int, style: TextStyle) -> String {
        var text = style.paint(name, .heading) + "  " + style.paint(group.rawValue.lowercased(), .faint) + "\n"
        text += wrapped(summary, width: width, indent: 0)
        if !details.isEmpty { text += "\n" + wrapped(details, width: width, indent: 0) }
        if !remedy.isEmpty {
            text += "\n" + style.paint("What to do", .heading) + "\n" + wrapped(remedy, width: width, indent: 2)
        }
        if !related.isEmpty {
            text += "\n" + wrapped("See also: \(related.joined(separator: ", "))", width: width, indent: 0)
        }
        return text
    }

    /// Returns the words, one a line with its meaning.
    package static func list(width: Int, style: TextStyle) -> String {
        Group.allCases.map { group in
            var table = TextTable([(group.rawValue, .left), ("MEANING", .prose)])
            for term in all where term.group == group {
                table.add([TextTable.Cell(term.name), TextTable.Cell(term.summary)])
            }
            var text = ""
            table.render(indent: 0, style: style, width: width, into: &text)
            return text
        }.joined(separator: "\n")
    }
}
