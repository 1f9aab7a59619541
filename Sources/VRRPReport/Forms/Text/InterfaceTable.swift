/// The network interfaces for reading, as `vrrpwatch interfaces` prints them.
package enum InterfaceTable {
    package struct Row: Sendable {
        package var name: String
        /// `up`, `down` or `no link`; empty where it has none.
        package var state: String
        /// The reason for which it cannot be watched; `nil` if it can.
        package var obstacle: String?
        package var addresses: [String]

        package init(name: String, state: String, obstacle: String?, addresses: [String]) {
            self.name = name
            self.state = state
            self.obstacle = obstacle
            self.addresses = addresses
        }
    }

    package static func render(_ rows: [Row], style: TextStyle) -> String {
        var table = TextTable([
            ("INTERFACE", .left), ("STATE", .left), ("CAN BE WATCHED", .left), ("ADDRESSES", .left),
        ])
        for row in rows {
            let obstacle = row.obstacle.map { "no: \($0.escapedForTerminal)" }
            table.add([
                TextTable.Cell(row.name.escapedForTerminal), TextTable.Cell(row.state),
                TextTable.Cell(obstacle ?? "yes", obstacle == nil ? .good : .warning),
                TextTable.Cell(row.addresses.joined(separator: ", ").escapedForTerminal),
            ])
        }
        var text = ""
        table.render(indent: 0, style: style, into: &text)
        return text
    }
}
