internal import VRRPFacts
package import VRRPFindings
internal import VRRPReport
internal import VRRPTracker
package import VRRPWire

/// The state of a running session at a moment, in numbers.
package struct LiveStatus: Sendable {
    package var virtualRouters = 0
    /// The numbers of virtual routers with one master, with several, and with none.
    package var mastered = 0
    package var split = 0
    package var masterless = 0
    /// Open findings by severity.
    package var findings: [Severity: Int] = [:]
    package var advertsPerSecond = 0.0
    package var dropped = 0
    /// Interfaces on which nothing can be seen.
    package var blindInterfaces: [String] = []

    package init() {}

    /// One line that fits, in few words where it is narrow; the least important part comes last.
    package func line(columns: Int) -> String {
        let words = text(inFewWords: false)
        return Screen.cut(words.count <= columns ? words : text(inFewWords: true), columns)
    }

    private func text(inFewWords isShort: Bool) -> String {
        let states = [
            isShort ? "\(mastered) mastered" : "\(mastered) with a master", split > 0 ? "\(split) split" : nil,
            masterless > 0 ? (isShort ? "\(masterless) none" : "\(masterless) without") : nil,
        ].compactMap { $0 }.joined(separator: ", ")
        let open = findings.values.reduce(0, +)
        let bySeverity = Severity.allCases.reversed().compactMap { severity in
            findings[severity].flatMap { $0 > 0 ? "\($0) \(severity.rawValue)" : nil }
        }.joined(separator: ", ")
        let rate = advertsPerSecond < 10 ? Self.tenths(advertsPerSecond) : "\(Int(advertsPerSecond.rounded()))"
        let blind = blindInterfaces.joined(separator: ", ").escapedForTerminal
        let parts =
            isShort
            ? [
                "\(virtualRouters) VR: \(states)", bySeverity.isEmpty ? "no findings" : bySeverity, "\(rate)/s",
                "\(dropped) dropped",
            ]
            : [
                "\(Words.count(virtualRouters, "virtual router")): \(states)",
                Words.count(open, "open finding") + (open > 0 ? " (\(bySeverity))" : ""),
                "\(rate) adverts/s",
                "\(dropped) dropped",
            ]
        return ((blind.isEmpty ? [] : ["blind on \(blind)"]) + parts).joined(separator: "  ")
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension LiveSession {
    /// The state of the session at an instant by the clock of ``tick(at:)``.
    package func status(at instant: CaptureInstant) -> LiveStatus {
        var status = LiveStatus()
        status.virtualRouters = watched.count
        for position in watched.indices {
            switch state(of: position) {
            case .master: status.mastered += 1
            case .split: status.split += 1
            case .none, .lost: status.masterless += 1
            case .blind, .uncertain: break
            }
            for finding in watched[position].findings.open { status.findings[finding.severity, default: 0] += 1 }
        }
        for finding in wholeFindings.open { status.findings[finding.severity, default: 0] += 1 }
        status.advertsPerSecond = rate.perSecond(at: instant + analysis.clockCorrection)
        status.dropped = dropped
        status.blindInterfaces = blindInterfaces.sorted { $0.key < $1.key }.map(\.value)
        return status
    }

    /// The state of a virtual router as it was last told.
    func state(of position: Int) -> ScreenState.MasterState {
        let watched = watched[position]
        let virtualRouter = observation.virtualRouters[position]
        if blindInterfaces[virtualRouter.key.segment.interface] != nil { return .blind }
        if let loss = watched.loss, !virtualRouter.routers.contains(where: { $0.lastSeen > loss }) { return .lost }
        if watched.isUncertain { return .uncertain }
        return watched.masters.isEmpty ? .none : watched.masters.count == 1 ? .master : .split
    }
}
