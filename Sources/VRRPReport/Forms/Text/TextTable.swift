package import VRRPFindings
package import VRRPTracker

/// Colours for the roles that text plays, or none.
package enum TextStyle: Sendable {
    case plain
    /// Control sequences of ECMA-48, which every terminal knows.
    case ansi

    package enum Role: String {
        case heading = "1"
        case critical = "1;31"
        case warning = "33"
        case notice = "36"
        case good = "32"
        case faint = "2"
        case selected = "7"
    }

    /// The text in the colour of a severity.
    package func paint(_ text: String, _ severity: Severity) -> String { paint(text, severity.role) }

    /// The text in the colour of a cause, where it has one.
    package func paint(_ text: String, _ cause: Transition.Cause) -> String { paint(text, cause.role) }

    package func paint(_ text: String, _ role: Role?) -> String {
        guard self == .ansi, let role, !text.isEmpty else { return text }
        return "\u{1b}[\(role.rawValue)m\(text)\u{1b}[0m"
    }
}

/// Rows of text in aligned columns, with a heading; columns without any content are left out.
package struct TextTable {
    package struct Cell {
        var text: String
        var role: TextStyle.Role?

        package init(_ text: String, _ role: TextStyle.Role? = nil) {
            self.text = text
            self.role = role
        }
    }

    package enum Alignment {
        case left, right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[Cell]] = []
    /// Lines that stand between rows, by the number of rows before them.
    private var notes: [Int: String] = [:]

    package init(_ columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns
    }

    /// Adds a row, a cell for each column.
    package mutating func add(_ cells: [Cell]) {
        precondition(cells.count == columns.count)
        rows.append(cells)
    }

    mutating func add(note: String) {
        notes[rows.count] = note
    }

    package func render(indent: Int, style: TextStyle, into text: inout String) {
        let used = columns.indices.filter { index in rows.contains { !$0[index].text.isEmpty } }
        let widths = columns.indices.map { index in
            rows.reduce(columns[index].title.count) { max($0, $1[index].text.count) }
        }
        let margin = String(repeating: " ", count: indent)
        func line(_ cells: [Cell]) {
            text += margin
            for index in used {
                let cell = cells[index]
                let padding = String(repeating: " ", count: widths[index] - cell.text.count)
                let isLast = index == used.last
                if index != used.first { text += "  " }
                switch columns[index].alignment {
                case .left: text += style.paint(cell.text, cell.role) + (isLast ? "" : padding)
                case .right: text += padding + style.paint(cell.text, cell.role)
                }
            }
            text += "\n"
        }
        line(columns.map { Cell($0.title, .faint) })
        for (index, row) in rows.enumerated() {
            if let note = notes[index] { text += margin + style.paint(note, .faint) + "\n" }
            line(row)
        }
        if let note = notes[rows.count] { text += margin + style.paint(note, .faint) + "\n" }
    }
}

/// Breaks text between words into lines of a width, where a word fits one.
package func wrapped(_ text: String, width: Int, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var result = ""
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
        var line = ""
        for word in paragraph.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width - indent {
                result += margin + line + "\n"
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { result += margin + line + "\n" }
    }
    return result
}
