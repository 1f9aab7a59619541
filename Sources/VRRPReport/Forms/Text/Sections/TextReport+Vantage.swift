internal import VRRPFacts
internal import VRRPWire

extension TextReport {
    /// Writes the points and the ways between routers, where there are several points.
    mutating func writeVantage() {
        guard document.vantagePoints.count > 1 else { return }
        text += "\n" + options.style.paint("Vantage points", .heading) + "\n"
        for (position, point) in document.vantagePoints.enumerated() {
            var line = "\(position): " + (point.name.map { "\($0.escapedForTerminal), " } ?? "")
            line += point.at.map { "at \($0)" } ?? "at no known router"
            line += point.how.map { " (\($0.rawValue))" } ?? ""
            line += ", captures " + point.captures.prefix(8).map(String.init).joined(separator: " ")
            line += point.captures.count > 8 ? " …" : ""
            line += clock(of: point, isFirst: position == 0)
            text += wrapped(line, width: width, indent: 2)
        }
        guard !document.paths.isEmpty else { return }
        writePathMatrices()
        text += "\n" + options.style.paint("Paths of advertisements", .heading) + "\n"
        if options.isVerbose { writeEachPath() } else { writePaths() }
    }

    /// Writes the ways with those of all virtual routers between two hosts taken together.
    private mutating func writePaths() {
        struct Way: Hashable {
            var from: IPAddress
            var to: IPAddress
            var verdict: ReportDocument.Path.Verdict
        }
        var order: [Way] = []
        var ways: [Way: [ReportDocument.Path]] = [:]
        for path in document.paths {
            let way = Way(from: path.from, to: path.to, verdict: path.verdict)
            if ways[way] == nil { order.append(way) }
            ways[way, default: []].append(path)
        }
        var table = TextTable([
            ("FROM", .left), ("TO", .left), ("SENT", .right), ("ARRIVED", .right), ("VERDICT", .left),
            ("VIRTUAL ROUTERS", .right),
        ])
        for way in order {
            let paths = ways[way] ?? []
            let arrived = paths.reduce(0) { $0 + ($1.points.last?.seen ?? 0) }
            table.add([
                TextTable.Cell(way.from.description),
                TextTable.Cell(way.to.description),
                TextTable.Cell(String(paths.reduce(0) { $0 + $1.sent })),
                TextTable.Cell(way.verdict == .notVisible ? "" : String(arrived)),
                TextTable.Cell(way.verdict.rawValue, way.verdict == .lostBefore ? .warning : nil),
                TextTable.Cell(String(Set(paths.map(\.virtualRouter)).count)),
            ])
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
    }

    /// Writes each way of each virtual router, with its time.
    private mutating func writeEachPath() {
        var table = TextTable([
            ("FROM", .left), ("TO", .left), ("SENT", .right), ("ARRIVED", .right), ("FIRST", .left), ("FOR", .right),
            ("VERDICT", .left), ("VIRTUAL ROUTER", .left),
        ])
        for path in document.paths {
            table.add([
                TextTable.Cell(path.from.description),
                TextTable.Cell(path.to.description),
                TextTable.Cell(String(path.sent)),
                TextTable.Cell(path.verdict == .notVisible ? "" : String(path.points.last?.seen ?? 0)),
                TextTable.Cell(options.time.text(path.start)),
                TextTable.Cell((path.end - path.start).words(.table)),
                TextTable.Cell(path.verdict.rawValue, path.verdict == .lostBefore ? .warning : nil),
                TextTable.Cell(path.virtualRouter.escapedForTerminal),
            ])
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
    }

    private func clock(of point: VantagePoint, isFirst: Bool) -> String {
        if isFirst { return "; all times are by its clock" }
        guard let offset = point.clockOffset else {
            return "; its clock cannot be compared, because no frame was seen at both points"
        }
        guard offset != .zero else { return "; its clock agrees" }
        return "; its clock is \(offset.magnitude.words(.table)) \(offset < .zero ? "behind" : "ahead")"
    }
}
