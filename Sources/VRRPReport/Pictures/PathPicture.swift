internal import VRRPFacts
internal import VRRPWire

/// The ways of advertisements between routers as a picture: a cell for each way, with its course over time.
struct PathPicture {
    private static let left = 150.0
    private static let top = 26.0
    private static let column = 158.0
    private static let row = 44.0

    private let matrix: PathMatrix
    private let id: String
    private let start: CaptureInstant
    private let end: CaptureInstant
    private let time: TimeStyle

    init(_ matrix: PathMatrix, id: String, from start: CaptureInstant, to end: CaptureInstant, _ time: TimeStyle) {
        self.matrix = matrix
        self.id = id
        self.start = start
        self.end = end
        self.time = time
    }

    func render() -> Markup<HTML> {
        let width = max(Self.left + Self.column * Double(matrix.receivers.count), 960)
        var drawing = Drawing(width: width, height: Self.top + Self.row * Double(matrix.senders.count))
        drawing.text("from ↓   to →", Self.left - 8, 16, anchor: "end", "tick")
        for (index, receiver) in matrix.receivers.enumerated() {
            let middle = Self.left + Self.column * (Double(index) + 0.5)
            drawing.text(TimelinePicture.shortened(receiver.description).text, middle, 16, anchor: "middle", "rowname")
        }
        for (line, sender) in matrix.senders.enumerated() {
            let y = Self.top + Self.row * Double(line)
            let name = TimelinePicture.shortened(sender.description).text
            drawing.text(name, Self.left - 8, y + 24, anchor: "end", "rowname")
            for (index, receiver) in matrix.receivers.enumerated() {
                guard let cell = matrix.cell(from: sender, to: receiver) else { continue }
                draw(cell, Self.left + Self.column * Double(index), y, into: &drawing)
            }
        }
        return drawing.element(
            id: id,
            style: "timeline",
            title: "Where the advertisements of \(matrix.virtualRouter) arrive",
            description: description
        )
    }

    private func draw(_ cell: PathMatrix.Cell, _ x: Double, _ y: Double, into drawing: inout Drawing) {
        let width = Self.column - 12
        drawing.rectangle(x + 4, y + 2, width + 4, Self.row - 6, cell.broken.isEmpty ? "way" : "way lost")
        for episode in cell.episodes {
            let style =
                switch episode.verdict {
                case .arrives: "arrives"
                case .lostBefore: "split"
                case .notVisible: "unsure"
                }
            let (from, to) = (place(episode.start), place(episode.end))
            drawing.rectangle(
                x + 6 + from * width,
                y + 24,
                max((to - from) * width, 2),
                12,
                style,
                title: words(episode)
            )
        }
        drawing.text(cell.words, x + 6 + width / 2, y + 17, anchor: "middle", cell.broken.isEmpty ? "" : "sum")
    }

    private func place(_ instant: CaptureInstant) -> Double {
        end > start ? min(max((instant - start) / (end - start), 0), 1) : 0
    }

    private func words(_ path: ReportDocument.Path) -> String {
        let arrived =
            path.verdict == .notVisible ? "not visible" : "\(path.points.last?.seen ?? 0) of \(path.sent) arrived"
        return
            "\(path.from) to \(path.to), \(time.text(path.start)) to \(time.text(path.end)): \(arrived)"
            + (path.delay.map { "; \($0.words)" } ?? "")
    }

    private var description: String {
        matrix.senders.flatMap { sender in
            matrix.receivers.compactMap { receiver in
                matrix.cell(from: sender, to: receiver).map { cell in
                    "\(sender) to \(receiver): \(cell.words)" + (cell.details.map { ", \($0)" } ?? "")
                }
            }
        }.joined(separator: "; ") + "."
    }
}
