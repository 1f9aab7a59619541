internal import VRRPFacts
package import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// A setting that a router advertised otherwise than before.
    package struct SettingChange: Sendable {
        package enum Setting: String, Sendable, CaseIterable {
            case addresses, authentication, interval, version, delivery
        }

        let change: VRRPTracker.SettingChange
        let givenKeys: [String]

        package var instant: CaptureInstant { change.since }
        package var evidence: FrameReference { change.evidence }
    }
}

// Words are made when they are asked for: those of all changes of 25,000 virtual routers are no small part of a report.

extension ReportDocument.SettingChange {
    package var setting: Setting {
        switch change.setting {
        case .version: .version
        case .interval: .interval
        case .authentication: .authentication
        case .delivery: .delivery
        case .addresses: .addresses
        }
    }

    /// The setting before, in words.
    package var from: String { words.from }
    /// The setting behind it, in words.
    package var to: String { words.to }

    private var words: (from: String, to: String) {
        switch change.setting {
        case .version(let before, let after): ("\(before)", "\(after)")
        case .interval(let before, let after): (before.inExactSeconds, after.inExactSeconds)
        case .authentication(let before, let after):
            (
                AuthenticationDetails(before, givenKeys: givenKeys).text(showsSecrets: false),
                AuthenticationDetails(after, givenKeys: givenKeys).text(showsSecrets: false)
            )
        case .delivery(let isMulticast): isMulticast ? ("unicast", "multicast") : ("multicast", "unicast")
        case .addresses(let change):
            (
                Words.count(Int(change.before), "address", "addresses"),
                Words.count(Int(change.after), "address", "addresses")
            )
        }
    }

    /// The change in words that follow the router's name.
    package var predicate: String {
        if case .addresses(let change) = change.setting { return Self.predicate(change) }
        let (from, to) = words
        return "changed its \(Self.words(setting)) from \(from) to \(to)"
    }

    private static func words(_ setting: Setting) -> String {
        switch setting {
        case .addresses: "addresses"
        case .authentication: "authentication"
        case .interval: "interval"
        case .version: "VRRP version"
        case .delivery: "delivery"
        }
    }

    /// The words for a change of addresses, as in `added 10.0.0.102, so that it advertised 2 addresses`.
    private static func predicate(_ change: VRRPTracker.SettingChange.AddressChange) -> String {
        func list(_ addresses: [IPAddress], of count: UInt8) -> String {
            let more = Int(count) - addresses.count
            return Words.list(addresses.map(\.description) + (more > 0 ? ["\(more) more"] : []))
        }
        var parts: [String] = []
        if change.removedCount > 0 {
            parts.append("no longer advertised \(list(change.removed, of: change.removedCount))")
        }
        if change.addedCount > 0 { parts.append("added \(list(change.added, of: change.addedCount))") }
        return parts.joined(separator: " and ") + ", so that it advertised "
            + Words.count(Int(change.after), "address", "addresses")
    }
}

extension ReportDocument.Router {
    /// The words for changes of settings and priorities that are no longer kept; `nil` for none.
    package var forgotten: String? {
        var parts: [String] = []
        if changesLeftOut > 0 { parts.append(Words.count(changesLeftOut, "earlier change") + " of settings") }
        if prioritiesLeftOut > 0 { parts.append(Words.count(prioritiesLeftOut, "earlier change") + " of priority") }
        guard !parts.isEmpty else { return nil }
        return Words.list(parts) + (changesLeftOut + prioritiesLeftOut == 1 ? " is" : " are") + " not kept"
    }
}
