internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    /// The number of broken stretches that are told of one virtual router.
    private static var mostBreaks: Int { 12 }

    /// The ways of advertisements, of the virtual routers shown in detail.
    var paths: [Page.Paths] {
        let shown = Set(detailed.map { document.virtualRouters[$0].id })
        return PathMatrix.all(in: document).filter { shown.contains($0.virtualRouter) }.compactMap { matrix in
            guard let position = positions[matrix.virtualRouter] else { return nil }
            let start = document.start ?? .distantPast
            let slug = anchors.virtualRouters[position]
            let picture = PathPicture(matrix, id: "ways-\(slug)", from: start, to: document.end ?? start, time)
            let breaks = matrix.breaks(in: document, time)
            let hidden = breaks.count - Self.mostBreaks
            let left = matrix.hidden(in: document)
            return Page.Paths(
                anchor: "paths-\(slug)",
                title: title(document.virtualRouters[position]),
                label: "Where advertisements of \(label(document.virtualRouters[position])) arrive",
                picture: Form.hasPictures ? picture.render() : "",
                receivers: matrix.receivers.map(\.description),
                rows: matrix.senders.map { sender in
                    Page.Paths.Row(
                        sender: sender.description,
                        cells: matrix.receivers.map { matrix.cell(from: sender, to: $0)?.words ?? "–" }
                    )
                },
                breaks: breaks.prefix(Self.mostBreaks)
                    + (hidden > 0 ? ["\(hidden) more are in the JSON form"] : [])
                    + matrix.details.prefix(Self.mostBreaks)
                    + (left > 0 ? ["\(Words.count(left, "more router")) are in the JSON form"] : [])
            )
        }
    }

    /// The places of the captures, where there are several.
    var points: [Page.Problem] {
        guard document.vantagePoints.count > 1 else { return [] }
        return document.vantagePoints.indices.map { position in
            let point = document.vantagePoints[position]
            var words = point.at.map { "at \($0)" } ?? "at no known router"
            if let how = point.how { words += " (\(how.rawValue))" }
            if let offset = point.clockOffset, offset != .zero {
                words += "; its clock is \(offset.magnitude.words(.table)) \(offset < .zero ? "behind" : "ahead")"
            } else if point.clockOffset == nil {
                words += "; its clock cannot be compared, because no frame was seen at both points"
            }
            return Page.Problem(
                kind: "\(position)" + (point.name.map { " " + $0 } ?? ""),
                text: Form.plain(words)
            )
        }
    }
}
