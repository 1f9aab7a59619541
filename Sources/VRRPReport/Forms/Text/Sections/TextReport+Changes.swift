internal import VRRPWire

extension TextReport {
    /// The number of changes of a router that are shown without `--verbose`.
    private static let fewChanges = 4

    /// Writes the settings that routers advertised otherwise than before, a line each.
    mutating func writeChanges(of virtualRouter: ReportDocument.VirtualRouter) {
        for router in virtualRouter.routers {
            let shown = options.isVerbose ? router.changes[...] : router.changes.prefix(Self.fewChanges)
            for change in shown {
                let line = "\(options.time.text(change.instant)): \(router.label) \(change.predicate)"
                text += wrapped(line.escapedForTerminal, width: width, indent: 4)
            }
            let rest = router.changes.count - shown.count
            if rest > 0 {
                text += wrapped(
                    "\(router.label): \(rest) more changes; --verbose shows them".escapedForTerminal,
                    width: width,
                    indent: 4
                )
            }
            if let forgotten = router.forgotten {
                text += wrapped("\(router.label): \(forgotten)".escapedForTerminal, width: width, indent: 4)
            }
        }
    }
}
