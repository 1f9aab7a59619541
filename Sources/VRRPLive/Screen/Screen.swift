internal import VRRPFacts
internal import VRRPFindings
package import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// The full-screen view: a function from state and size to lines of text.
package enum Screen {
    /// The number of lines above the list: title, status, a blank, the heading.
    static let head = 4
    /// The number of lines around the list: those above; a blank, the strip, its legend, the last event, keys.
    private static let frame = head + 5
    private static let help = [
        "", "  up, down, j, k      select a virtual router, or scroll",
        "  Enter               show details of it",
        "  Esc, Backspace      back to the list; in the list, end the filter",
        "  n                   go to the next one in trouble",
        "  /                   show only matches of an address, router, finding",
        "  s                   sort by trouble, address, VRID, latest change",
        "  l                   show the latest events below the list, all, none",
        "  click, wheel        select, again for details; scroll",
        "  m                   leave the mouse to the terminal, take it back",
        "  p, space            pause the display; capture goes on",
        "  h, ?, q             this help; end the watch", "",
        "  RECENT and the strip show who was master. A place is five seconds, the",
        "  latest on the right: a letter for each router, ! several masters,",
        "  - none, ? not known. An overdue master counts down to the takeover.",
        "  ADV: the number of advertisements. GAP: the time since the latest.",
        "  P99: 99 of 100 gaps between two are not longer. MARGIN: how much",
        "  longer the longest gap could have been before a takeover.",
    ]

    /// The number of virtual routers that fit.
    package static func capacity(_ size: ScreenSize, showsLog: Bool = false) -> Int {
        max(1, size.rows - frame + 1 - logLines(size, showsLog))
    }

    /// The number of events below the list.
    private static func logLines(_ size: ScreenSize, _ showsLog: Bool) -> Int { showsLog ? max(3, size.rows / 3) : 1 }

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
        case .log:
            let scrolled = min(state.scroll, max(0, state.log.count - room))
            lines += state.log.dropLast(scrolled).suffix(room).map { cut($0, size.columns) }
            if state.log.isEmpty { lines.append(cut("  no event so far", size.columns)) }
        }
        lines = Array(lines.prefix(max(0, size.rows - 1)))
        while lines.count < size.rows - 1 { lines.append("") }
        let keys =
            switch state.view {
            case .list where state.isTyping: "/\(state.filter ?? "")_  Enter keep  Esc all"
            case .list where state.filter != nil: "/\(state.filter ?? "")  Esc all  n next trouble  q quit"
            case .list: "h help  q quit  Enter details  n next trouble  / filter  s sort  l log  p pause"
            case .details: "up/down scroll  Esc back  p pause  h help  q quit"
            case .help: "Esc back  q quit"
            case .log: "up/down scroll  l, Esc back to the list  p pause  h help  q quit"
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
        let table = RowTable(state.rows, columns: size.columns, namesSegments: state.hasSeveralSegments)
        var lines = [style.paint(table.heading, .faint)]
        for (index, row) in state.rows.enumerated() {
            let line = table.line(row, isSelected: index == state.selection)
            if index == state.selection {
                lines.append(style.paint(line, .selected))
            } else {
                lines.append(row.severity.map { $0 > .notice ? style.paint(line, $0) : line } ?? line)
            }
        }
        if state.rows.isEmpty {
            lines.append(
                cut(state.filter == nil ? "  no VRRP advertisement so far" : "  nothing matches", size.columns)
            )
        }
        let foot = foot(state, size, style)
        lines = Array(lines.prefix(max(0, room - foot.count)))
        while lines.count < room - foot.count { lines.append("") }
        return lines + foot
    }

    private static func foot(_ state: ScreenState, _ size: ScreenSize, _ style: TextStyle) -> [String] {
        let more = [
            state.above > 0 ? "\(state.above) more above" : nil, state.below > 0 ? "\(state.below) more below" : nil,
            state.order == .trouble ? nil : "sorted by \(state.order.rawValue)",
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
        let events = state.log.suffix(logLines(size, state.showsLog)).map { cut($0, size.columns) }
        return lines + events + repeatElement("", count: logLines(size, state.showsLog) - events.count)
    }

    /// A line that fits, with a mark where it had to be cut.
    static func cut(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : String(text.prefix(max(0, width - 1))) + (width > 0 ? "~" : "")
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

/// The columns of the list, as wide as what is in them; where the screen is narrow, those go that tell least.
private struct RowTable {
    private enum Column: String, CaseIterable {
        case address = "ADDRESS"
        case segment = "SEGMENT"
        case vrid = "VRID"
        case master = "MASTER"
        case priority = "PRIO"
        case since = "SINCE"
        case adverts = "ADV"
        case gap = "GAP"
        case p99 = "P99"
        case margin = "MARGIN"
        case recent = "RECENT"

        var isNumber: Bool { ![.address, .segment, .master, .recent].contains(self) }
    }

    /// The columns that a narrow screen goes without, the first one first.
    private static let dispensable: [Column] = [.adverts, .p99, .priority, .margin, .gap, .recent, .segment]
    /// The number of recent marks that are worth a column.
    private static let leastRecent = 10
    /// The room that the last column has at least, which tells what is wrong.
    private static let leastNote = 16

    private var columns: [(column: Column, width: Int)]
    private let room: Int
    /// The room that the last column needs.
    private var note = Self.leastNote

    init(_ rows: [ScreenState.Row], columns room: Int, namesSegments: Bool) {
        self.room = room
        columns = Column.allCases.filter { $0 != .segment || namesSegments }.map { column in
            let usual = { rows.reduce(column.rawValue.count) { max($0, Self.text($1, column).count) } }
            return (column, column == .recent ? Self.leastRecent : usual())
        }
        func narrow(_ column: Column, to least: Int) {
            guard let index = columns.firstIndex(where: { $0.column == column }), excess > 0 else { return }
            columns[index].width = max(min(columns[index].width, least), columns[index].width - excess)
        }
        narrow(.address, to: 15)
        narrow(.master, to: 19)
        for column in Self.dispensable where excess > 0 { columns.removeAll { $0.column == column } }
        narrow(.master, to: 10)
        narrow(.address, to: 10)
        note = rows.reduce(note) { max($0, Self.note($1).count) }
        if let recent = columns.firstIndex(where: { $0.column == .recent }) {
            columns[recent].width = min(RecentMasters.inRow, Self.leastRecent + max(0, -excess))
        }
    }

    /// The number of places by which the row is too long.
    private var excess: Int { 2 + columns.reduce(0) { $0 + $1.width + 1 } + note - room }

    var heading: String { assemble(columns.map(\.column.rawValue) + ["FINDINGS"], mark: " ") }

    func line(_ row: ScreenState.Row, isSelected: Bool) -> String {
        assemble(columns.map { Self.text(row, $0.column) } + [Self.note(row)], mark: isSelected ? ">" : " ")
    }

    /// The most urgent of what is wrong: a takeover that is near, a finding, or a change of a minute ago.
    private static func note(_ row: ScreenState.Row) -> String {
        if row.state == .lost { return row.findings.first?.id ?? "master-lost" }
        if let takeover = row.takeover {
            return takeover > .zero ? "takeover: \(takeover.words(.cell))" : "no takeover"
        }
        let more = row.findings.count > 1 ? " +\(row.findings.count - 1)" : ""
        if let first = row.findings.first { return first.id + more }
        // SINCE says when.
        return row.change.map { $0 == .timeout ? "failover" : $0.rawValue } ?? ""
    }

    private func assemble(_ cells: [String], mark: String) -> String {
        var line = mark + " "
        for ((column, width), cell) in zip(columns, cells) {
            let text = column == .recent ? String(cell.suffix(width)) : Screen.cut(cell, width)
            let space = String(repeating: " ", count: width - text.count)
            line += (column.isNumber ? space + text : text + space) + " "
        }
        return Screen.padded(Screen.cut(line + (cells.last ?? ""), room), mark == ">" ? room : 0)
    }

    private static func count(_ number: Int) -> String {
        number < 100_000 ? "\(number)" : number < 10_000_000 ? "\(number / 1000)k" : "\(number / 1_000_000)M"
    }

    private static func text(_ row: ScreenState.Row, _ column: Column) -> String {
        switch column {
        case .address:
            guard let first = row.addresses.first else { return "-" }
            return "\(first)" + (row.addresses.count > 1 ? " +\(row.addresses.count - 1)" : "")
        case .segment: return row.segment
        case .vrid: return "\(row.vrid)"
        case .master: return master(row)
        case .priority: return row.priority.map { "\($0)" } ?? "-"
        case .since: return row.since.map { $0.words(.cell) } ?? "-"
        case .adverts: return count(row.adverts)
        case .gap: return row.gap.words(.cell)
        case .p99: return row.p99.map { $0.words(.cell) } ?? "-"
        case .margin: return row.margin.map { $0.words(.cell) } ?? "-"
        case .recent: return row.recent
        }
    }

    /// The master; of a split both, or the first two of more.
    private static func master(_ row: ScreenState.Row) -> String {
        let names = row.masters.map(\.description)
        switch row.state {
        case .master: return names.first ?? "-"
        case .split: return names.prefix(2).joined(separator: " + ") + (names.count > 2 ? " +\(names.count - 2)" : "")
        case .none, .lost: return "none"
        case .blind, .uncertain: return names.first.map { "? \($0)" } ?? "?"
        }
    }
}

extension ScreenState.Row {
    /// The severity of the virtual router's state, for colour and order.
    var severity: Severity? {
        let worst = findings.map(\.severity).max()
        switch state {
        case .split, .none, .lost: return .critical
        case .blind, .uncertain: return max(worst ?? .warning, .warning)
        case .master:
            if change == .timeout, takeover == nil { return max(worst ?? .warning, .warning) }
            guard let takeover else { return worst }
            return takeover > .zero ? max(worst ?? .warning, .warning) : .critical
        }
    }
}
