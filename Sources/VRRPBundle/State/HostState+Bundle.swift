internal import VRRPFacts
internal import VRRPWire

extension HostState {
    /// The multicast groups of VRRP (RFC 9568 sections 5.1.1.2 and 5.1.2.2).
    private static let groupsOfVRRP = Set(["224.0.0.18", "ff02::12"].compactMap { IPAddress(text: $0) })
    private static let mostAddresses = 256

    /// The state that a bundle tells of.
    init(_ bundle: RouterBundle) {
        self.init(interfaces: bundle.contents.interfaces)
        readAddresses(bundle.json(RouterBundle.Name.addresses))
        readGroups(bundle.json(RouterBundle.Name.groups))
        readSettings(bundle.texts[RouterBundle.Name.settings] ?? "")
        let texts = bundle.texts
        var counted = NetfilterRules(bundle.json(RouterBundle.Name.rules)).drops(
            since: NetfilterRules(bundle.json(RouterBundle.Name.earlierRules)),
            on: interfaces
        )
        for (program, after, before) in [
            ("iptables", RouterBundle.Name.iptables, RouterBundle.Name.earlierIPTables),
            ("ip6tables", RouterBundle.Name.ip6tables, RouterBundle.Name.earlierIP6Tables),
        ] {
            counted += IPTablesRules(texts[after] ?? "", program).drops(
                since: IPTablesRules(texts[before] ?? "", program)
            )
        }
        let sorted = counted.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            return (other.meanwhile ?? 0, other.packets ?? 0, left.offset) < (
                one.meanwhile ?? 0, one.packets ?? 0, right.offset
            )
        }
        drops = Array(sorted.map(\.element).prefix(Self.mostDrops))
    }

    /// Reads what `ip -j addr` printed.
    private mutating func readAddresses(_ node: JSONText?) {
        for interface in interfaces {
            for link in node?.elements ?? [] where link["ifname"]?.string == interface {
                if let mac = link["address"]?.string.flatMap(MACAddress.init(text:)) { macs.append(mac) }
                for entry in link["addr_info"]?.elements ?? [] where addresses.count < Self.mostAddresses {
                    guard let address = entry["local"]?.string.flatMap({ IPAddress(text: $0) }) else { continue }
                    addresses.append(address)
                    guard let length = entry["prefixlen"]?.integer, (0...128).contains(length) else { continue }
                    networks.append(Network(address, prefixLength: Int(length)))
                }
            }
        }
    }

    /// Reads what sysctl(8) printed, a setting a line; of `all` and the interface the larger number holds.
    private mutating func readSettings(_ text: String) {
        var filters: [Substring: Int] = [:]
        let (prefix, suffix) = ("net.ipv4.conf.", ".rp_filter")
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=").map { $0.filter { $0 != " " } }
            guard parts.count == 2, parts[0].hasPrefix(prefix), parts[0].hasSuffix(suffix) else { continue }
            filters[parts[0].dropFirst(prefix.count).dropLast(suffix.count)] = Int(parts[1])
        }
        strictInterfaces = interfaces.filter { interface in
            // sysctl writes a dot in the name of an interface as a slash.
            let own = filters[interface.replacing(".", with: "/")[...]] ?? filters[interface[...]]
            return own != nil && max(own ?? 0, filters["all"] ?? 0) == 1
        }
    }

    /// Reads what `ip -j maddr` printed.
    private mutating func readGroups(_ node: JSONText?) {
        guard let node else { return }
        var groups: Set<IPAddress> = []
        var joined: [String] = []
        for link in node.elements ?? [] {
            guard let name = link["ifname"]?.string else { continue }
            let own = (link["maddr"]?.elements ?? []).compactMap {
                $0["address"]?.string.flatMap { IPAddress(text: $0) }
            }
            if !Self.groupsOfVRRP.isDisjoint(with: own) { joined.append(name) }
            if interfaces.contains(name) { groups.formUnion(own) }
        }
        self.groups = groups
        self.joined = joined
    }
}

extension MACAddress {
    /// Reads six pairs of hexadecimal digits between colons; `nil` for anything else.
    init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { $0.count == 2 ? UInt8($0, radix: 16) : nil }
        guard parts.count == 6, bytes.count == 6 else { return nil }
        self.init(bits: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }
}
