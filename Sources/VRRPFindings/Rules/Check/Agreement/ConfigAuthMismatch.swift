internal import VRRPConfiguration

/// Other authentication.
package enum ConfigAuthMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-auth-mismatch",
        .critical,
        .checkAgreement,
        summary: "routers of one VRID authenticate differently",
        meaning: "Each discards what the other sends, and both are master.",
        remedy: "Make auth_type and the first eight characters of auth_pass equal on all routers of the VRID.",
        references: ["RFC 2338 section 5.3.6", "keepalived, vrrp_check_packet in vrrp.c"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .authentication) { a, b in
            // Across versions that mismatch says it all.
            let (left, right) = (a.instance.authentication, b.instance.authentication)
            guard left != right, a.instance.version == b.instance.version else { return nil }
            return left.kind == right.kind
                ? "\(left.words) with different passwords" : words(a, left.words, b, right.words)
        }
    }
}

extension ConfiguredAuthentication {
    fileprivate var words: String {
        switch self {
        case .none: "no authentication"
        case .simpleText: "auth_type PASS"
        case .ah: "auth_type AH"
        case .hmac: "auth_hmac"
        }
    }
}
