internal import VRRPFacts
internal import VRRPWire

/// The ways of advertisements between the routers of one virtual router: a row for each that sends, a column for each that
/// should hear it.
struct PathMatrix: Sendable {
    /// All that is known of the way from one router to another.
    struct Cell: Sendable {
        /// The stretches in which the way stayed the same, in order of time.
        var episodes: [ReportDocument.Path]

        var sent: Int { episodes.reduce(0) { $0 + $1.sent } }
        /// The number that the point at the other router saw.
        var arrived: Int { episodes.reduce(0) { $0 + ($1.points.last?.seen ?? 0) } }
        var isVisible: Bool { episodes.contains { $0.verdict != .notVisible } }
        var broken: [ReportDocument.Path] { episodes.filter { $0.verdict == .lostBefore } }

        /// The manner of losses and the time on the way, in words; `nil` where neither is known.
        var details: String? {
            let words = [episodes.first?.loss?.words, episodes.first?.delay?.words].compactMap(\.self)
            return words.isEmpty ? nil : words.joined(separator: "; ")
        }

        /// The cell in a few words: `31 of 31`, `24 of 31, broken once`, `not visible`.
        var words: String {
            guard isVisible else { return "not visible" }
            let breaks = broken.count
            let broken = breaks == 0 ? "" : breaks == 1 ? ", broken once" : ", broken \(breaks) times"
            return "\(arrived) of \(sent)" + broken
        }
    }

    var virtualRouter: String
    var senders: [IPAddress]
    var receivers: [IPAddress]
    private var cells: [IPAddress: [IPAddress: Cell]]

    /// The number of routers that have a row, and of those that have a column.
    static let mostRouters = 8

    /// The matrices of all virtual routers whose ways are known, in the order of the document.
    static func all(in document: ReportDocument) -> [PathMatrix] {
        let ways = Dictionary(grouping: document.paths, by: \.virtualRouter)
        return document.virtualRouters.compactMap { virtualRouter in
            ways[virtualRouter.id].map { PathMatrix(virtualRouter.id, $0) }
        }
    }

    private init(_ virtualRouter: String, _ paths: [ReportDocument.Path]) {
        self.virtualRouter = virtualRouter
        senders = Array(Set(paths.map(\.from)).sorted().prefix(Self.mostRouters))
        receivers = Array(Set(paths.map(\.to)).sorted().prefix(Self.mostRouters))
        cells = Dictionary(grouping: paths, by: \.from).mapValues { paths in
            Dictionary(grouping: paths, by: \.to).mapValues { Cell(episodes: $0.sorted { $0.start < $1.start }) }
        }
    }

    /// The way between two routers; `nil` where nothing is known of one.
    func cell(from sender: IPAddress, to receiver: IPAddress) -> Cell? { cells[sender]?[receiver] }

    /// The number of routers that have no row or no column.
    func hidden(in document: ReportDocument) -> Int {
        let paths = document.paths.filter { $0.virtualRouter == virtualRouter }
        return Set(paths.map(\.from) + paths.map(\.to)).subtracting(senders).subtracting(receivers).count
    }

    /// The manner of losses and the times on the way, a line for each way, those that lose something first.
    var details: [String] {
        let ways = senders.flatMap { sender in
            receivers.compactMap { receiver -> (isLossy: Bool, words: String)? in
                guard let cell = cell(from: sender, to: receiver), let details = cell.details else { return nil }
                return (cell.arrived < cell.sent, "\(sender) to \(receiver): \(details)")
            }
        }
        return ways.filter(\.isLossy).map(\.words) + ways.filter { !$0.isLossy }.map(\.words)
    }

    /// The broken stretches in sentences, each with the last point that saw the advertisements.
    func breaks(in document: ReportDocument, _ time: TimeStyle) -> [String] {
        senders.flatMap { sender in
            receivers.flatMap { receiver in
                (cell(from: sender, to: receiver)?.broken ?? []).map { path in
                    let place = path.points.last { $0.seen > 0 }.map { "last seen at \(document.pointName($0.point))" }
                    return "\(path.from) to \(path.to): \(path.points.last?.seen ?? 0) of \(path.sent) arrived from "
                        + "\(time.text(path.start)) for \((path.end - path.start).words(.table)), "
                        + (place ?? "seen at no point on the way")
                }
            }
        }
    }
}

extension ReportDocument {
    /// The name of a point, the router that it is at, or its number.
    func pointName(_ position: Int) -> String {
        guard vantagePoints.indices.contains(position) else { return "point \(position)" }
        let point = vantagePoints[position]
        return point.name ?? point.at?.description ?? "point \(position)"
    }
}
