internal import VRRPFacts
internal import VRRPWire

/// The states that keepalived writes to `/tmp/keepalived.json` at SIGRTMIN+2 (vrrp_json.c), and FRR to `show vrrp json`
/// (`vrrp_build_json` in vrrp_vty.c).
enum StateDump {
    /// The statements of a dump.
    ///
    /// - Parameters:
    ///   - text: the dump.
    ///   - written: the time at which it was written, where that is known.
    /// - Returns: the form and the statements; `nil` where the text is no dump of either.
    static func read(_ text: JSONText, written: Stamp?) -> (form: Testimony.Form, statements: [Statement])? {
        let instances = (text["vrrp"] ?? text).elements ?? [text]
        if instances.contains(where: { $0["data"]?["iname"] != nil }) {
            return (.keepalivedDump, instances.enumerated().flatMap { keepalived($1, number: $0 + 1, written) })
        }
        if instances.contains(where: { $0["vrid"] != nil && ($0["v4"] != nil || $0["v6"] != nil) }) {
            return (.frrDump, instances.enumerated().flatMap { frr($1, number: $0 + 1, written) })
        }
        return nil
    }

    // MARK: keepalived

    /// States by their numbers in vrrp.h.
    private static let states: [Int64: (Statement.Kind, String)] = [
        0: (.initialize, "INIT"), 1: (.backup, "BACKUP"), 2: (.master, "MASTER"), 3: (.fault, "FAULT"),
        98: (.stopped, "STOP"),
    ]

    /// The state as of its last change, and as of the dump where its time is known.
    private static func keepalived(_ instance: JSONText, number: Int, _ written: Stamp?) -> [Statement] {
        guard let data = instance["data"], let state = data["state"]?.integer, let (kind, name) = states[state] else {
            return []
        }
        let change = data["last_transition"]?.text.flatMap(stamp)
        var stamps: [(Stamp?, String)] = [(change, "state \(name) since its last transition")]
        if let written, change == nil || written.clock > change?.clock ?? .zero {
            stamps.append((written, "state \(name)"))
        }
        return stamps.map { stamp, text in
            var statement = Statement(line: number, stamp: stamp, kind: kind, text: text)
            statement.instance = data["iname"]?.string
            statement.vrid = data["vrid"]?.integer.flatMap { UInt8(exactly: $0) }
            statement.family = family(of: data["vips"])
            return statement
        }
    }

    /// `1795345479.728129` as seconds since 1970.
    private static func stamp(_ text: String) -> Stamp? {
        let (stamp, _) = StampReader.read(Array((text + " ").utf8)[...])
        return stamp
    }

    private static func family(of addresses: JSONText?) -> AddressFamily? {
        guard let first = addresses?.elements?.first?.string else { return nil }
        return first.utf8.prefix { $0 != UInt8(ascii: " ") }.contains(UInt8(ascii: ":")) ? .ipv6 : .ipv4
    }

    // MARK: FRR

    private static let words: [String: Statement.Kind] = [
        "Master": .master, "Backup": .backup, "Initialize": .initialize,
    ]

    private static func frr(_ instance: JSONText, number: Int, _ written: Stamp?) -> [Statement] {
        [("v4", AddressFamily.ipv4), ("v6", .ipv6)].compactMap { member, family in
            guard let router = instance[member], let status = router["status"]?.string, let kind = words[status],
                router["addresses"]?.elements?.isEmpty != true
            else { return nil }
            var statement = Statement(line: number, stamp: written, kind: kind, text: "status \(status)")
            statement.vrid = instance["vrid"]?.integer.flatMap { UInt8(exactly: $0) }
            statement.family = family
            statement.address = router["primaryAddress"]?.string.flatMap { IPAddress(text: $0) }
            return statement
        }
    }
}
