internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension TextReport {
    mutating func writeOtherProtocols() {
        guard !document.otherProtocols.isEmpty else { return }
        let groups = document.otherProtocols.map { other in
            let place = other.segment.name == "untagged" ? "" : " on \(other.segment.name.escapedForTerminal)"
            let sources = other.sources.map(\.description).joined(separator: ", ")
            let hellos = Words.count(other.count, "hello")
            return "\(other.name.uppercased()) group \(other.group)\(place) (\(sources)), \(hellos)"
        }
        let line = "other first-hop protocols here: " + shortened(groups).joined(separator: "; ")
        text += "\n" + wrapped(line, width: Self.width, indent: 0)
    }

    mutating func writeCaptures() {
        text += "\n" + options.style.paint("Capture", .heading) + "\n"
        for capture in document.captures { write(capture) }
        writeBlindSpots()
        if document.leftOut > 0 {
            let message = "\(document.leftOut) packets were left out because a limit of this program was reached."
            text += "  " + options.style.paint(message, .warning) + "\n"
        }
    }

    private mutating func write(_ capture: ReportDocument.Capture) {
        let description = capture.description
        var line = document.captures.count > 1 ? "\(capture.index): " : ""
        line += name(ofCapture: capture.index) + " (\(description.format.rawValue)"
        if !description.linkTypes.isEmpty { line += ", " + description.linkTypes.map(\.name).joined(separator: ", ") }
        line += "): \(Words.count(description.packets, "packet"))"
        if let first = description.firstPacket, let last = description.lastPacket {
            line += " from \(options.time.text(first)), \((last - first).words(.table))"
        }
        text += wrapped(line, width: Self.width, indent: 2)
        let counts = capture.counts
        var parts = [
            Words.count(counts?.adverts ?? 0, "advertisement"), "\(counts?.arp ?? 0) ARP",
            Words.count(counts?.neighborAdvertisements ?? 0, "neighbor advertisement"),
        ]
        if let carp = counts?.carp, carp > 0 { parts.append("\(carp) CARP") }
        if let malformed = counts?.malformed, malformed > 0 { parts.append("\(malformed) malformed") }
        parts.append(description.dropped.map { "\($0) dropped" } ?? "drops not recorded")
        text += wrapped(parts.joined(separator: ", "), width: Self.width, indent: 4)
        for problem in description.listedProblems {
            let place = [problem.offset.map { "offset \($0)" }, problem.frame.map { "frame \($0)" }]
                .compactMap { $0 }.joined(separator: ", ")
            let message = (place.isEmpty ? "" : place + ": ") + problem.message.escapedForTerminal
            let lines = wrapped("\(problem.kind.rawValue): \(message)", width: Self.width, indent: 4)
            text += options.style.paint(String(lines.dropLast()), .warning) + "\n"
        }
    }

    private mutating func writeBlindSpots() {
        for spot in document.blindSpots.prefix(Self.firstRows) {
            let line =
                "Could not see from \(options.time.text(spot.start)) for \((spot.end - spot.start).words(.table)): "
            text += "  " + options.style.paint(line + spot.reason.text, .warning) + "\n"
        }
        if document.blindSpots.count > Self.firstRows {
            text += "  … and \(document.blindSpots.count - Self.firstRows) more such stretches\n"
        }
    }
}

extension BlindSpot.Reason {
    var text: String {
        switch self {
        case .dropped(let count): count > 0 ? "the capture dropped \(count) packets" : "the capture dropped packets"
        case .damaged: "the file is damaged there"
        case .betweenFiles: "no file covers it"
        case .linkDown: "the interface had no link"
        case .clockStep: "the clock was set"
        }
    }
}
