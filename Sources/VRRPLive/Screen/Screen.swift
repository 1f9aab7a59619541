internal import VRRPFacts
internal import VRRPFindings
package import VRRPReport
internal import VRRPWire

/// The full-screen view: a function from state and size to lines of text.
package enum Screen {
    /// The number of lines beside the list: title, status, a blank, the heading; a blank, the strip, its legend, the last
    /// event, keys.
    private static let frame = 9
    private static let help = [
        "", "  up, down, j, k      select a virtual router, or scroll", "  Enter               show details of it",
        "  Esc, Backspace      back to the list", "  p, space            pause the display; capture goes on",
        "  h, ?                this help", "  q                   end the watch", "",
        "  The list is sorted by trouble. ADV counts advertisements; GAP is the time since the",
        "  latest; P99 the time between two that 99 of 100 did not exceed; MARGIN how much",
        "  longer the longest could have been before another router took over.", "",
        "  The strip shows who was master, a letter for each router; ! stands for several",
        "  masters at once, - for none, ? for a time in which nothing could be seen.",
    ]

    /// The number of virtual routers that fit.
    package static func capacity(_ size: ScreenSize) -> Int { max(1, size.rows - frame) }

    /// The number of places in a strip.
    package static func stripLength(_ size: ScreenSize) -> Int { max(1, size.columns - 13) }

    /// The view as exactly one line for each row of the terminal; no line has more characters than there are columns, control
    /// sequences not counted.
    package static func draw(_ state: ScreenState, _ size: ScreenSize, style: TextStyle) -> [String] {
        var lines = head(state, size, style)
        let room = max(0, size.rows - lines.count - 1)
        switch state.view {
        case .list: lines += list(state, size, room, style)
        case .details(let details):
            lines += details.dropFirst(min(state.scroll, max(0, details.count - room))).prefix(room)
                .map { cutPainted($0, size.columns) }
        case .help: lines += help.prefix(room).map { cut($0, size.columns) }
        }
        lines = Array(lines.prefix(max(0, size.rows - 1)))
        while lines.count < size.rows - 1 { lines.append("") }
        let keys =
            switch state.view {
            case .list: "up/down select  Enter details  p pause  h help  q quit"
            case .details: "up/down scroll  Esc back  p pause  h help  q quit"
            case .help: "Esc back  q quit"
            }
        return lines + [style.paint(cut(keys, size.columns), .faint)]
    }

    private static func head(_ state: ScreenState, _ size: ScreenSize, _ style: TextStyle) -> [String] {
        let clock = (state.isPaused ? "PAUSED  " : "") + state.clock
        let title = cut(state.title, max(0, size.columns - clock.count - 2))
        let space = String(repeating: " ", count: max(1, size.columns - title.count - clock.count))
        let status = state.status.line(columns: size.columns)
        let worst = state.status.findings.filter { $0.value > 0 }.keys.max()
        return [
            style.paint(cut(title + space + clock, size.columns), .heading),
            worst.map { $0 > .notice ? style.paint(status, $0) : status } ?? status, "",
        ]
    }

    // MARK: The list

    private static func list(
        _ state: ScreenState,
        _ size: ScreenSize,
        _ room: Int,
        _ style: TextStyle
    ) -> [String] {
        let table = RowTable(state.rows, columns: size.columns)
        var lines = [style.paint(table.heading, .faint)]
        for (index, row) in state.rows.enumerated() {
            let line = table.line(row, isSelected: index == state.selection)
            if index == state.selection {
                lines.append(style.paint(line, .selected))
            } else {
                lines.append(row.severity.map { $0 > .notice ? style.paint(line, $0) : line } ?? line)
            }
        }
        if state.rows.isEmpty { lines.append("  no VRRP advertisement so far") }
        lines = Array(lines.prefix(max(0, room - 4)))
        while lines.count < room - 4 { lines.append("") }
        return lines + foot(state, size, style)
    }

    private static func foot(_ state: ScreenState, _ size: ScreenSize, _ style: TextStyle) -> [String] {
        let more = [
            state.above > 0 ? "\(state.above) more above" : nil, state.below > 0 ? "\(state.below) more below" : nil,
        ].compactMap { $0 }.joined(separator: ", ")
        var lines = [more.isEmpty ? "" : style.paint(cut("  " + more, size.columns), .faint)]
        if let strip = state.strip {
            let length = strip.slot * Int64(strip.places.count)
            let label = padded("last \(length.words(.cell))", 12) + " "
            lines.append(cut(label + strip.places, size.columns))
            let letters = strip.letters.map { "\($0.letter) \($0.router)" }.joined(separator: "  ")
            lines.append(style.paint(cut("  \(letters)  ! several  - none  ? not known", size.columns), .faint))
        } else {
            lines += ["", ""]
        }
        return lines + [state.lastEvent.map { cut($0, size.columns) } ?? ""]
    }

    /// A line that fits, with a mark where it had to be cut.
    static func cut(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : String(text.prefix(max(0, width - 1))) + (width > 0 ? "…" : "")
    }

    /// A line with colours, which take no place, cut to a width.
    private static func cutPainted(_ text: String, _ width: Int) -> String {
        var result = ""
        var used = 0
        var isSequence = false
        for character in text {
            if character == "\u{1b}" { isSequence = true }
            if isSequence {
                result.append(character)
                if character.isLetter { isSequence = false }
            } else if used < width {
                used += 1
                result.append(character)
            }
        }
        return result
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// The columns of the list, as wide as what is in them, and narrower where the screen is.
private struct RowTable {
    private let columns: [(title: String, width: Int, isNumber: Bool)]
    private let room: Int

    init(_ rows: [ScreenState.Row], columns room: Int) {
        self.room = room
        let titles = ["SEGMENT", "VRID", "AF", "MASTER", "PRIO", "SINCE", "ADV", "GAP", "P99", "MARGIN"]
        let cells = rows.map(Self.cells)
        var widths = titles.indices.map { column in
            cells.reduce(titles[column].count) { max($0, $1[column].count) }
        }
        // What is left is for findings, which need some room; names give way first.
        func excess() -> Int { 2 + widths.reduce(0) { $0 + $1 + 1 } + 11 - room }
        for (column, least) in [(3, 15), (0, 8), (3, 10)] where excess() > 0 {
            widths[column] = max(min(widths[column], least), widths[column] - excess())
        }
        let texts: Set = [0, 2, 3]
        columns = titles.indices.map { (titles[$0], widths[$0], !texts.contains($0)) }
    }

    var heading: String { assemble(columns.map(\.title) + ["FINDINGS"], mark: " ") }

    func line(_ row: ScreenState.Row, isSelected: Bool) -> String {
        let more = row.findings.count > 1 ? " +\(row.findings.count - 1)" : ""
        let findings = row.findings.first.map { $0.id + more } ?? (row.state == .lost ? "master-lost" : "")
        return assemble(Self.cells(row) + [findings], mark: isSelected ? ">" : " ")
    }

    private func assemble(_ cells: [String], mark: String) -> String {
        var line = mark + " "
        for (column, cell) in zip(columns, cells) {
            let text = Screen.cut(cell, column.width)
            let space = String(repeating: " ", count: column.width - text.count)
            line += (column.isNumber ? space + text : text + space) + " "
        }
        return Screen.padded(Screen.cut(line + (cells.last ?? ""), room), mark == ">" ? room : 0)
    }

    private static func count(_ number: Int) -> String {
        number < 100_000 ? "\(number)" : number < 10_000_000 ? "\(number / 1000)k" : "\(number / 1_000_000)M"
    }

    private static func cells(_ row: ScreenState.Row) -> [String] {
        let names = row.masters.map(\.description)
        let master: String =
            switch row.state {
            case .master: names.first ?? "-"
            case .split: (names.first ?? "-") + " +\(names.count - 1)"
            case .none, .lost: "none"
            case .blind, .uncertain: names.first.map { "? \($0)" } ?? "?"
            }
        return [
            row.segment, "\(row.vrid)", row.family.rawValue, master, row.priority.map { "\($0)" } ?? "-",
            row.since.map { $0.words(.cell) } ?? "-", Self.count(row.adverts), row.gap.words(.cell),
            row.p99.map { $0.words(.cell) } ?? "-", row.margin.map { $0.words(.cell) } ?? "-",
        ]
    }
}

extension ScreenState.Row {
    /// The severity of the virtual router's state, for colour and order.
    var severity: Severity? {
        let worst = findings.map(\.severity).max()
        switch state {
        case .split, .none, .lost: return .critical
        case .blind, .uncertain: return max(worst ?? .warning, .warning)
        case .master: return worst
        }
    }
}
