internal import VRRPFacts
internal import VRRPWire

extension TextReport {
    /// The number of ways of a virtual router whose losses and delays are told.
    private static let mostDetails = 6

    /// Writes a matrix of the ways of advertisements for each virtual router: who sends in rows, who should hear in columns.
    mutating func writePathMatrices() {
        for matrix in PathMatrix.all(in: document) {
            let title =
                "Advertisements of \(matrix.virtualRouter.escapedForTerminal): a row for each sender, a column for each receiver"
            text += "\n" + options.style.paint(title, .heading) + "\n"
            var table = TextTable(
                [("FROM", .left)] + matrix.receivers.map { (title: $0.description, alignment: .left) }
            )
            for sender in matrix.senders {
                table.add(
                    [TextTable.Cell(sender.description)]
                        + matrix.receivers.map { receiver in
                            guard let cell = matrix.cell(from: sender, to: receiver) else { return TextTable.Cell("") }
                            return TextTable.Cell(cell.words, cell.broken.isEmpty ? nil : .warning)
                        }
                )
            }
            table.render(indent: 2, style: options.style, into: &text)
            let details = matrix.details
            let told = options.isVerbose ? details[...] : details.prefix(Self.mostDetails)
            for line in told { text += wrapped(line, width: width, indent: 2) }
            if told.count < details.count { text += "  … and \(Words.count(details.count - told.count, "more way"))\n" }
            let hidden = matrix.hidden(in: document)
            if hidden > 0 {
                text += "  \(Words.count(hidden, "more router")) \(hidden == 1 ? "is" : "are") in the list below\n"
            }
        }
    }
}
