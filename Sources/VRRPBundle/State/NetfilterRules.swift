internal import VRRPFacts

/// The rules of nftables that drop advertisements, from the JSON that `nft -j list ruleset` prints (libnftables-json(5)).
struct NetfilterRules {
    private struct Chain: Hashable {
        var family: String
        var table: String
        var name: String

        init?(_ node: JSONText, name: String) {
            guard let family = node["family"]?.string, let table = node["table"]?.string, let chain = node[name]?.string
            else {
                return nil
            }
            (self.family, self.table, self.name) = (family, table, chain)
        }
    }

    private struct Rule {
        var chain: Chain
        var handle: UInt64
        var packets: UInt64?
        /// The name of the interface that it is for; `nil` for all.
        var interface: String?
    }

    /// The hook that packets reach a chain by, directly or by jumps.
    private var hooks: [Chain: String] = [:]
    private var drops: [Rule] = []
    /// The chains that drop what no rule accepts, where no rule accepts advertisements.
    private var closed: [Chain] = []

    init(_ node: JSONText?) {
        let items = node?["nftables"]?.elements ?? []
        var jumps: [(from: Chain, to: Chain)] = []
        var accepts: Set<Chain> = []
        var dropping: [Chain] = []
        for item in items {
            if let own = item["chain"], let chain = Chain(own, name: "name"), let hook = own["hook"]?.string {
                hooks[chain] = hook
                if own["policy"]?.string == "drop" { dropping.append(chain) }
            }
            guard let own = item["rule"], let chain = Chain(own, name: "chain") else { continue }
            let expressions = own["expr"]?.elements ?? []
            for expression in expressions {
                guard let target = (expression["jump"] ?? expression["goto"])?["target"]?.string else { continue }
                var other = chain
                other.name = target
                jumps.append((chain, other))
            }
            let isForVRRP = expressions.contains { Self.isForVRRP($0["match"]) }
            if expressions.contains(where: { $0["accept"] != nil }),
                isForVRRP || !expressions.contains(where: { $0["match"] != nil })
            {
                accepts.insert(chain)
            }
            guard isForVRRP, expressions.contains(where: { $0["drop"] != nil || $0["reject"] != nil }) else { continue }
            drops.append(
                Rule(
                    chain: chain,
                    handle: own["handle"]?.count ?? 0,
                    packets: expressions.lazy.compactMap { $0["counter"]?["packets"]?.count }.first,
                    interface: expressions.lazy.compactMap { Self.interface($0["match"]) }.first
                )
            )
        }
        // Jumps lead from base chains to others; each round goes one jump further, and nft forbids loops.
        for _ in 0..<16 {
            for jump in jumps { if let hook = hooks[jump.from], hooks[jump.to] == nil { hooks[jump.to] = hook } }
        }
        closed = dropping.filter { chain in
            !accepts.contains {
                $0 == chain || $0.table == chain.table && $0.family == chain.family && hooks[$0] == hooks[chain]
            }
        }
    }

    /// Whether a match names protocol 112 or a group of VRRP.
    private static func isForVRRP(_ match: JSONText?) -> Bool {
        guard let right = match?["right"], match?["op"]?.string != "!=" else { return false }
        let values = right["set"]?.elements ?? [right]
        return values.contains { value in
            value.count == 112
                || value.string.map { ["112", "vrrp", "carp", "224.0.0.18", "ff02::12"].contains($0) } ?? false
        }
    }

    private static func interface(_ match: JSONText?) -> String? {
        guard let key = match?["left"]?["meta"]?["key"]?.string, ["iif", "iifname", "oif", "oifname"].contains(key)
        else {
            return nil
        }
        return match?["right"]?.string
    }

    /// The counters of the rules.
    ///
    /// - Parameters:
    ///   - before: the same rules before packets were captured.
    ///   - interfaces: the interfaces that matter.
    /// - Returns: a counter for each rule, in their order.
    func drops(since before: Self, on interfaces: [String]) -> [HostState.Drop] {
        let counted = drops.filter { rule in rule.interface.map { interfaces.contains($0) } ?? true }.map { rule in
            let earlier = before.drops.first { $0.chain == rule.chain && $0.handle == rule.handle }?.packets
            return HostState.Drop(
                program: "nftables",
                place: "chain \(rule.chain.name) of table \(rule.chain.family) \(rule.chain.table)",
                isOutgoing: isOutgoing(rule.chain),
                packets: rule.packets,
                meanwhile: rule.packets.flatMap { now in earlier.flatMap { $0 <= now ? now - $0 : nil } }
            )
        }
        return counted
            + closed.map { chain in
                HostState.Drop(
                    program: "nftables",
                    place:
                        "chain \(chain.name) of table \(chain.family) \(chain.table), which drops what no rule accepts",
                    isOutgoing: isOutgoing(chain),
                    packets: nil
                )
            }
    }

    private func isOutgoing(_ chain: Chain) -> Bool {
        ["output", "postrouting", "egress"].contains(hooks[chain] ?? chain.name.lowercased())
    }
}

/// The rules of iptables and ip6tables that drop advertisements, from what `iptables-save -c` prints.
struct IPTablesRules {
    private let program: String
    /// The rules with their counters, and the chain that each is in.
    private var drops: [(table: String, chain: String, rule: Substring, packets: UInt64?)] = []
    /// The chains that chains of the kernel lead to.
    private var parents: [String: String] = [:]

    init(_ text: String, _ program: String) {
        self.program = program
        var table = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("*") { table = String(line.dropFirst()) }
            let words = line.split(separator: " ")
            guard words.count > 3, words[0].hasPrefix("["), words[1] == "-A" else { continue }
            let chain = String(words[2])
            guard let jump = words.firstIndex(of: "-j") ?? words.firstIndex(of: "-g"), jump + 1 < words.count else {
                continue
            }
            let target = String(words[jump + 1])
            guard target == "DROP" || target == "REJECT" else {
                if parents[target] == nil { parents[target] = chain }
                continue
            }
            let isForVRRP = zip(words, words.dropFirst()).contains { option, value in
                option == "-p" && (value == "112" || value == "vrrp")
                    || option == "-d" && (value.hasPrefix("224.0.0.18") || value.hasPrefix("ff02::12"))
            }
            guard isForVRRP else { continue }
            let packets = words[0].dropFirst().prefix { $0 != ":" }
            drops.append((table, chain, line[words[1].startIndex...], UInt64(packets)))
        }
    }

    /// The counters of the rules, given the same rules before packets were captured.
    func drops(since before: Self) -> [HostState.Drop] {
        drops.map { drop in
            let earlier = before.drops.first { $0.table == drop.table && $0.rule == drop.rule }?.packets
            return HostState.Drop(
                program: program,
                place: "chain \(drop.chain) of table \(drop.table)",
                isOutgoing: isOutgoing(drop.chain),
                packets: drop.packets,
                meanwhile: drop.packets.flatMap { now in earlier.flatMap { $0 <= now ? now - $0 : nil } }
            )
        }
    }

    private func isOutgoing(_ chain: String) -> Bool {
        var chain = chain
        for _ in 0..<16 {
            guard let parent = parents[chain] else { break }
            chain = parent
        }
        return chain == "OUTPUT" || chain == "POSTROUTING"
    }
}

extension JSONText {
    /// A count that is not negative.
    fileprivate var count: UInt64? { integer.flatMap { UInt64(exactly: $0) } }
}
