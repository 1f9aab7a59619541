internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    var timelines: [Page.Timeline] {
        detailed.map { position in
            let virtualRouter = document.virtualRouters[position]
            let start = document.start ?? virtualRouter.timeline.first?.start ?? .distantPast
            let end = document.end ?? virtualRouter.timeline.last?.end ?? start
            let name = label(virtualRouter)
            let picture = TimelinePicture(
                virtualRouter,
                id: "whole-\(anchors.virtualRouters[position])",
                from: start,
                to: end,
                time
            )
            var notes = [picture.busyNote].compactMap { $0 }
            let rows = virtualRouter.routers.count - TimelinePicture.mostRouters
            if rows > 0 { notes.append("\(Words.count(rows, "more router")) \(rows == 1 ? "has" : "have") no row.") }
            if !virtualRouter.lanes.isEmpty {
                notes.append(
                    "The narrow bar below a router's row shows what its own log says: master or fault, hatched where the log is silent."
                )
            }
            return Page.Timeline(
                anchor: anchors.timeline(position),
                title: title(virtualRouter),
                label: "Timeline of \(name)",
                picture: Form.hasPictures ? picture.render(title: "Who was master of \(name) when") : "",
                note: notes.isEmpty ? nil : notes.joined(separator: " ")
            )
        }
    }

    var timelinesNote: String? {
        let others = document.virtualRouters.count - detailed.count
        return others > 0
            ? "\(Words.count(others, "more virtual router")) \(others == 1 ? "has" : "have") a row in the overview."
            : nil
    }
}
