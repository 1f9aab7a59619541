internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    private static var mostCompared: Int { 8 }
    /// The number of changes of settings that are told of a router.
    private static var mostChanges: Int { 12 }

    var comparisonsNote: String? {
        let hidden = document.virtualRouters.count - detailed.count
        guard hidden > 0 else { return nil }
        return
            "\(Words.count(hidden, "more virtual router")) \(hidden == 1 ? "is" : "are") in the JSON form. Where their "
            + "routers disagree, a finding says so."
    }

    var comparisons: [Page.Comparison] {
        detailed.map { position in
            let virtualRouter = document.virtualRouters[position]
            let routers = Array(virtualRouter.routers.prefix(Self.mostCompared))
            let hidden = virtualRouter.routers.count - routers.count
            return Page.Comparison(
                title: title(virtualRouter),
                label: "What the routers of \(label(virtualRouter)) advertised",
                heads: routers.map { router in
                    Page.Comparison.Head(
                        router: router.label,
                        evidence: Evidence.all(router.evidence, in: document),
                        filter: Form.code(filter(router, of: virtualRouter))
                    )
                },
                rows: rows(comparing: routers),
                note: hidden > 0
                    ? "\(Words.count(hidden, "more router")) \(hidden == 1 ? "is" : "are") in the JSON form." : nil
            )
        }
    }

    private func rows(comparing routers: [ReportDocument.Router]) -> [Page.Comparison.Row] {
        func row(
            _ name: String,
            mustAgree: Bool,
            _ value: (ReportDocument.Router) -> String
        ) -> Page.Comparison.Row {
            let values = routers.map(value)
            return Page.Comparison.Row(
                name: name,
                cells: values.map(Form.visible),
                differs: mustAgree && Set(values).count > 1
            )
        }
        func joined(_ values: [String], limit: Int = 8) -> String {
            let rest = values.count - limit
            return values.isEmpty
                ? "–" : values.prefix(limit).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        }
        let clocks = row("Clock behind the capture", mustAgree: false) { router in
            joined(router.clocks.map { $0.leastLag.inMilliseconds })
        }
        let changes = row("Changed", mustAgree: false) { router in
            let told = router.changes.prefix(Self.mostChanges).map { "\(time.text($0.instant)): \($0.predicate)" }
            let rest = router.changes.count - told.count
            let parts =
                told + (rest > 0 ? ["\(rest) more are in the JSON form"] : [])
                + [router.forgotten].compactMap { $0 }
            return parts.isEmpty ? "–" : parts.joined(separator: "; ")
        }
        return [
            row("Priority", mustAgree: false) { router in
                joined(router.priorities.map { $0.value == 0 ? "0 (resigns)" : "\($0.value)" }, limit: 6)
            },
            row("VRRP version", mustAgree: true) { joined($0.versions.sorted().map(String.init)) },
            row("Interval", mustAgree: true) { $0.advertInterval.map(\.inExactSeconds) ?? "–" },
            row("Virtual addresses", mustAgree: true) { joined($0.addresses.map(\.description).sorted(), limit: 16) },
            row("Authentication", mustAgree: true) { $0.authentication.text(showsSecrets: options.showsSecrets) },
            row("Checksum", mustAgree: true) { $0.checksum },
            row("Sent by", mustAgree: true) { $0.delivery?.rawValue ?? "–" },
            row("MAC address", mustAgree: false) { joined($0.macs.map(\.description)) },
            row("Advertisements", mustAgree: false) { "\($0.adverts)" },
            row("First heard", mustAgree: false) { time.text($0.firstSeen) },
            row("Last heard", mustAgree: false) { time.text($0.lastSeen) },
            row("Master for", mustAgree: false) { $0.masterTime.words(.table) },
        ] + (routers.contains { !$0.clocks.isEmpty } ? [clocks] : [])
            + (routers.contains { !$0.changes.isEmpty || $0.forgotten != nil } ? [changes] : [])
    }
}
