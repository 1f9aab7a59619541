internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Settings of the time at which two routers were both heard.
///
/// A Backup is silent. It may have been given another setting since it was heard, and does not show it before it is master. So a
/// router that shows a new setting differs from a silent one only if it did so when that one was heard last.
extension Subject {
    /// Whether two routers show different values of a setting, and did so when both were heard last.
    ///
    /// - Parameters:
    ///   - a: the position of a router.
    ///   - b: the position of another one.
    ///   - value: the value that the router at a position showed latest at an instant; `nil` where too many changes followed to know
    ///     it.
    /// - Returns: whether they differ and differed; false where the values of then are not known.
    func differed<Value: Equatable>(_ a: Int, _ b: Int, in value: (Int, CaptureInstant) -> Value?) -> Bool {
        let then = min(routers[a].lastSeen, routers[b].lastSeen)
        guard let left = value(a, .distantFuture), let right = value(b, .distantFuture), left != right else {
            return false
        }
        guard let leftThen = value(a, then), let rightThen = value(b, then) else { return false }
        return leftThen != rightThen
    }
}

/// The signs of a router's authentication, whenever they were seen.
struct ShownCredential: Equatable {
    private let kind: AuthenticationKind
    private let key: AuthenticationKey?
    private let keyID: UInt8?
    private let verification: Verification

    init(_ use: Router.AuthenticationUse) {
        kind = use.kind
        key = use.key
        keyID = use.keyID
        verification = use.verification
    }
}

extension Router {
    /// The interval that it announced latest at an instant; `nil` where that is not known any more.
    func advertisementInterval(at instant: CaptureInstant) -> TimeSpan? {
        value(at: instant, latest: advertisementInterval) { setting in
            if case .interval(let before, _) = setting { before } else { nil }
        }
    }

    /// The authentication that it used latest at an instant; `nil` where that is not known any more.
    func credential(at instant: CaptureInstant) -> ShownCredential? {
        guard let latest = authentications.last else { return nil }
        let use = value(at: instant, latest: latest) { setting in
            if case .authentication(let before, _) = setting { before } else { nil }
        }
        return use.map(ShownCredential.init)
    }

    /// The addresses that it advertised latest at an instant; `nil` where they are not known any more.
    func addresses(at instant: CaptureInstant) -> Set<IPAddress>? {
        guard knowsChanges(since: instant) else { return nil }
        var addresses = Set(addresses)
        for change in changes.reversed().prefix(while: { $0.since > instant }) {
            guard case .addresses(let change) = change.setting else { continue }
            guard change.added.count == change.addedCount, change.removed.count == change.removedCount else {
                return nil
            }
            addresses.subtract(change.added)
            addresses.formUnion(change.removed)
        }
        return addresses
    }

    /// The value before the first change behind an instant; the latest where none followed.
    private func value<Value>(
        at instant: CaptureInstant,
        latest: Value,
        before: (SettingChange.Setting) -> Value?
    ) -> Value? {
        guard knowsChanges(since: instant) else { return nil }
        for change in changes where change.since > instant {
            if let value = before(change.setting) { return value }
        }
        return latest
    }

    /// Whether no change behind an instant was dropped for want of room.
    private func knowsChanges(since instant: CaptureInstant) -> Bool {
        changesLeftOut == 0 || changes.first.map { $0.since <= instant } ?? true || instant >= lastSeen
    }
}
