package import VRRPWire

/// A setting that a router advertised otherwise than in its advertisement before.
package struct SettingChange: Hashable, Sendable {
    package enum Setting: Hashable, Sendable {
        case version(from: UInt8, to: UInt8)
        case interval(from: TimeSpan, to: TimeSpan)
        // Large and seldom: apart, so that the others take little room.
        indirect case authentication(from: Router.AuthenticationUse, to: Router.AuthenticationUse)
        case delivery(isMulticast: Bool)
        case addresses(AddressChange)
    }

    /// The difference between two lists of addresses.
    package struct AddressChange: Hashable, Sendable {
        /// The first ``most`` addresses that came.
        package var added: [IPAddress]
        /// The first ``most`` addresses that went.
        package var removed: [IPAddress]
        // An advertisement has at most 255 addresses (RFC 9568 section 5.2.5).
        package var addedCount: UInt8
        package var removedCount: UInt8
        /// The number of addresses before the change.
        package var before: UInt8
        /// The number of addresses behind it.
        package var after: UInt8

        package static let most = 4
    }

    /// The instant of the first advertisement with the new setting.
    package var since: CaptureInstant
    package var setting: Setting
    package var evidence: FrameReference
}

extension SettingChange.AddressChange {
    /// The difference; `nil` where the lists hold the same addresses, in whatever order.
    init?(from before: SmallList<IPAddress>, to after: SmallList<IPAddress>) {
        let (old, new) = (Set(before), Set(after))
        guard old != new else { return nil }
        let added = after.filter { !old.contains($0) }
        let removed = before.filter { !new.contains($0) }
        self.init(
            added: Array(added.prefix(Self.most)),
            removed: Array(removed.prefix(Self.most)),
            addedCount: UInt8(clamping: added.count),
            removedCount: UInt8(clamping: removed.count),
            before: UInt8(clamping: before.count),
            after: UInt8(clamping: after.count)
        )
    }
}

extension Router {
    /// Notes the settings in which an advertisement differs from the router's latest one.
    ///
    /// - Parameters:
    ///   - content: the advertisement, which is not the latest yet.
    ///   - used: the authentication before it.
    ///   - wasSpoken: whether the router spoke its version before: one that speaks both versions at once changes none.
    ///   - sighting: the place and the instant of the advertisement.
    mutating func noteSettings(
        of content: Advertisement,
        after used: AuthenticationUse?,
        versionWasSpoken wasSpoken: Bool,
        _ sighting: Sighting
    ) {
        let latest = belief.advertisement
        if content.version != latest.version, !wasSpoken || hasChangedVersion {
            note(.version(from: latest.version, to: content.version), sighting)
        }
        if content.interval != latest.interval, content.interval > .zero, latest.interval > .zero {
            note(.interval(from: latest.interval, to: content.interval), sighting)
        }
        if content.isMulticast != latest.isMulticast { note(.delivery(isMulticast: content.isMulticast), sighting) }
        if let used, let use = authentications.last, !use.isLike(used) {
            note(.authentication(from: used, to: use), sighting)
        }
    }

    /// Notes that the list of addresses is another one than before.
    mutating func noteAddresses(before: SmallList<IPAddress>, _ sighting: Sighting) {
        guard !before.isEmpty, let change = SettingChange.AddressChange(from: before, to: addresses) else { return }
        note(.addresses(change), sighting)
    }

    private var hasChangedVersion: Bool {
        changes.contains { change in
            if case .version = change.setting { true } else { false }
        }
    }

    private mutating func note(_ setting: SettingChange.Setting, _ sighting: Sighting) {
        if changes.count == Self.mostChanges {
            changes.removeFirst()
            changesLeftOut += 1
        }
        changes.append(SettingChange(since: sighting.instant, setting: setting, evidence: sighting.reference))
    }

    /// Notes a priority where it is another one than the latest.
    mutating func notePriority(_ priority: UInt8, _ sighting: Sighting) {
        guard priorities.last?.value != priority else { return }
        if priorities.count == Self.mostPriorities {
            priorities.removeFirst()
            prioritiesLeftOut += 1
        }
        priorities.append(
            PriorityChange(value: priority, since: sighting.instant, evidence: sighting.reference)
        )
    }
}
