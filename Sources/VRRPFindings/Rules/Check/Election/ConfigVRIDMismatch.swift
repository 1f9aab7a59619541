internal import VRRPConfiguration
internal import VRRPWire

/// One address under two VRIDs.
package enum ConfigVRIDMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-vrid-mismatch",
        .critical,
        .checkElection,
        summary: "one virtual address belongs to different VRIDs",
        meaning: "Routers of different VRIDs do not hear each other: both hold the address.",
        remedy: "Use the same virtual_router_id on all routers that share the address.",
        references: ["RFC 9568 section 5.2.3"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        var first: [IPAddress: ConfigurationSet.Member] = [:]
        var told: Set<[UInt8]> = []
        var findings: [ConfigurationFinding] = []
        for member in set.members where !member.instance.isShutDown && !member.instance.undecided.contains(.vrid) {
            guard let vrid = member.instance.vrid else { continue }
            for address in (member.instance.addresses + member.instance.excludedAddresses).map(\.address) {
                guard let other = first[address], let otherVRID = other.instance.vrid else {
                    first[address] = member
                    continue
                }
                guard otherVRID != vrid, told.insert([otherVRID, vrid]).inserted
                else { continue }
                findings.append(
                    ConfigurationFinding(
                        rule,
                        at: member.location(of: .vrid),
                        related: [other.location(of: .vrid)],
                        nodes: other.position == member.position ? [other.router] : [other.router, member.router],
                        summary: "\(address) has VRID \(otherVRID) on \(other.router) and VRID \(vrid) on "
                            + member.router
                    )
                )
            }
        }
        return findings
    }
}
