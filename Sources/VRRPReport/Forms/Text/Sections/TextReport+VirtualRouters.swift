internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension TextReport {
    /// Writes the details of a few virtual routers, those that are alike once; of many an overview.
    mutating func writeVirtualRouters() {
        guard !options.isVerbose else {
            for virtualRouter in document.virtualRouters { write(virtualRouter, alike: []) }
            return
        }
        guard document.virtualRouterCount <= Self.mostDetailed else {
            writeOverview()
            return
        }
        for group in AlikeRouters.groups(in: document) {
            guard group.members.count >= Self.many else {
                for virtualRouter in group.members { write(virtualRouter, alike: []) }
                continue
            }
            write(group.first, alike: Array(group.members.dropFirst()))
        }
    }

    private mutating func write(_ virtualRouter: ReportDocument.VirtualRouter, alike: [ReportDocument.VirtualRouter]) {
        let versions = virtualRouter.versions.versionsInWords
        let intervals = virtualRouter.routers.compactMap(\.advertInterval)
        let interval = intervals.max().map { "every \($0.inExactSeconds)" } ?? "at an interval that is not known"
        let title = document.name(of: virtualRouter).title.escapedForTerminal
        text += "\n" + options.style.paint("Virtual router \(title)", .heading) + "\n"
        let addresses = virtualRouter.addresses.map(\.description)
        let id = virtualRouter.id.escapedForTerminal
        text += wrapped(
            "\(id), \(versions) \(interval), virtual MAC \(virtualRouter.virtualMAC)",
            width: width,
            indent: 2
        )
        if addresses.count > 1 {
            text += wrapped("addresses " + shortened(addresses).joined(separator: ", "), width: width, indent: 2)
        }
        if !alike.isEmpty {
            let others = alike.map { document.name(of: $0).title.escapedForTerminal }
            text += wrapped("The same happened to \(Words.list(others)).", width: width, indent: 2)
        }
        writeTimeline(of: virtualRouter)
        writeTransitions(of: virtualRouter)
        writeRouters(of: virtualRouter)
        writeCadence(of: virtualRouter)
    }

    /// At most sixteen of many names.
    func shortened(_ names: [String]) -> [String] {
        guard names.count > 16, !options.isVerbose else { return names }
        return names.prefix(16) + ["and \(names.count - 16) more"]
    }

    private mutating func heading(_ title: String) {
        text += "\n  " + options.style.paint(title, .heading) + "\n"
    }

    private mutating func writeTimeline(of virtualRouter: ReportDocument.VirtualRouter) {
        heading("Timeline")
        var table = TextTable([("FROM", .left), ("FOR", .right), ("STATE", .left), ("MASTERS", .left)])
        allowShortTimes(in: &table)
        fold(virtualRouter.timeline, into: &table) { interval in
            [
                cell(interval.start),
                TextTable.Cell((interval.end - interval.start).words(.table)),
                TextTable.Cell(interval.state.rawValue, interval.state.role),
                TextTable.Cell(interval.mastersInWords),
            ]
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
    }

    private mutating func writeTransitions(of virtualRouter: ReportDocument.VirtualRouter) {
        guard !virtualRouter.transitions.isEmpty else { return }
        heading("Changes of master")
        var table = TextTable([
            ("AT", .left), ("CAUSE", .left), ("FROM", .left), ("TO", .left), ("OUTAGE", .right), ("BOUND", .right),
            ("ANNOUNCED", .left), ("FRAME", .right),
        ])
        allowShortTimes(in: &table)
        if let words = announcements(in: virtualRouter.transitions) { table.substitute(column: "ANNOUNCED", by: words) }
        fold(virtualRouter.transitions, into: &table) { transition in
            [
                cell(transition.instant),
                TextTable.Cell(transition.cause.rawValue, transition.cause.role),
                TextTable.Cell(transition.from.joinedByPlus),
                TextTable.Cell(transition.to.joinedByPlus),
                TextTable.Cell(transition.outage.map(\.inMilliseconds) ?? "", transition.isLate ? .warning : nil),
                TextTable.Cell(transition.bound.map(\.inMilliseconds) ?? ""),
                TextTable.Cell(
                    Self.announcement(transition.announced),
                    transition.announced?.frames == 0 ? .warning : nil
                ),
                TextTable.Cell(transition.evidence.last.map(reference) ?? ""),
            ]
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
        for transition in virtualRouter.transitions where transition.isVague {
            let sentence = "\(options.time.text(transition.instant)): \(transition.bounds(options.time))"
            text += wrapped(sentence, width: width, indent: 4)
        }
        for transition in virtualRouter.transitions where transition.priorityDrop != nil {
            let sentence = "\(options.time.text(transition.instant)): \(transition.summary)".escapedForTerminal
            text += wrapped(sentence, width: width, indent: 4)
        }
        writeReasons(of: virtualRouter)
    }

    /// Writes the reasons that the routers' logs give for changes.
    private mutating func writeReasons(of virtualRouter: ReportDocument.VirtualRouter) {
        let told = virtualRouter.transitions.filter { !$0.reasons.isEmpty }
        for transition in options.isVerbose ? told[...] : told.prefix(Self.firstRows) {
            let sentence = "\(options.time.text(transition.instant)): \(Words.list(transition.reasons))"
            text += wrapped(sentence.escapedForTerminal, width: width, indent: 4)
        }
    }

    /// An instant in a table, whose short form is the time of day.
    private func cell(_ instant: CaptureInstant) -> TextTable.Cell {
        TextTable.Cell(
            options.time.text(instant),
            short: day == nil ? nil : options.time.timeOfDay(instant, decimals: 3)
        )
    }

    private func allowShortTimes(in table: inout TextTable) {
        if let day { table.note(ofShortForms: "times of \(day)") }
    }

    /// The announcements by new masters in words, where each of them announced all of its addresses; else `nil`.
    private func announcements(in transitions: [ReportDocument.Transition]) -> String? {
        let announced = transitions.compactMap(\.announced)
        guard !announced.isEmpty, announced.allSatisfy({ $0.addresses >= $0.of && $0.frames > 0 }) else { return nil }
        let latest = announced.compactMap(\.firstAfter).max()
        return "each new master announced all of its addresses"
            + (latest.map { " within \($0.inMilliseconds)" } ?? "")
    }

    private mutating func writeRouters(of virtualRouter: ReportDocument.VirtualRouter) {
        heading("Routers")
        let hasSeveralObservers = virtualRouter.routers.contains { $0.observers.count > 1 }
        var table = TextTable(
            [
                ("ROUTER", .left), ("NAME", .left), ("PRIORITY", .right), ("INTERVAL", .right), ("MAC", .left),
                ("ADVERTS", .right), ("MASTER FOR", .right), ("AUTHENTICATION", .left), ("CHECKSUM", .left),
                ("SENT BY", .left),
            ] + (hasSeveralObservers ? [("SEEN IN CAPTURE", .left)] : [])
        )
        for router in virtualRouter.routers {
            let cells = [
                TextTable.Cell(router.address.description),
                TextTable.Cell(router.name?.escapedForTerminal ?? ""),
                TextTable.Cell(Self.priorities(of: router)),
                TextTable.Cell(router.advertInterval.map(\.inExactSeconds) ?? ""),
                TextTable.Cell(Self.first(of: router.macs.map(\.description))),
                TextTable.Cell(String(router.adverts)),
                TextTable.Cell(router.masterTime.words(.table)),
                TextTable.Cell(
                    router.authentication.text(showsSecrets: options.showsSecrets),
                    router.authentication.verification == .invalid ? .warning : nil
                ),
                TextTable.Cell(router.checksum, router.checksum == "invalid" ? .warning : nil),
                TextTable.Cell(router.delivery?.rawValue ?? ""),
            ]
            let seen = router.observers.map { "\($0.capture): \($0.adverts)" }.joined(separator: ", ")
            table.add(cells + (hasSeveralObservers ? [TextTable.Cell(seen)] : []))
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
        writeChanges(of: virtualRouter)
        writeClocks(of: virtualRouter)
    }

    /// Writes the senders' clocks by their `auth_hmac` trailers.
    private mutating func writeClocks(of virtualRouter: ReportDocument.VirtualRouter) {
        guard virtualRouter.routers.contains(where: { !$0.clocks.isEmpty }) else { return }
        heading("Senders' clocks, by their auth_hmac trailers")
        var table = TextTable([
            ("ROUTER", .left), ("CAPTURE", .right), ("TRAILERS", .right), ("LAYOUT", .left),
            ("BEHIND THE CAPTURE", .right), ("UP TO", .right),
        ])
        for router in virtualRouter.routers {
            for clock in router.clocks {
                table.add([
                    TextTable.Cell(router.address.description),
                    TextTable.Cell(document.captures.count > 1 ? "\(clock.capture)" : ""),
                    TextTable.Cell("\(clock.samples)"),
                    TextTable.Cell(clock.layout.map(\.words) ?? ""),
                    TextTable.Cell(clock.leastLag.inMilliseconds),
                    TextTable.Cell(clock.greatestLag.inMilliseconds),
                ])
            }
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
        guard let skew = virtualRouter.clockSkew else { return }
        let note = "The routers' clocks differ by \(skew.inMilliseconds)."
        let isFar = virtualRouter.clockSkewIsFar
        text += "    " + options.style.paint(note, isFar ? .warning : .faint) + "\n"
    }

    private mutating func writeCadence(of virtualRouter: ReportDocument.VirtualRouter) {
        guard virtualRouter.routers.contains(where: { $0.jitter.distribution != nil }) else { return }
        heading("Time between advertisements, in milliseconds")
        var table = TextTable(
            [("ROUTER", .left)]
                + ["SAMPLES", "MEAN", "STD DEV", "P50", "P95", "P99", "MAX", "LATE", "MISSED", "TO FAILOVER"].map {
                    (title: $0, alignment: .right)
                }
        )
        for router in virtualRouter.routers {
            guard let distribution = router.jitter.distribution else { continue }
            let spans = [
                distribution.mean, distribution.standardDeviation, distribution.p50, distribution.p95,
                distribution.p99, distribution.maximum,
            ]
            let isNear = distribution.closestFailoverMargin < (router.advertInterval ?? .zero)
            table.add(
                [TextTable.Cell(router.address.description), TextTable.Cell(String(router.jitter.samples))]
                    + spans.map { TextTable.Cell($0.millisecondFigure) }
                    + [
                        TextTable.Cell(
                            String(router.jitter.lateAdverts),
                            router.jitter.lateAdverts > 0 ? .warning : nil
                        ),
                        TextTable.Cell(
                            String(router.jitter.missedAdverts),
                            router.jitter.missedAdverts > 0 ? .warning : nil
                        ),
                        TextTable.Cell(
                            distribution.closestFailoverMargin.millisecondFigure,
                            isNear ? .warning : nil
                        ),
                    ]
            )
        }
        table.render(indent: 2, style: options.style, width: width, into: &text)
    }

    /// Adds a row an element, leaving out the middle of a long list and saying so.
    private func fold<Element>(
        _ elements: [Element],
        into table: inout TextTable,
        _ row: (Element) -> [TextTable.Cell]
    ) {
        let hidden = elements.count - Self.firstRows - Self.lastRows
        guard hidden > 1, !options.isVerbose else {
            for element in elements { table.add(row(element)) }
            return
        }
        for element in elements.prefix(Self.firstRows) { table.add(row(element)) }
        table.add(note: "… \(hidden) more are not shown; --verbose or --format json shows all …")
        for element in elements.suffix(Self.lastRows) { table.add(row(element)) }
    }
}
