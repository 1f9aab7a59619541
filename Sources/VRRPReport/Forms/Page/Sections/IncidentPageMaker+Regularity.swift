internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    private static var mostCharts: Int { 16 }

    var jitter: Page.Jitter {
        let all = ranked.flatMap { impact in
            document.virtualRouters[impact.position].routers.enumerated().map { (impact.position, $0, $1) }
        }.filter { $0.2.jitter.distribution != nil }
        let order = all.enumerated().sorted { left, right in
            let (a, b) = (trouble(left.element.2.jitter), trouble(right.element.2.jitter))
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
        let hidden = order.count - limits.jitterRows
        let charts = order.prefix(Form.hasPictures ? Self.mostCharts : 0)
        return Page.Jitter(
            rows: order.prefix(limits.jitterRows).map { row($0.2, of: document.virtualRouters[$0.0]) },
            more: hidden > 0 ? "\(hidden) more routers are in the JSON form." : nil,
            charts: charts.map { position, index, router in
                let picture = DistributionPicture(router, id: "jitter-\(anchors.virtualRouters[position])-\(index)")
                let virtualRouter = document.virtualRouters[position]
                return Page.Jitter.Chart(
                    title: Form.plain("\(router.address) of \(label(virtualRouter))"),
                    label: "\(router.address) of \(label(virtualRouter))",
                    cumulative: picture.cumulative(),
                    histogram: picture.histogram()
                )
            },
            moreCharts: order.count > charts.count && Form.hasPictures
                ? "Of \(order.count) routers the \(charts.count) that came nearest to a failover are drawn." : nil
        )
    }

    /// The share of the other routers' patience that a router's longest gap used up.
    private func trouble(_ jitter: ReportDocument.Jitter) -> Double {
        guard let distribution = jitter.distribution, jitter.patience > .zero else { return 0 }
        return distribution.maximum / jitter.patience
    }

    private func row(
        _ router: ReportDocument.Router,
        of virtualRouter: ReportDocument.VirtualRouter
    ) -> Page.Jitter.Row {
        let distribution = router.jitter.distribution
        let spans = [
            distribution?.mean, distribution?.standardDeviation, distribution?.p50, distribution?.p95,
            distribution?.p99, distribution?.maximum,
        ]
        let margin = distribution?.closestFailoverMargin
        return Page.Jitter.Row(
            place: title(virtualRouter),
            router: router.label,
            samples: "\(router.jitter.samples)",
            spans: spans.map { $0?.millisecondFigure ?? "–" },
            late: "\(router.jitter.lateAdverts)",
            missed: "\(router.jitter.missedAdverts)",
            margin: margin?.millisecondFigure ?? "–",
            isNear: (margin ?? .zero) < router.jitter.interval,
            filter: Form.code(filter(router, of: virtualRouter)),
            evidence: Evidence.all(router.jitter.longestGap, in: document)
        )
    }

    /// A display filter for all advertisements of a router.
    func filter(_ router: ReportDocument.Router, of virtualRouter: ReportDocument.VirtualRouter) -> String {
        let field = router.address.family == .ipv4 ? "ip.src" : "ipv6.src"
        return "vrrp.virt_rtr_id == \(virtualRouter.vrid) && \(field) == \(router.address)"
    }
}
