internal import ArgumentParser
internal import VRRPFacts
internal import VRRPReport

/// The limits that a report is narrowed to.
struct NarrowingOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Report only what happened from this time on: 2026-07-29T03:10:00+02:00, or without an offset or a date.",
            valueName: "time"
        )
    )
    var from: String?

    @Option(name: .long, help: ArgumentHelp("Report only what happened until this time.", valueName: "time"))
    var to: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Report only virtual routers with this VRID; can be repeated.", valueName: "vrid")
    )
    var vrid: [Int] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Report only this segment, such as untagged or vlan10; can be repeated.",
            valueName: "segment"
        )
    )
    var segment: [String] = []

    func validate() throws {
        if let wrong = vrid.first(where: { !(1...255).contains($0) }) {
            throw ValidationError("--vrid is between 1 and 255, not \(wrong)")
        }
    }

    /// The limits before the capture is known.
    struct Parsed {
        var from: TimeArgument?
        var to: TimeArgument?
        var vrids: Set<UInt8>
        var segments: Set<String>

        /// Narrows a document; limits that nothing fits are a mistake worth telling.
        ///
        /// - Throws: ``Failure`` with status 64 where nothing is left.
        func narrow(_ document: ReportDocument, _ zone: ZoneOptions.Zone) throws -> ReportDocument {
            let result = document.narrowed(to: try narrowing(of: document, zone))
            guard result.virtualRouters.isEmpty, !document.virtualRouters.isEmpty else { return result }
            let known = Words.list(document.virtualRouters.map(\.id), atMost: 8)
            let span = document.start.flatMap { start in
                document.end.map { "\(zone.style.text(start)) to \(zone.style.text($0))" }
            }
            throw Failure.usage(
                "--from, --to, --vrid and --segment leave nothing to report; there are \(known), \(span ?? "")"
            )
        }

        private func narrowing(
            of document: ReportDocument,
            _ zone: ZoneOptions.Zone
        ) throws -> ReportDocument.Narrowing {
            var narrowing = ReportDocument.Narrowing()
            narrowing.vrids = vrids
            narrowing.segments = segments
            narrowing.from = from?.instant(after: document.start, zone.secondsFromUTC)
            narrowing.to = to?.instant(after: narrowing.from ?? document.start, zone.secondsFromUTC)
            if let from = narrowing.from, let to = narrowing.to, from > to {
                throw Failure.usage("--from is later than --to; swap them")
            }
            return narrowing
        }
    }

    func parsed() throws -> Parsed {
        func time(_ text: String?, _ name: String) throws -> TimeArgument? {
            guard let text else { return nil }
            guard let argument = TimeArgument(text) else {
                throw Failure.usage("\(name) '\(text)' is not a time; write 2026-07-29T03:10:00+02:00, or only 03:10")
            }
            return argument
        }
        return Parsed(
            from: try time(from, "--from"),
            to: try time(to, "--to"),
            vrids: Set(vrid.compactMap { UInt8(exactly: $0) }),
            segments: Set(segment)
        )
    }

    /// The options as they are given.
    var words: [String] {
        [("--from", from), ("--to", to)].flatMap { name, value in value.map { [name, $0] } ?? [] }
            + vrid.flatMap { ["--vrid", "\($0)"] } + segment.flatMap { ["--segment", $0] }
    }
}
