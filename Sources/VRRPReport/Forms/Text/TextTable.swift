/// Rows of text in aligned columns, with a heading; columns without any content are left out.
///
/// A table that is too wide for its place grows narrower step by step, and loses nothing that a column alone tells: instants
/// are shortened, columns that say one thing in all rows become words below the table, and columns that still have no room
/// follow in a second block.
package struct TextTable {
    package struct Cell {
        var text: String
        var role: TextStyle.Role?
        /// A shorter form, for a table that has no room for the long one.
        var short: String?

        package init(_ text: String, _ role: TextStyle.Role? = nil, short: String? = nil) {
            self.text = text
            self.role = role
            self.short = short
        }
    }

    package enum Alignment {
        case left, right
        /// Text that is broken into lines; in the last column only.
        case prose
    }

    /// The room that a column of prose needs at least.
    private static let leastProse = 20

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[Cell]] = []
    /// Lines that stand between rows, by the number of rows before them.
    private var notes: [Int: String] = [:]
    /// Words in place of a column that has no room, by the position of the column.
    private var substitutes: [Int: String] = [:]
    /// Words about the short forms of cells.
    private var shortNote: String?

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

    /// Gives words that stand for a whole column where there is no room for it; empty where the column may just go.
    mutating func substitute(column title: String, by words: String) {
        guard let column = columns.firstIndex(where: { $0.title == title }) else { return }
        substitutes[column] = words
    }

    /// Gives the words that are added where the short forms of cells are shown.
    mutating func note(ofShortForms words: String) { shortNote = words }

    /// Writes the table.
    ///
    /// - Parameters:
    ///   - indent: the number of spaces before each line.
    ///   - style: the colours.
    ///   - width: the number of places of a line; `nil` for as many as the table needs.
    ///   - text: the text that the table is added to.
    package func render(indent: Int, style: TextStyle, width: Int? = nil, into text: inout String) {
        var layout = Layout(self, room: width.map { $0 - indent })
        layout.shrink()
        let margin = String(repeating: " ", count: indent)
        for (number, block) in layout.blocks.enumerated() {
            layout.write(block, isFirst: number == 0, margin, style, into: &text)
        }
        guard !layout.words.isEmpty else { return }
        let words = layout.words.joined(separator: "; ")
        text +=
            layout.isFolded
            ? wrapped("All: \(words)", width: width ?? .max, indent: indent)
            : wrapped(words, width: width ?? .max, indent: indent)
    }
}

extension TextTable {
    /// A table on its way into the room that there is.
    private struct Layout {
        private let table: TextTable
        private let room: Int?
        private var rows: [[Cell]]
        private var used: [Int]
        private var widths: [Int]
        /// The columns that are shown together; the first column of the table begins each block.
        private(set) var blocks: [[Int]] = []
        /// The words below the table.
        private(set) var words: [String] = []
        /// Whether columns with one value became words.
        private(set) var isFolded = false

        init(_ table: TextTable, room: Int?) {
            self.table = table
            self.room = room
            rows = table.rows
            used = table.columns.indices.filter { index in table.rows.contains { !$0[index].text.isEmpty } }
            if used.isEmpty { used = Array(table.columns.indices) }
            widths = []
            measure()
        }

        private mutating func measure() {
            widths = table.columns.indices.map { index in
                rows.reduce(table.columns[index].title.count) { max($0, $1[index].text.count) }
            }
        }

        /// The places that columns take; prose takes what it needs at least.
        private func width(of columns: [Int]) -> Int {
            columns.reduce(-2) { sum, index in
                let isProse = table.columns[index].alignment == .prose
                return sum + 2 + (isProse ? min(widths[index], TextTable.leastProse) : widths[index])
            }
        }

        private var isTooWide: Bool { room.map { width(of: used) > $0 } ?? false }

        mutating func shrink() {
            if isTooWide { shorten() }
            for (column, words) in table.substitutes.sorted(by: { $0.key > $1.key }) where isTooWide {
                guard used.contains(column), used.count > 1 else { continue }
                used.removeAll { $0 == column }
                if !words.isEmpty { self.words.append(words) }
            }
            for column in used.dropFirst().reversed() where isTooWide && rows.count > 1 {
                guard rows.allSatisfy({ $0[column].text == rows[0][column].text && $0[column].role == nil }) else {
                    continue
                }
                used.removeAll { $0 == column }
                let title = table.columns[column].title
                words.insert("\(title == "MAC" ? title : title.lowercased()) \(rows[0][column].text)", at: 0)
                isFolded = true
            }
            divide()
        }

        private mutating func shorten() {
            guard rows.contains(where: { $0.contains { $0.short != nil } }) else { return }
            for row in rows.indices {
                for column in rows[row].indices {
                    if let short = rows[row][column].short { rows[row][column].text = short }
                }
            }
            if let note = table.shortNote { words.append(note) }
            measure()
        }

        private mutating func divide() {
            guard isTooWide, let room, let first = used.first else {
                blocks = [used]
                return
            }
            var block = [first]
            for column in used.dropFirst() {
                if block.count > 1, width(of: block + [column]) > room {
                    blocks.append(block)
                    block = [first]
                }
                block.append(column)
            }
            blocks.append(block)
        }

        func write(_ block: [Int], isFirst: Bool, _ margin: String, _ style: TextStyle, into text: inout String) {
            write(table.columns.map { Cell($0.title, .faint) }, block, margin, style, into: &text)
            for (index, row) in rows.enumerated() {
                if isFirst, let note = table.notes[index] { text += margin + style.paint(note, .faint) + "\n" }
                guard isFirst || block.dropFirst().contains(where: { !row[$0].text.isEmpty }) else { continue }
                write(row, block, margin, style, into: &text)
            }
            if isFirst, let note = table.notes[rows.count] { text += margin + style.paint(note, .faint) + "\n" }
        }

        private func write(
            _ cells: [Cell],
            _ block: [Int],
            _ margin: String,
            _ style: TextStyle,
            into text: inout String
        ) {
            var line = margin
            var place = margin.count
            let last = block.last { !cells[$0].text.isEmpty } ?? block[0]
            for index in block where index <= last {
                let cell = cells[index]
                let isLast = index == last
                if index != block.first {
                    line += "  "
                    place += 2
                }
                let padding = String(repeating: " ", count: max(0, widths[index] - cell.text.count))
                switch table.columns[index].alignment {
                case .left: line += style.paint(cell.text, cell.role) + (isLast ? "" : padding)
                case .right: line += padding + style.paint(cell.text, cell.role)
                case .prose:
                    let end = room.map { $0 + margin.count } ?? .max
                    let lines = wrapped(cell.text, width: end, indent: place).split(separator: "\n")
                    for (number, part) in lines.enumerated() {
                        if number > 0 { line += "\n" + String(repeating: " ", count: place) }
                        line += style.paint(String(part.dropFirst(place)), cell.role)
                    }
                }
                place += widths[index]
            }
            text += line + "\n"
        }
    }
}
