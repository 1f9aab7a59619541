internal import VRRPFacts
package import VRRPFindings
internal import VRRPIncidents
internal import VRRPWire

extension ReportDocument {
    /// The answer where the observation holds too little to judge; `nil` where there was enough, or where something was found
    /// all the same.
    package var nothingToJudge: NothingToJudge? {
        guard virtualRouterCount > 0 else { return silence }
        guard worst ?? .notice == .notice, !incidents.contains(where: { $0.severity != nil }), let start, let end else {
            return nil
        }
        let interval = virtualRouters.reduce(otherVirtualRouters.interval) { max($0, $1.interval) }
        // Twice the time in which a dead master shows.
        let enough = interval * 8
        guard end - start < interval * 3 else { return nil }
        return NothingToJudge(
            reason: .tooShort,
            clause: "the capture holds \((end - start).words(.prose)), and a dead master shows only after "
                + (interval * 4).words(.prose),
            seen: mastersSeen,
            checks: [
                "Capture for \(enough > .seconds(60) ? enough.words(.prose) : "a minute") at least, while the trouble is there.",
                "Where the trouble comes and goes, let `vrrpwatch watch IFACE -w FILE` record until it comes back.",
                "Give the routers' configurations with --config: a Backup is silent, so a short capture does not show it.",
            ]
        )
    }

    /// The number of virtual routers that are named in a sentence.
    static var mostNamed: Int { 4 }

    /// The masters that were heard, in sentences.
    private var mastersSeen: String {
        let shown = virtualRouters.prefix(Self.mostNamed).map { virtualRouter in
            let adverts = virtualRouter.routers.reduce(0) { $0 + $1.adverts }
            let masters = virtualRouter.timeline.last?.mastersInWords ?? ""
            return "\(name(of: virtualRouter).title): \(Words.count(adverts, "advertisement")), "
                + (masters.isEmpty ? "no master." : "master \(masters).")
        }
        let rest = virtualRouterCount - shown.count
        return (shown + (rest > 0 ? [Words.count(rest, "more virtual router") + "."] : [])).joined(separator: " ")
    }
}

extension NothingToJudge {
    /// The answer as a sentence, such as `There is nothing to judge: no VRRP advertisement was seen`, with a full stop.
    ///
    /// - Parameter isElse: whether something else was judged.
    /// - Returns: the sentence.
    func sentence(isElse: Bool = false) -> String {
        let lead =
            reason == .tooShort ? "There is too little to judge" : "There is nothing\(isElse ? " else" : "") to judge"
        return "\(lead): \(clause)."
    }
}
