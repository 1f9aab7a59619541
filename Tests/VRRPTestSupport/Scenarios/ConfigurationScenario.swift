import VRRPConfiguration
import VRRPFindings
import VRRPWire

/// Files and questions about them, as text.
///
///     file r1.conf                  begins a file, whose lines follow, a bar before each
///     | vrrp_instance VI_1 {
///     read r1.conf                  the instances of a file and what the reader complains about
///     read r1.conf@main             the same with a config-id
///     check r1.conf r2.conf         what is wrong with them
package struct ConfigurationScenario {
    private var files: [(path: String, lines: [Substring])] = []
    private var questions: [(word: String, arguments: [String])] = []

    package init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("|") {
                files[files.count - 1].lines.append(
                    line.dropFirst().hasPrefix(" ") ? line.dropFirst(2) : line.dropFirst()
                )
                continue
            }
            let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
            guard let word = words.first else { continue }
            if word == "file" {
                files.append((words[1], []))
            } else {
                questions.append((word, Array(words.dropFirst())))
            }
        }
    }

    package func answers() throws -> String {
        try questions.map { try answer($0.word, $0.arguments) }.joined(separator: "\n")
    }

    private func answer(_ word: String, _ arguments: [String]) throws -> String {
        var routers = try arguments.map { try read($0) }
        ConfigurationReader.distinguish(&routers)
        let lines: [String]
        switch word {
        case "read": lines = routers.flatMap { Self.describe($0) }
        case "check":
            lines = Catalogue.findings(in: routers).map { finding in
                let related = finding.related.map { " +\($0)" }.joined()
                return
                    "\(finding.location)\(related) \(finding.severity.rawValue) \(finding.rule.id): \(finding.summary)"
            }
        default: lines = ["'\(word)' is no question"]
        }
        return lines.isEmpty ? "nothing" : lines.joined(separator: "\n")
    }

    private func read(_ argument: String) throws -> RouterConfiguration {
        let parts = argument.split(separator: "@").map(String.init)
        let texts = ConfigurationTexts(
            Dictionary(files.map { ($0.path, $0.lines.joined(separator: "\n")) }) { first, _ in first }
        )
        return try ConfigurationReader.read(parts[0], configID: parts.count > 1 ? parts[1] : nil, from: texts)
    }

    private static func describe(_ router: RouterConfiguration) -> [String] {
        var lines = ["\(router.name) \(router.dialect.rawValue)"]
        lines += router.instances.map { "  " + describe($0) }
        lines += router.syncGroups.map { "  group \($0.name): \($0.members.joined(separator: " "))" }
        lines += router.unknown.map { "  unknown \($0.location) \($0.keyword)" + ($0.block.map { " in \($0)" } ?? "") }
        lines += router.problems.map { "  \($0.kind) \($0.location): \($0.message)" }
        return lines
    }

    /// Returns a description of the instance with the options that differ from the defaults.
    private static func describe(_ instance: InstanceConfiguration) -> String {
        var words = ["\(instance.name) \(instance.location)", instance.family.rawValue]
        words.append("vrid \(instance.vrid.map { "\($0)" } ?? "-") v\(instance.version)")
        if let interface = instance.interface { words.append("on \(interface)") }
        let range = instance.priorityRange
        words.append(
            "priority \(instance.priority)" + (range.count > 1 ? " (\(range.lowerBound)…\(range.upperBound))" : "")
        )
        words.append("every \(instance.interval.nanoseconds / 1_000_000) ms")
        func addresses(_ name: String, _ list: [ConfiguredAddress]) {
            guard !list.isEmpty else { return }
            let texts = list.map { address in
                "\(address.address)" + (address.prefixLength.map { "/\($0)" } ?? "")
                    + (address.device.map { "%\($0)" } ?? "")
            }
            words.append("\(name) " + texts.joined(separator: ","))
        }
        addresses("addresses", instance.addresses)
        addresses("excluded", instance.excludedAddresses)
        if instance.authentication != .none { words.append("authentication \(instance.authentication.kind.rawValue)") }
        if let password = instance.authentication.password { words.append("(\(password.length) characters)") }
        switch instance.delivery {
        case .multicast(nil): break
        case .multicast(let group?): words.append("multicast \(group)")
        case .unicast(let peers): words.append("unicast " + peers.map(\.description).joined(separator: ","))
        }
        if let source = instance.source { words.append("source \(source)") }
        if let ttl = instance.ttl { words.append("ttl \(ttl)") }
        if let checksum = instance.checksum { words.append("checksum \(checksum.rawValue)") }
        if instance.startsAsMaster { words.append("state-master") }
        if !instance.preempts { words.append("nopreempt") }
        if instance.preemptDelay > .zero {
            words.append("preempt-delay \(instance.preemptDelay.nanoseconds / 1_000_000) ms")
        }
        if instance.downTimerAdverts != 3 { words.append("down-timer \(instance.downTimerAdverts)") }
        if instance.usesVirtualMAC { words.append("vmac") }
        if instance.isStrict { words.append("strict") }
        if instance.isShutDown { words.append("shutdown") }
        if let group = instance.syncGroup { words.append("group \(group)") }
        words += instance.tracked.map { "[\($0.words)]" }
        if !instance.undecided.isEmpty {
            words.append("undecided " + instance.undecided.map(\.rawValue).sorted().joined(separator: ","))
        }
        return words.joined(separator: " ")
    }
}
