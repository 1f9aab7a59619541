internal import VRRPFacts
internal import VRRPWire

extension TextReport {
    /// Writes what the routers said of themselves, where logs were given.
    mutating func writeTestimony() {
        let testimony = document.testimony
        guard !testimony.isEmpty else { return }
        text += "\n" + options.style.paint("What the routers said", .heading) + "\n"
        for log in testimony.logs {
            text += wrapped(log.words.escapedForTerminal, width: width, indent: 2)
            for problem in log.problems {
                text += wrapped("problem: \(problem)".escapedForTerminal, width: width, indent: 4)
            }
        }
        guard !testimony.statements.isEmpty else { return }
        let hasSeveral = document.virtualRouterCount > 1
        var table = TextTable(
            [("AT", .left), ("ROUTER", .left)] + (hasSeveral ? [("VIRTUAL ROUTER", .left)] : [])
                + [("SAID", .left), ("TEXT", .left)]
        )
        if let day { table.note(ofShortForms: "times of \(day)") }
        let statements = testimony.statements.enumerated().sorted { left, right in
            let (a, b) = (left.element.instant ?? .distantPast, right.element.instant ?? .distantPast)
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
        let hidden = statements.count - Self.firstRows - Self.lastRows
        let isFolded = hidden > 1 && !options.isVerbose
        for saying in isFolded ? statements.prefix(Self.firstRows) : statements[...] { table.add(row(saying)) }
        if isFolded {
            table.add(note: "… \(hidden) more are not shown; --verbose or --format json shows all …")
            for saying in statements.suffix(Self.lastRows) { table.add(row(saying)) }
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
    }

    private func row(_ saying: ReportDocument.Saying) -> [TextTable.Cell] {
        [
            TextTable.Cell(
                saying.instant.map { options.time.text($0) } ?? "",
                short: day == nil ? nil : saying.instant.map { options.time.timeOfDay($0, decimals: 3) }
            ),
            TextTable.Cell(saying.router.escapedForTerminal),
        ]
            + (document.virtualRouterCount > 1
                ? [TextTable.Cell((saying.virtualRouter ?? saying.instance ?? "").escapedForTerminal)] : [])
            + [
                TextTable.Cell(saying.kind, saying.kind == "fault" || saying.kind == "died" ? .warning : nil),
                TextTable.Cell(saying.text.escapedForTerminal),
            ]
    }
}

extension ReportDocument.Log {
    /// The router that wrote it and how its clock goes: `r1.log is of r1 (10.51.0.1): …`.
    var words: String {
        var words = "\(source) is the log of \(at == nil ? "an unknown router" : label)"
        if let how { words += " (\(how))" }
        words += ", \(Words.count(lines, "line")), \(Words.count(statements, "statement"))"
        guard let clockOffset else { return words + "; its clock could not be compared with the capture's" }
        let error = clockOffsetError.map { " ± \($0.words(.prose))" } ?? ""
        let isExact = clockOffset.magnitude <= clockOffsetError ?? .zero
        words +=
            isExact
            ? "; its clock agrees (\(clockOffset.words(.prose))\(error))"
            : "; its clock is \(clockOffset.magnitude.words(.prose))\(error) \(clockOffset < .zero ? "behind" : "ahead")"
        if zone != .zero {
            words += ", its zone \(zone.magnitude.words(.prose)) \(zone < .zero ? "west" : "east") of the assumed one"
        }
        if matches > 0 {
            words +=
                ", by \(Words.count(matches, "statement")) that an advertisement follow\(matches == 1 ? "s" : "ed")"
        } else if let clock {
            words += ", by \(clock)"
        }
        return words
    }
}
