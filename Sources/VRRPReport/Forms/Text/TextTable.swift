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
