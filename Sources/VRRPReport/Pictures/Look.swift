internal import VRRPTracker
internal import VRRPWire

/// The look of a stretch of a row.
enum Look: Equatable {
    case empty
    /// One master, by its place among the addresses of its virtual router.
    case master(Int)
    case notObserved
    case uncertain
    case none
    case split

    /// The number of colours with patterns that the style has for masters.
    static let colours = 6

    init(_ stretch: ReportDocument.Stretch, _ positions: [IPAddress: Int]) {
        self =
            switch stretch.state {
            case .master: .master(stretch.masters.first.flatMap { positions[$0] } ?? 0)
            case .split: .split
            case .none: .none
            case .notObserved: .notObserved
            case .uncertain: .uncertain
            }
    }

    /// The rank by which one look hides another in the same place: the gravest shows.
    var weight: Int {
        switch self {
        case .empty: 0
        case .master: 1
        case .notObserved: 2
        case .uncertain: 3
        case .none: 4
        case .split: 5
        }
    }

    /// The class by which the page's style colours it.
    var style: String {
        switch self {
        case .empty: ""
        case .master(let index): "m\(index % Self.colours)"
        case .notObserved: "blind"
        case .uncertain: "unsure"
        case .none: "nobody"
        case .split: "split"
        }
    }
}

/// A row of a picture in columns one unit wide; where several stretches share a column, the gravest shows.
struct LookColumns {
    private var looks: [Look]
    private let left: Double

    init(left: Double, right: Double) {
        self.left = left
        looks = [Look](repeating: .empty, count: Int(right - left) + 1)
    }

    /// Adds a stretch between two places, which takes one column at least.
    mutating func add(_ look: Look, from start: Double, to end: Double) {
        let first = Int(start - left)
        let last = max(first, Int((end - left).rounded(.up)) - 1)
        for column in first...last where look.weight > looks[column].weight { looks[column] = look }
    }

    /// Draws one path for each look, which is far smaller than a rectangle for each stretch.
    func draw(at y: Double, height: Double, into drawing: inout Drawing) {
        var paths: [(style: String, commands: String)] = []
        var start = 0
        let (top, down) = (Drawing.number(y), Drawing.number(height))
        for index in 1...looks.count where index == looks.count || looks[index] != looks[start] {
            let style = looks[start].style
            if !style.isEmpty {
                let width = index - start
                let command = "M\(Drawing.number(left + Double(start))) \(top)h\(width)v\(down)h-\(width)z"
                if let known = paths.firstIndex(where: { $0.style == style }) {
                    paths[known].commands += command
                } else {
                    paths.append((style, command))
                }
            }
            start = index
        }
        for path in paths { drawing.path(path.commands, path.style) }
    }
}
