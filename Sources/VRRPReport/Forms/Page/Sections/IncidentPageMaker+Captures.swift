internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    private static var mostProblems: Int { 50 }

    var captures: [Page.Capture] {
        document.captures.map { capture in
            let description = capture.description
            let counts = capture.counts
            var span = "–"
            if let first = description.firstPacket, let last = description.lastPacket {
                span = "\(time.text(first)), \((last - first).words(.table))"
            }
            let listed = description.listedProblems
            let hidden = listed.count - Self.mostProblems
            var problems = listed.prefix(Self.mostProblems).map(problem)
            if hidden > 0 {
                problems.append(Page.Problem(kind: "more", text: "\(hidden) more problems"))
            }
            return Page.Capture(
                anchor: "capture-\(capture.index)",
                name: Form.name(description.source == "-" ? "standard input" : description.source),
                form: ([description.format.rawValue, description.compression?.rawValue].compactMap { $0 }
                    + description.linkTypes.map(\.name))
                    .joined(separator: ", "),
                size: "\(description.bytes)",
                hash: description.sha256.map(Form.code) ?? "not known",
                span: span,
                packets: "\(description.packets)",
                counts: [
                    Words.count(counts?.adverts ?? 0, "advertisement"), "\(counts?.arp ?? 0) ARP",
                    Words.count(counts?.neighborAdvertisements ?? 0, "neighbor advertisement"),
                    "\(counts?.carp ?? 0) CARP", "\(counts?.malformed ?? 0) malformed",
                ].joined(separator: ", "),
                drops: description.dropped.map { "\($0)" } ?? "not recorded",
                problems: problems
            )
        }
    }

    private func problem(_ problem: CaptureProblem) -> Page.Problem {
        var place = ""
        if let offset = problem.offset { place += "at byte \(offset): " }
        if let frame = problem.frame { place += "frame \(frame): " }
        return Page.Problem(kind: problem.kind.rawValue, text: Form.plain(place + problem.message))
    }

    var blindSpots: [Page.Problem] {
        document.blindSpots.prefix(Self.mostProblems).map { spot in
            let length = spot.end > spot.start ? ", for \((spot.end - spot.start).words(.table))" : ""
            return Page.Problem(
                kind: time.text(spot.start) + length,
                text: Form.plain(spot.reason.text)
            )
        }
    }

    var capturesNote: String? {
        var notes: [String] = []
        let hidden = document.blindSpots.count - Self.mostProblems
        if hidden > 0 { notes.append("\(hidden) more such stretches are not listed.") }
        if document.leftOut > 0 {
            notes.append("\(document.leftOut) packets were left out because a limit of this program was reached.")
        }
        return notes.isEmpty ? nil : notes.joined(separator: " ")
    }
}
