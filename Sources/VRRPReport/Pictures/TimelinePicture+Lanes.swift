internal import VRRPFacts
internal import VRRPWire

extension TimelinePicture {
    /// The height of a lane.
    private static let laneHeight = 5.0

    /// A narrow bar below a router's row for the times in which its log calls it master or in fault.
    func drawLanes(_ lanes: [ReportDocument.Lane], _ reign: Look, at y: Double, into drawing: inout Drawing) {
        for lane in lanes.prefix(1) {
            let words = lane.words.filter { $0.end >= axis.start && $0.start <= axis.end }
            let told = words.compactMap { word -> (word: ReportDocument.Lane.Word, look: Look)? in
                switch word.state {
                case .master: (word, word.isStale ? .uncertain : reign)
                case .fault: (word, .none)
                case .backup, .stopped: nil
                }
            }
            guard told.count > Self.mostTitles else {
                for (word, look) in told {
                    let x = axis.x(word.start)
                    let width = max(axis.x(word.end) - x, 1.2)
                    drawing.rectangle(x, y, width, Self.laneHeight, look.style, title: title(word, lane))
                }
                continue
            }
            var columns = LookColumns(left: left, right: Self.right)
            for (word, look) in told { columns.add(look, from: axis.x(word.start), to: axis.x(word.end)) }
            columns.draw(at: y, height: Self.laneHeight, into: &drawing)
        }
    }

    private func title(_ word: ReportDocument.Lane.Word, _ lane: ReportDocument.Lane) -> String {
        let since = "from \(time.text(word.start)) for \((word.end - word.start).words(.table))"
        return word.isStale
            ? "the log of \(lane.label) named \(word.state.rawValue) last, and is silent \(since)"
            : "the log of \(lane.label) says \(word.state.rawValue) \(since)"
    }
}
