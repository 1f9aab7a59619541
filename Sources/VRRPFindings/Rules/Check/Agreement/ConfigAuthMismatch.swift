internal import VRRPConfiguration
internal import VRRPFacts

/// Other authentication.
package enum ConfigAuthMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-auth-mismatch",
        .critical,
        .checkAgreement,
        summary: "routers of one VRID authenticate differently",
        meaning: "Each discards what the other sends, and both are master.",
        remedy: """
            Make auth_type and the first eight characters of auth_pass equal on all routers of the VRID; with auth_hmac give \
            all of them the same keys under the same numbers before one makes a key active.
            """,
        references: [
            "RFC 2338 section 5.3.6", "keepalived, vrrp_check_packet and vrrp_auth_ext_verify in vrrp.c",
        ]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        let rejections = set.differences(rule, in: .authentication) { a, b in
            // Across versions that mismatch says it all.
            let (left, right) = (a.instance.authentication, b.instance.authentication)
            guard left != right, a.instance.version == b.instance.version else { return nil }
            if left.hasTrailers || right.hasTrailers { return trailers(a, b) }
            return left.kind == right.kind
                ? "\(left.words) with different passwords" : words(a, left.words, b, right.words)
        }
        return rejections + set.differences(rule, in: .authentication, antiReplay) { _ in .notice }
    }
}

extension ConfigAuthMismatch {
    /// The reasons for which routers reject each other with trailers, or one of them the other; `nil` for none.
    private static func trailers(_ a: ConfigurationSet.Member, _ b: ConfigurationSet.Member) -> String? {
        var reasons: [String] = []
        for (receiver, sender) in [(a, b), (b, a)] {
            guard let reason = rejection(of: sender, by: receiver.instance.authentication) else { continue }
            reasons.append("\(receiver.router) \(reason), and rejects \(sender.router)")
        }
        return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }

    /// The lack for which a receiver rejects a sender's advertisements, or `nil` (keepalived, `vrrp_auth_ext_verify` in vrrp.c).
    private static func rejection(
        of sender: ConfigurationSet.Member,
        by receiver: ConfiguredAuthentication
    ) -> String? {
        guard case .hmac(let own) = receiver else {
            guard case .hmac(let other) = sender.instance.authentication, other.signs else { return nil }
            return "has no auth_hmac to check a trailer with"
        }
        guard case .hmac(let other) = sender.instance.authentication, other.signs, let id = other.activeKey else {
            return own.mode == .enforce ? "has auth_hmac in mode enforce, where the other does not sign" : nil
        }
        guard let key = own.keys[id] else { return "has no key \(id), which signs there" }
        guard let theirs = other.keys[id], theirs.provablyDiffers(from: key) else { return nil }
        return "has another key \(id)"
    }

    /// With `monotonic` a sender whose clock was set back counts on from the old time, which a receiver with `time` rejects
    /// once it lies beyond its window (keepalived, `next_seq` and `vrrp_auth_hmac_check` in vrrp_auth_hmac.c).
    private static func antiReplay(_ a: ConfigurationSet.Member, _ b: ConfigurationSet.Member) -> String? {
        guard case .hmac(let left) = a.instance.authentication, case .hmac(let right) = b.instance.authentication,
            left.antiReplay != right.antiReplay
        else { return nil }
        return words(a, "anti_replay \(left.antiReplay.rawValue)", b, right.antiReplay.rawValue)
    }
}

extension ConfiguredAuthentication {
    /// Whether it is keepalived's `auth_hmac`.
    fileprivate var hasTrailers: Bool {
        if case .hmac = self { true } else { false }
    }

    fileprivate var words: String {
        switch self {
        case .none: "no authentication"
        case .simpleText: "auth_type PASS"
        case .ah: "auth_type AH"
        case .hmac: "auth_hmac"
        }
    }
}
