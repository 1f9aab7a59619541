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
        let line = "Other first-hop protocols here: " + shortened(groups).joined(separator: "; ")
        text += "\n" + wrapped(line, width: width, indent: 0)
    }

    mutating func writeCaptures() {
        text += "\n" + options.style.paint("Capture", .heading) + "\n"
        writeEachCapture()
        writeBlindSpots()
        if document.leftOut > 0 {
            let message = "\(document.leftOut) packets were left out because a limit of this program was reached."
            let lines = wrapped(message, width: width, indent: 2)
            text += options.style.paint(String(lines.dropLast()), .warning) + "\n"
        }
    }

    /// The number of captures that are shown of many without problems.
    private static let mostCaptures = 4

    /// Writes each of a few captures; of many the first and those with problems.
    private mutating func writeEachCapture() {
        let captures = document.captures
        let isShort = captures.count > Self.mostCaptures && !options.isVerbose
        var shown: [Int] = []
        var packets = 0
        for position in captures.indices {
            // Of thousands none is copied only to be looked at.
            if !isShort || position < 2 || !captures[position].description.problems.isEmpty
                || (captures[position].description.dropped ?? 0) > 0
            {
                shown.append(position)
            } else {
                packets += captures[position].description.packets
            }
        }
        let folder = folder
        if let folder { text += wrapped("in \(folder.escapedForTerminal)", width: width, indent: 2) }
        for position in shown { write(captures[position], in: folder) }
        guard shown.count < captures.count else { return }
        let more = Words.count(captures.count - shown.count, "more capture")
        text += "  … and \(more) without problems, \(Words.count(packets, "packet"))\n"
    }

    /// The folder of all captures, where there are several of one folder.
    private var folder: String? {
        let captures = document.captures
        guard captures.count > 1, let first = captures.first?.description.source,
            let slash = first.utf8.lastIndex(of: UInt8(ascii: "/"))
        else { return nil }
        let folder = String(first[...slash])
        for position in captures.indices {
            // A prefix is compared as a whole, and much faster than byte by byte.
            let source = captures[position].description.source
            guard source.hasPrefix(folder), let last = source.utf8.lastIndex(of: UInt8(ascii: "/")),
                source.utf8.distance(from: source.startIndex, to: last) + 1 == folder.utf8.count
            else { return nil }
        }
        return folder
    }

    private func name(ofCapture index: Int, in folder: String?) -> String {
        guard let folder else { return name(ofCapture: index) }
        return String(document.captures[index].description.source.dropFirst(folder.count)).escapedForTerminal
    }

    private mutating func write(_ capture: ReportDocument.Capture, in folder: String?) {
        let description = capture.description
        var line = document.captures.count > 1 ? "\(capture.index): " : ""
        line += name(ofCapture: capture.index, in: folder) + " (\(description.format.rawValue)"
        if !description.linkTypes.isEmpty { line += ", " + description.linkTypes.map(\.name).joined(separator: ", ") }
        line += "): \(Words.count(description.packets, "packet"))"
        if let first = description.firstPacket, let last = description.lastPacket {
            line += " from \(options.time.text(first)) on, \((last - first).words(.table))"
        }
        let drops = description.dropped.map { "\($0) dropped" } ?? "drops not recorded"
        let counts = capture.counts
        let adverts = Words.count(counts?.adverts ?? 0, "advertisement")
        // Of several captures only the drops and the damage tell something new.
        if document.captures.count > 1, !options.isVerbose {
            text += wrapped("\(line), \(adverts), \(drops)", width: width, indent: 2)
        } else {
            text += wrapped(line, width: width, indent: 2)
            var parts = [
                adverts, "\(counts?.arp ?? 0) ARP",
                Words.count(counts?.neighborAdvertisements ?? 0, "neighbor advertisement"),
            ]
            if let carp = counts?.carp, carp > 0 { parts.append("\(carp) CARP") }
            if let malformed = counts?.malformed, malformed > 0 { parts.append("\(malformed) malformed") }
            parts.append(drops)
            text += wrapped(parts.joined(separator: ", "), width: width, indent: 4)
        }
        for problem in description.listedProblems {
            let place = [problem.offset.map { "offset \($0)" }, problem.frame.map { "frame \($0)" }]
                .compactMap { $0 }.joined(separator: ", ")
            let message = (place.isEmpty ? "" : place + ": ") + problem.message.escapedForTerminal
            let lines = wrapped("\(problem.kind.rawValue): \(message)", width: width, indent: 4)
            text += options.style.paint(String(lines.dropLast()), .warning) + "\n"
        }
    }

    private mutating func writeBlindSpots() {
        let shown = options.isVerbose ? document.blindSpots.count : Self.many
        for spot in document.blindSpots.prefix(shown) {
            let line =
                "The capture could not see from \(options.time.text(spot.start)) for \((spot.end - spot.start).words(.table)): "
            let lines = wrapped(line + spot.reason.text, width: width, indent: 2)
            text += options.style.paint(String(lines.dropLast()), .warning) + "\n"
        }
        let rest = document.blindSpots.dropFirst(shown)
        guard !rest.isEmpty else { return }
        let whole = rest.reduce(TimeSpan.zero) { $0 + ($1.end - $1.start) }
        text +=
            "  … and \(Words.count(rest.count, "more such stretch", "more such stretches")), \(whole.words(.table)) in all\n"
    }
}

extension BlindSpot.Reason {
    var text: String {
        switch self {
        case .dropped(let count):
            count > 0 ? "the capture dropped \(Words.count(count, "packet"))" : "the capture dropped packets"
        case .damaged: "the file is damaged there"
        case .betweenFiles: "no file covers it"
        case .linkDown: "the interface had no link"
        case .clockStep: "the clock was set"
        }
    }
}
